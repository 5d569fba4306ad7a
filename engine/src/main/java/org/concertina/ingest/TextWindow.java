package org.concertina.ingest;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.IntConsumer;
import java.util.zip.ZipException;
import org.concertina.interaction.InteractionFormatException;

/**
 * The text of one file, seen through a buffer that holds at least the record that is being parsed.
 *
 * <p>Gzip and zstd are unpacked, told by content; a UTF-8 byte order mark is skipped. The buffer
 * grows with the record up to {@link #MAX_RECORD_BYTES}. Not thread-safe.
 */
final class TextWindow implements AutoCloseable {
  /** The longest record of a table or of JSON lines. */
  static final int MAX_RECORD_BYTES = 1 << 20;

  private static final int FIRST_BUFFER_BYTES = 1 << 16;

  /** The buffer; changes when it grows. */
  byte[] bytes = new byte[FIRST_BUFFER_BYTES];

  /** Where the record begins. */
  int position;

  /** End of what has been read. */
  int limit;

  /** Number of the line that the record begins in, from 1. */
  long line = 1;

  private final Path file;
  private final InputStream input;
  private boolean exhausted;
  private long discardedBytes;

  private TextWindow(Path file, InputStream input) {
    this.file = file;
    this.input = input;
  }

  /**
   * Opens a file and reads its first bytes; the caller closes the window.
   *
   * @param onBytes told how many bytes of the file have been read, again and again
   */
  static TextWindow open(Path file, IntConsumer onBytes) throws IOException {
    if (Files.isDirectory(file)) {
      throw new InteractionFormatException(file, 0, "is a directory", "name the files in it");
    }
    return open(file, UnpackedText.counted(Files.newInputStream(file), onBytes));
  }

  /** A window on a stream, which is closed with it. */
  static TextWindow open(Path file, InputStream raw) throws IOException {
    try {
      TextWindow window = new TextWindow(file, UnpackedText.of(file, raw));
      window.more();
      window.skipByteOrderMark();
      return window;
    } catch (IOException | RuntimeException e) {
      raw.close();
      throw e;
    }
  }

  private void skipByteOrderMark() throws InteractionFormatException {
    if (limit >= 2 && (bytes[0] & 0xff) + (bytes[1] & 0xff) == 0xff + 0xfe && bytes[0] < 0) {
      throw new InteractionFormatException(
          file, 1, "is UTF-16 text", "convert it to UTF-8, for example by iconv");
    }
    if (limit >= 3
        && bytes[0] == (byte) 0xef
        && bytes[1] == (byte) 0xbb
        && bytes[2] == (byte) 0xbf) {
      position = 3;
    }
  }

  Path file() {
    return file;
  }

  /** Whether there is nothing behind {@link #limit}. */
  boolean exhausted() {
    return exhausted;
  }

  /** Bytes of text before {@link #position}. */
  long consumedBytes() {
    return discardedBytes + position;
  }

  /**
   * Moves the record to the front and fills the rest of the buffer, which grows if the record fills
   * it; afterwards there are more bytes or the text is exhausted.
   *
   * @throws InteractionFormatException if the record is too long or the packed data is damaged
   */
  void more() throws IOException {
    int kept = limit - position;
    if (kept == bytes.length) {
      if (kept >= MAX_RECORD_BYTES) {
        throw fault(
            "is longer than " + MAX_RECORD_BYTES + " bytes", "end the line, or close its quotes");
      }
      bytes = Arrays.copyOf(bytes, 2 * kept);
    } else {
      System.arraycopy(bytes, position, bytes, 0, kept);
      discardedBytes += position;
      position = 0;
    }
    limit = kept;
    try {
      fill();
    } catch (EOFException | ZipException e) {
      throw damaged(e);
    }
  }

  private void fill() throws IOException {
    while (limit < bytes.length) {
      int read = input.read(bytes, limit, bytes.length - limit);
      if (read < 0) {
        exhausted = true;
        return;
      }
      limit += read;
    }
  }

  /** What to say when the packed data cannot be unpacked any further. */
  InteractionFormatException damaged(IOException cause) {
    return UnpackedText.damaged(file, line, "compressed", cause);
  }

  /**
   * What is left as a stream, for a parser with a buffer of its own; damage is thrown as {@link
   * ZipException} or {@link EOFException}.
   */
  InputStream rest() {
    return new InputStream() {
      @Override
      public int read() {
        throw new UnsupportedOperationException("bulk reads only");
      }

      @Override
      public int read(byte[] target, int offset, int length) throws IOException {
        if (position == limit) {
          discardedBytes += position;
          position = 0;
          limit = 0;
          if (!exhausted) {
            fill();
          }
          if (limit == 0) {
            return -1;
          }
        }
        int count = Math.min(length, limit - position);
        System.arraycopy(bytes, position, target, offset, count);
        position += count;
        return count;
      }
    };
  }

  InteractionFormatException fault(String problem, String remedy) {
    return new InteractionFormatException(file, line, problem, remedy);
  }

  /** A piece of the buffer for a message: at most 32 bytes, unprintable ones escaped. */
  String shown(int begin, int end) {
    return shown(bytes, begin, end);
  }

  static String shown(byte[] bytes, int begin, int end) {
    int shownEnd = Math.min(end, begin + 32);
    StringBuilder text = new StringBuilder("\"");
    for (byte value : Arrays.copyOfRange(bytes, begin, shownEnd)) {
      if (value >= ' ' && value < 0x7f) {
        text.append((char) value);
      } else {
        text.append("\\x%02x".formatted(value & 0xff));
      }
    }
    return text.append(shownEnd < end ? "...\"" : "\"").toString();
  }

  /** The bytes as text, for header names. */
  String text(int begin, int end) {
    return new String(bytes, begin, end - begin, StandardCharsets.UTF_8);
  }

  @Override
  public void close() throws IOException {
    input.close();
  }
}
