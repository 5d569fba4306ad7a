package org.concertina.jmh;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import org.concertina.ingest.CleaningOptions;
import org.concertina.ingest.ColumnNames;
import org.concertina.ingest.Ingest;
import org.concertina.ingest.IngestConfig;
import org.concertina.ingest.IngestReport;
import org.concertina.ingest.SplitOptions;
import org.concertina.ingest.SplitRule;
import org.concertina.ingest.TextFormat;
import org.concertina.interaction.InteractionData;
import org.concertina.interaction.InteractionMatrix;
import org.concertina.interaction.InteractionReader;
import org.concertina.interaction.ReadOptions;
import org.concertina.memory.MemoryCap;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * From text to a checked data file, both in the folder for temporary files; the text is in the page
 * cache. The counters are a second's: {@code megabytes} of text, {@code lines} and {@code
 * interactions}. One thread.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(
    value = 2,
    jvmArgsPrepend = {"--enable-native-access=ALL-UNNAMED", "-Xms1g", "-Xmx1g"})
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class IngestBenchmark {
  /** Form of the text: 1, 6 and 21 MB at 250,000 interactions. */
  @Param({"LINES", "CSV", "JSONL"})
  public TextFormat format;

  /** Interactions in the text. */
  @Param("250000")
  public int interactions;

  private Path folder;
  private Path out;
  private IngestConfig config;
  private double megabytes;
  private long lines;

  /** What is counted. */
  @State(Scope.Thread)
  @AuxCounters(AuxCounters.Type.OPERATIONS)
  public static class Counter {
    /** 10^6 bytes of text. */
    public double megabytes;

    /** Lines of text. */
    public long lines;

    /** Interactions. */
    public long interactions;
  }

  /** Writes the text and compares every interaction of its data file with what was written. */
  @Setup(Level.Trial)
  public void setUp() throws IOException {
    folder = Files.createTempDirectory("concertina-ingest");
    Path file = folder.resolve("log");
    out = folder.resolve("log.cnix");
    IngestText text = IngestText.write(file, format, interactions);
    lines = text.lines();
    megabytes = Files.size(file) * 1e-6;
    config =
        new IngestConfig(
            List.of(file),
            List.of(),
            List.of(),
            format,
            ColumnNames.COMMON,
            CleaningOptions.NONE,
            new SplitOptions(SplitRule.NONE, 0, 0, 1),
            Optional.empty());
    ingest();
    compare(text.items());
    System.out.printf("%.1f MB of text, %,d lines%n", megabytes, lines);
  }

  private void compare(int[][] expected) throws IOException {
    try (InteractionData data =
        InteractionReader.read(out, ReadOptions.defaults().withValidationShare(0))) {
      InteractionMatrix train = data.train();
      if (train.users() != expected.length) {
        throw new AssertionError(
            "users: expected %d, got %d".formatted(expected.length, train.users()));
      }
      for (int user = 0; user < train.users(); user++) {
        int[] items = new int[train.degree(user)];
        for (int i = 0; i < items.length; i++) {
          items[i] = data.itemId(train.itemAt(train.begin(user) + i));
        }
        Arrays.sort(items);
        if (!Arrays.equals(items, expected[data.userId(user)])) {
          throw new AssertionError("user " + data.userId(user) + ": other items than written");
        }
      }
    }
  }

  /** Reads the text and writes the data file. */
  @Benchmark
  public long ingest(Counter counter) throws IOException {
    counter.megabytes += megabytes;
    counter.lines += lines;
    counter.interactions += interactions;
    return ingest().dataHash();
  }

  private IngestReport ingest() throws IOException {
    return Ingest.run(config, out, MemoryCap.unlimited(), OptionalLong.empty(), more -> {});
  }

  /** Deletes the files. */
  @TearDown(Level.Trial)
  public void tearDown() throws IOException {
    for (Path file : List.of(folder.resolve("log"), out, folder)) {
      Files.deleteIfExists(file);
    }
  }
}
