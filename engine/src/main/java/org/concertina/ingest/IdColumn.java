package org.concertina.ingest;

import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.concertina.interaction.SplitParser;
import org.concertina.memory.CappedArena;

/**
 * Gives the ids of a column dense indices in the order in which they first appear.
 *
 * <p>As long as every id is a plain decimal number from 0 to 2147483646, without leading zeros, ids
 * are kept as numbers; with the first that is not, all become names. So "7" and "07" are different
 * ids. Looking an id up allocates nothing. Not thread-safe.
 */
final class IdColumn {
  private static final int UNKNOWN = -1;

  private final CappedArena arena;
  private NumberIndex numbers = new NumberIndex();
  private int lastNumber = -1;
  private int lastIndex;
  private NamePool names;

  /**
   * A column.
   *
   * @param arena owner of the names
   */
  IdColumn(CappedArena arena) {
    this.arena = arena;
  }

  int size() {
    return names == null ? numbers.size() : names.size();
  }

  /** The names, or null as long as all ids are numbers. */
  NamePool names() {
    return names;
  }

  /** The number of an index; only while there are no names. */
  int number(int index) {
    return numbers.number(index);
  }

  /** The id of an index as text. */
  String text(int index) {
    return names == null
        ? Integer.toString(numbers.number(index))
        : new String(names.name(index).toArray(ValueLayout.JAVA_BYTE), StandardCharsets.UTF_8);
  }

  /** Index of an id, or -1 if its bytes are not UTF-8. */
  int indexOf(byte[] b, int begin, int end) {
    if (names == null) {
      int number = plainNumber(b, begin, end);
      if (number >= 0) {
        return indexOfNumber(number);
      }
      if (!isUtf8(b, begin, end)) {
        return UNKNOWN;
      }
      becomeNames();
    } else if (!isUtf8(b, begin, end)) {
      return UNKNOWN;
    }
    return names.indexOf(b, begin, end);
  }

  /** Index of a number. */
  int indexOf(int number) {
    if (names == null) {
      return indexOfNumber(number);
    }
    byte[] text = Integer.toString(number).getBytes(StandardCharsets.US_ASCII);
    return names.indexOf(text, 0, text.length);
  }

  private int indexOfNumber(int number) {
    if (number == lastNumber) {
      return lastIndex;
    }
    lastNumber = number;
    lastIndex = numbers.indexOf(number);
    return lastIndex;
  }

  private void becomeNames() {
    names = new NamePool(arena);
    for (int index = 0; index < numbers.size(); index++) {
      byte[] text = Integer.toString(numbers.number(index)).getBytes(StandardCharsets.US_ASCII);
      names.indexOf(text, 0, text.length);
    }
    numbers = null;
  }

  /** The number that the text is the only way to write, or -1. */
  static int plainNumber(byte[] text) {
    return plainNumber(text, 0, text.length);
  }

  private static int plainNumber(byte[] b, int begin, int end) {
    if (end - begin > 10 || begin == end || (b[begin] == '0' && end - begin > 1)) {
      return UNKNOWN;
    }
    long number = 0;
    for (int at = begin; at < end; at++) {
      int digit = b[at] - '0';
      if (digit < 0 || digit > 9) {
        return UNKNOWN;
      }
      number = 10 * number + digit;
    }
    return number <= SplitParser.MAX_ID ? (int) number : UNKNOWN;
  }

  private static boolean isUtf8(byte[] b, int begin, int end) {
    int at = begin;
    while (at < end && b[at] >= 0) {
      at++;
    }
    if (at == end) {
      return true;
    }
    try {
      StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(b, begin, end - begin));
      return true;
    } catch (CharacterCodingException malformed) {
      return false;
    }
  }
}
