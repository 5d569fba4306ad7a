package org.concertina.interaction;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/** Finds a split's file and parses it, unpacking gzip if its content says so. */
final class SplitFile {
  private static final int BUFFER_BYTES = 1 << 16;
  private static final int GZIP_MAGIC = 0x8b1f;

  private SplitFile() {}

  /**
   * The split's file, {@code name.txt} or {@code name.txt.gz}.
   *
   * @throws InteractionFormatException if there are both, or it is a directory
   */
  static Optional<Path> find(Path directory, String name) throws InteractionFormatException {
    Path plain = directory.resolve(name + ".txt");
    Path packed = directory.resolve(name + ".txt.gz");
    boolean isPacked = Files.exists(packed);
    if (isPacked && Files.exists(plain)) {
      throw new InteractionFormatException(
          plain, 0, "there is also " + packed.getFileName(), "remove one of the two");
    }
    Path file = isPacked ? packed : plain;
    if (Files.isDirectory(file)) {
      throw new InteractionFormatException(
          file, 0, "is a directory", "put a text file or gzip of it there");
    }
    return Files.exists(file) ? Optional.of(file) : Optional.empty();
  }

  /**
   * Parses the file into {@code pairs}.
   *
   * @throws InteractionFormatException if it is not well-formed or has no interactions
   * @throws IOException if it cannot be read
   */
  static void parse(Path file, PairBuffer pairs) throws IOException {
    SplitParser parser = null;
    long bytes;
    try (InputStream input = open(file)) {
      parser = new SplitParser(file, input, pairs);
      bytes = parser.parse();
    } catch (EOFException e) {
      throw damaged(file, parser, "the gzip data ends too early", e);
    } catch (ZipException e) {
      throw damaged(file, parser, "the gzip data is damaged (" + e.getMessage() + ")", e);
    }
    if (pairs.size() == 0) {
      throw new InteractionFormatException(
          file,
          0,
          bytes == 0 ? "the file is empty" : "the file has no interactions",
          "give lines \"user item item ...\" or, unless it is for training, remove the file");
    }
  }

  private static InteractionFormatException damaged(
      Path file, SplitParser parser, String problem, IOException cause) {
    return new InteractionFormatException(
        file,
        parser == null ? 0 : parser.line(),
        problem,
        "copy or download the file again",
        cause);
  }

  private static InputStream open(Path file) throws IOException {
    InputStream raw = new BufferedInputStream(Files.newInputStream(file), BUFFER_BYTES);
    try {
      raw.mark(2);
      int first = raw.read();
      int second = raw.read();
      raw.reset();
      boolean packed = second >= 0 && (first | second << Byte.SIZE) == GZIP_MAGIC;
      return packed ? new GZIPInputStream(raw, BUFFER_BYTES) : raw;
    } catch (IOException e) {
      raw.close();
      throw e;
    }
  }
}
