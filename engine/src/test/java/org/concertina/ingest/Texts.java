package org.concertina.ingest;

import io.airlift.compress.v3.zstd.ZstdOutputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import java.util.zip.GZIPOutputStream;
import org.concertina.interaction.InteractionData;
import org.concertina.interaction.InteractionMatrix;
import org.concertina.interaction.InteractionReader;
import org.concertina.interaction.ReadOptions;
import org.concertina.memory.CappedArena;
import org.concertina.memory.MemoryCap;

/** Small logs for tests, and what is read of them. */
final class Texts {
  static final SplitOptions NO_SPLIT = new SplitOptions(SplitRule.NONE, 0, 0, 1);

  static final String HEADER = "userId,movieId,rating,timestamp\n";

  private Texts() {}

  static SplitOptions split(SplitRule rule, long seed) {
    return new SplitOptions(rule, 0.1, 0.2, seed);
  }

  /** Rows of 60 users with 3 to 40 items each, all at different times. */
  static List<String> randomRows(String prefix) {
    SplittableRandom random = new SplittableRandom(3);
    List<String> rows = new ArrayList<>();
    for (int user = 0; user < 60; user++) {
      for (int i = 3 + random.nextInt(38); i > 0; i--) {
        int time = 1_000_000 + 7919 * rows.size() % 100_003;
        rows.add("%s%d,%d,4,%d".formatted(prefix, user, random.nextInt(200), time));
      }
    }
    return rows;
  }

  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  static byte[] gzip(byte[] text) {
    return packed(text, GZIPOutputStream::new);
  }

  static byte[] zstd(byte[] text) {
    return packed(text, ZstdOutputStream::create);
  }

  private interface Packer {
    OutputStream over(OutputStream target) throws IOException;
  }

  private static byte[] packed(byte[] text, Packer packer) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (OutputStream out = packer.over(bytes)) {
      out.write(text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  /** Lines {@code user item} of what is read from bytes, in their order. */
  static List<String> read(byte[] bytes, TextFormat format, ColumnNames names) throws IOException {
    return read(bytes, format, names, CleaningOptions.NONE);
  }

  static List<String> read(
      byte[] bytes, TextFormat format, ColumnNames names, CleaningOptions cleaning)
      throws IOException {
    return read(new ByteArrayInputStream(bytes), format, names, cleaning);
  }

  static List<String> read(
      InputStream input, TextFormat format, ColumnNames names, CleaningOptions cleaning)
      throws IOException {
    MemoryCap cap = MemoryCap.unlimited();
    List<String> pairs = new ArrayList<>();
    try (CappedArena arena = new CappedArena(cap)) {
      Ids ids = new Ids(new IdColumn(arena), new IdColumn(arena));
      LogBuilder builder =
          new LogBuilder(ids, cleaning, LogBuilder.TimeUse.NONE, cap, Path.of("unused"));
      try (TextWindow window = TextWindow.open(Path.of("log"), input)) {
        TextReader.read(window, format, names, builder);
        InteractionLog log = builder.logs().getFirst();
        for (long i = 0; i < log.size(); i++) {
          pairs.add(ids.users().text(log.user(i)) + " " + ids.items().text(log.item(i)));
        }
      } finally {
        builder.logs().forEach(InteractionLog::close);
      }
    }
    if (cap.usedBytes() != 0) {
      throw new AssertionError(cap.usedBytes() + " bytes were not given back");
    }
    return pairs;
  }

  /** Ingests a text into a data file beside it; all memory must have been given back. */
  static IngestReport ingest(Path folder, String text, CleaningOptions cleaning, SplitOptions split)
      throws IOException {
    Path log = Files.writeString(folder.resolve("log"), text);
    return ingest(folder, List.of(log), cleaning, split);
  }

  static IngestReport ingest(
      Path folder, List<Path> logs, CleaningOptions cleaning, SplitOptions split)
      throws IOException {
    return ingest(folder, logs, cleaning, split, Optional.empty());
  }

  static IngestReport ingest(
      Path folder,
      List<Path> logs,
      CleaningOptions cleaning,
      SplitOptions split,
      Optional<Path> stored)
      throws IOException {
    MemoryCap cap = MemoryCap.unlimited();
    IngestReport report =
        Ingest.run(
            new IngestConfig(
                logs,
                List.of(),
                List.of(),
                TextFormat.AUTO,
                ColumnNames.COMMON,
                cleaning,
                split,
                stored),
            folder.resolve("data"),
            cap,
            OptionalLong.empty(),
            bytes -> {});
    if (cap.usedBytes() != 0) {
      throw new AssertionError(cap.usedBytes() + " bytes were not given back");
    }
    return report;
  }

  static InteractionData open(Path folder) throws IOException {
    return InteractionReader.read(
        folder.resolve("data"), ReadOptions.defaults().withValidationShare(0));
  }

  /** All pairs of a split by name, {@code user: item item;}, in the order of the indices. */
  static String text(InteractionData data, InteractionMatrix split) {
    StringBuilder text = new StringBuilder();
    for (int user = 0; user < split.users(); user++) {
      if (split.degree(user) > 0) {
        text.append(data.userName(user)).append(':');
        for (long at = split.begin(user); at < split.end(user); at++) {
          text.append(' ').append(data.itemName(split.itemAt(at)));
        }
        text.append("; ");
      }
    }
    return text.toString().strip();
  }
}
