package org.concertina.interaction;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPOutputStream;
import org.concertina.memory.MemoryCap;

/** Small interaction files for tests. */
final class InteractionFiles {
  private InteractionFiles() {}

  static void write(Path dir, String name, String text) {
    writeBytes(dir, name, text.getBytes(StandardCharsets.ISO_8859_1));
  }

  static void writeBytes(Path dir, String name, byte[] bytes) {
    try {
      Files.write(dir.resolve(name), bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static byte[] gzip(String text) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
      out.write(text.getBytes(StandardCharsets.ISO_8859_1));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  /** Reads with a counted cap, whose bytes must all be given back at the close. */
  static InteractionData read(Path dir, MemoryCap cap) throws IOException {
    return InteractionReader.read(dir, ReadOptions.defaults().withCap(cap));
  }

  /** All pairs of a split under external ids, {@code user: item item ...} by index. */
  static String text(InteractionData data, InteractionMatrix split) {
    StringBuilder text = new StringBuilder();
    for (int user = 0; user < split.users(); user++) {
      if (split.degree(user) > 0) {
        text.append(data.userId(user)).append(':');
        for (long at = split.begin(user); at < split.end(user); at++) {
          text.append(' ').append(data.itemId(split.itemAt(at)));
        }
        text.append('\n');
      }
    }
    return text.toString();
  }
}
