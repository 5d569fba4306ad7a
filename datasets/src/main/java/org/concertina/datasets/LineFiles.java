package org.concertina.datasets;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.UUID;
import java.util.zip.GZIPOutputStream;

/** Writes rows as gzip of lines {@code user item item ...}. */
final class LineFiles {
  private static final int BUFFER_BYTES = 1 << 16;

  private LineFiles() {}

  /** Writes beside the target and moves; a row without items gets no line. */
  static void write(Path directory, String name, int[][] rows) throws IOException {
    Files.createDirectories(directory);
    // Not Files.createTempFile, whose files only the owner may read.
    Path temporary = directory.resolve(name + "." + UUID.randomUUID() + ".tmp");
    try {
      try (Writer writer =
          new BufferedWriter(
              new OutputStreamWriter(
                  new GZIPOutputStream(Files.newOutputStream(temporary), BUFFER_BYTES),
                  StandardCharsets.US_ASCII))) {
        writeRows(writer, rows);
      }
      Files.move(
          temporary,
          directory.resolve(name),
          StandardCopyOption.ATOMIC_MOVE,
          StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(temporary);
    }
  }

  private static void writeRows(Writer writer, int[][] rows) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int user = 0; user < rows.length; user++) {
      if (rows[user].length == 0) {
        continue;
      }
      line.setLength(0);
      line.append(user);
      for (int item : rows[user]) {
        line.append(' ').append(item);
      }
      writer.append(line.append('\n'));
    }
  }
}
