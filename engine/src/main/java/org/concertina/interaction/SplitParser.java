package org.concertina.interaction;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;

/**
 * Parses the lines {@code user item item ...} of a stream of bytes.
 *
 * <p>Lines end in LF, CRLF, CR or the end of the file; ids are decimal numbers between spaces or
 * tabs; blank lines count for nothing. Works on one fixed buffer whatever the file's size. Not
 * thread-safe.
 */
public final class SplitParser {
  /** The largest id, so that a count of ids still fits an int. */
  public static final int MAX_ID = Integer.MAX_VALUE - 1;

  /** The longest line, some two million ids: a file without line ends is no list of users. */
  public static final long MAX_LINE_BYTES = 1L << 24;

  private static final int BUFFER_BYTES = 1 << 17;
  private static final int LOOKAHEAD_BYTES = 64;
  private static final int MAX_TOKEN_BYTES = 32;
  private static final String FORM = "write one line a user, \"user item item ...\", with ids ";
  private static final String RANGE = "from 0 to " + MAX_ID;

  private final Path file;
  private final InputStream input;
  private final Sink sink;
  private final byte[] buffer = new byte[BUFFER_BYTES];
  private int position;
  private int limit;
  private boolean exhausted;
  private long bufferOffsetBytes;
  private long lineOffsetBytes;
  private long line = 1;

  /** Where the ids go. */
  public interface Sink {
    /** Begins a line; items may follow. */
    void beginLine(int userId);

    /** Adds an item of the user that began the line. */
    void addItem(int itemId);
  }

  /**
   * A parser of one stream.
   *
   * @param file named in errors
   * @param input text, unpacked; the caller closes it
   */
  public SplitParser(Path file, InputStream input, Sink sink) {
    this.file = file;
    this.input = input;
    this.sink = sink;
  }

  /** Number of the line that is being parsed, from 1. */
  public long line() {
    return line;
  }

  /**
   * Parses to the end and returns the number of bytes.
   *
   * @throws InteractionFormatException if a token is no id or a line is too long
   */
  public long parse() throws IOException {
    boolean inLine = false;
    while (true) {
      if (limit - position < LOOKAHEAD_BYTES && !exhausted) {
        refill();
      }
      if (position == limit) {
        return bufferOffsetBytes + limit;
      }
      byte next = buffer[position];
      if (next == ' ' || next == '\t') {
        position++;
      } else if (next == '\n' || next == '\r') {
        endLine(next);
        inLine = false;
      } else if (inLine) {
        sink.addItem(parseId());
      } else {
        sink.beginLine(parseId());
        inLine = true;
      }
    }
  }

  private void endLine(byte terminator) {
    position++;
    if (terminator == '\r' && position < limit && buffer[position] == '\n') {
      position++;
    }
    line++;
    lineOffsetBytes = bufferOffsetBytes + position;
  }

  private int parseId() throws InteractionFormatException {
    int end = position;
    long id = 0;
    while (end < limit) {
      int digit = buffer[end] - '0';
      if (digit < 0 || digit > 9) {
        break;
      }
      id = id * 10 + digit;
      if (id > MAX_ID || end - position >= MAX_TOKEN_BYTES) {
        throw badToken();
      }
      end++;
    }
    if (end == position || (end < limit && !isSeparator(buffer[end]))) {
      throw badToken();
    }
    position = end;
    return (int) id;
  }

  private InteractionFormatException badToken() {
    int end = position;
    boolean hasNul = false;
    boolean digitsOnly = true;
    while (end < limit && end - position < LOOKAHEAD_BYTES && !isSeparator(buffer[end])) {
      hasNul |= buffer[end] == 0;
      digitsOnly &= buffer[end] >= '0' && buffer[end] <= '9';
      end++;
    }
    long column = bufferOffsetBytes + position - lineOffsetBytes + 1;
    String token = "column " + column + ": \"" + shown(end) + "\" ";
    if (hasNul) {
      return new InteractionFormatException(
          file,
          line,
          token + "has a NUL byte, so the file is not text",
          "give plain ASCII or UTF-8 text, or gzip of it");
    }
    if (digitsOnly) {
      return new InteractionFormatException(
          file, line, token + "is too large for an id", "renumber the ids " + RANGE);
    }
    boolean negative =
        buffer[position] == '-' && end - position > 1 && Character.isDigit(buffer[position + 1]);
    return new InteractionFormatException(
        file, line, token + (negative ? "is negative" : "is not a number"), FORM + RANGE);
  }

  private String shown(int end) {
    int shownEnd = Math.min(end, position + MAX_TOKEN_BYTES);
    StringBuilder text = new StringBuilder();
    for (int i = position; i < shownEnd; i++) {
      int unit = buffer[i] & 0xff;
      if (unit >= ' ' && unit < 0x7f) {
        text.append((char) unit);
      } else {
        text.append(String.format("\\x%02x", unit));
      }
    }
    return shownEnd < end ? text.append("...").toString() : text.toString();
  }

  private static boolean isSeparator(byte value) {
    return value == ' ' || value == '\t' || value == '\n' || value == '\r';
  }

  private void refill() throws IOException {
    if (bufferOffsetBytes + position - lineOffsetBytes > MAX_LINE_BYTES) {
      throw new InteractionFormatException(
          file, line, "is longer than " + MAX_LINE_BYTES + " bytes", FORM + RANGE);
    }
    System.arraycopy(buffer, position, buffer, 0, limit - position);
    bufferOffsetBytes += position;
    limit -= position;
    position = 0;
    while (limit < LOOKAHEAD_BYTES) {
      int read = input.read(buffer, limit, buffer.length - limit);
      if (read < 0) {
        exhausted = true;
        return;
      }
      limit += read;
    }
  }
}
