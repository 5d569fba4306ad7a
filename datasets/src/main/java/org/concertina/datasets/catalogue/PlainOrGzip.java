package org.concertina.datasets.catalogue;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.zip.GZIPInputStream;

/** Files that may lie there as gzip under their name with {@code .gz}. */
final class PlainOrGzip {
  private static final int BUFFER_BYTES = 1 << 16;

  private PlainOrGzip() {}

  /** The file of that name, plain or with {@code .gz}. */
  static Optional<Path> find(Path folder, String name) {
    Path plain = folder.resolve(name);
    if (Files.isRegularFile(plain)) {
      return Optional.of(plain);
    }
    return Optional.of(folder.resolve(name + ".gz")).filter(Files::isRegularFile);
  }

  static boolean isGzip(Path file) {
    return file.toString().endsWith(".gz");
  }

  /** The content; the caller closes it. */
  static InputStream open(Path file) throws IOException {
    InputStream in = new BufferedInputStream(Files.newInputStream(file), BUFFER_BYTES);
    if (!isGzip(file)) {
      return in;
    }
    try {
      return new GZIPInputStream(in, BUFFER_BYTES);
    } catch (IOException e) {
      in.close();
      throw new FetchException(file + ": is no gzip file", e);
    }
  }
}
