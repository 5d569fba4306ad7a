package org.concertina.artifact;

import static org.concertina.artifact.ArtifactFormat.INT;
import static org.concertina.artifact.ArtifactFormat.LONG;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.BitSet;
import org.concertina.block.Groups;
import org.concertina.block.IdBytes;
import org.concertina.block.RowOrder;

/**
 * Writes the external ids of all rows as one Elias-Fano sequence a group; the package's description
 * has the bytes. Rows are those of items, or of users.
 *
 * <p>Stateless. Encoding is linear in the rows.
 *
 * @see IdView
 */
public final class IdCodec {
  static final int GROUP_HEADER_BYTES = 8;
  private static final int WORD_SHIFT = 6;

  private IdCodec() {}

  /**
   * Exact bytes of the id section of an artifact without dropped groups, before its padding.
   *
   * @see #bytes
   */
  public static long encodedBytes(RowOrder order, int[] ids) {
    return bytes(order, ids).allBytes();
  }

  /**
   * What the id section takes, group by group.
   *
   * @param order rows of a group by ascending id
   * @param ids external id of every item, by item index; all different
   * @throws IllegalArgumentException if the rows of a group are not in ascending order of these ids
   */
  public static IdBytes bytes(RowOrder order, int[] ids) {
    checkIds(order, ids);
    Groups groups = order.groups();
    long[] ofGroups = new long[groups.count()];
    for (int g = 0; g < ofGroups.length; g++) {
      ofGroups[g] = groupBytes(groups.size(g), span(order, ids, g));
    }
    return IdBytes.ofGroups((long) groups.count() * GROUP_HEADER_BYTES, ofGroups);
  }

  /**
   * Writes the id section.
   *
   * @param dropped groups whose ids are left out
   * @param section zeroed, at least what {@link #bytes} says from the offset on
   */
  public static void encode(
      RowOrder order, int[] ids, BitSet dropped, MemorySegment section, long offsetBytes) {
    checkIds(order, ids);
    Groups groups = order.groups();
    long at = offsetBytes + (long) groups.count() * GROUP_HEADER_BYTES;
    for (int g = dropped.nextClearBit(0); g < groups.count(); g = dropped.nextClearBit(g + 1)) {
      long header = offsetBytes + (long) g * GROUP_HEADER_BYTES;
      int first = ids[order.itemAtRow(groups.start(g))];
      section.set(INT, header, first);
      section.set(INT, header + Integer.BYTES, ids[order.itemAtRow(groups.end(g) - 1)]);
      int n = groups.size(g);
      long span = span(order, ids, g);
      int width = lowerBits(n, span);
      long upperAt = at + lowerBytes(n, span);
      for (int i = 0; i < n; i++) {
        long delta = (long) ids[order.itemAtRow(groups.start(g) + i)] - first;
        putBits(section, at, (long) i * width, delta & ((1L << width) - 1), width);
        putBits(section, upperAt, (delta >>> width) + i, 1, 1);
      }
      at += groupBytes(n, span);
    }
  }

  private static void checkIds(RowOrder order, int[] ids) {
    Groups groups = order.groups();
    if (ids.length != groups.items()) {
      throw new IllegalArgumentException("ids: expected " + groups.items() + ", got " + ids.length);
    }
    for (int g = 0; g < groups.count(); g++) {
      for (int row = groups.start(g) + 1; row < groups.end(g); row++) {
        int before = ids[order.itemAtRow(row - 1)];
        int id = ids[order.itemAtRow(row)];
        if (id <= before) {
          throw new IllegalArgumentException(
              "ids: expected ascending within a group, got %d before %d in row %d"
                  .formatted(before, id, row));
        }
      }
    }
    int[] sorted = ids.clone();
    Arrays.sort(sorted);
    for (int i = 1; i < sorted.length; i++) {
      if (sorted[i] == sorted[i - 1]) {
        throw new IllegalArgumentException(
            "ids: expected all different, got " + sorted[i] + " twice");
      }
    }
  }

  private static long span(RowOrder order, int[] ids, int group) {
    Groups groups = order.groups();
    return (long) ids[order.itemAtRow(groups.end(group) - 1)]
        - ids[order.itemAtRow(groups.start(group))];
  }

  private static void putBits(
      MemorySegment words, long baseBytes, long bit, long value, int width) {
    if (width == 0) {
      return;
    }
    long at = baseBytes + (bit >>> WORD_SHIFT) * Long.BYTES;
    int shift = (int) (bit & (Long.SIZE - 1));
    words.set(LONG, at, words.get(LONG, at) | value << shift);
    if (shift + width > Long.SIZE) {
      long next = words.get(LONG, at + Long.BYTES) | value >>> (Long.SIZE - shift);
      words.set(LONG, at + Long.BYTES, next);
    }
  }

  /** Low bits of each of {@code n} ids whose last minus first is {@code span}. */
  static int lowerBits(int n, long span) {
    return span < n ? 0 : Long.SIZE - 1 - Long.numberOfLeadingZeros(span / n);
  }

  static long lowerBytes(int n, long span) {
    return words((long) n * lowerBits(n, span)) * Long.BYTES;
  }

  static long upperBits(int n, long span) {
    return n + (span >>> lowerBits(n, span));
  }

  static long groupBytes(int n, long span) {
    return lowerBytes(n, span) + words(upperBits(n, span)) * Long.BYTES;
  }

  private static long words(long bits) {
    return (bits + Long.SIZE - 1) >>> WORD_SHIFT;
  }
}
