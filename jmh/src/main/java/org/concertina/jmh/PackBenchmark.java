package org.concertina.jmh;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.concertina.artifact.ArtifactInfo;
import org.concertina.artifact.ArtifactReader;
import org.concertina.artifact.ArtifactWriter;
import org.concertina.artifact.IdCodec;
import org.concertina.artifact.Provenance;
import org.concertina.block.ArtifactLayout;
import org.concertina.block.ElasticConfig;
import org.concertina.block.Precision;
import org.concertina.block.RowOrder;
import org.concertina.memory.CappedArena;
import org.concertina.memory.FloatTable;
import org.concertina.memory.MemoryCap;
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

/** Packing a whole table of 64 floats a row into an artifact, file and checksums included. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(
    value = 2,
    jvmArgsAppend = {"--add-modules=jdk.incubator.vector", "--enable-native-access=ALL-UNNAMED"})
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class PackBenchmark {
  /** Size of the catalogue. */
  @Param({"10000", "100000", "1000000"})
  public int items;

  /** How rows are stored. */
  @Param({"FP32", "INT8", "INT4", "INT2"})
  public Precision precision;

  private Path file;
  private CappedArena arena;
  private FloatTable rows;
  private RowOrder order;
  private ElasticConfig config;
  private int[] ids;

  /** Packs once and verifies every byte. */
  @Setup(Level.Trial)
  public void setUp() throws IOException {
    file = Files.createTempFile("pack", ".cnct");
    arena = CappedArena.unlimited();
    CapArtifact artifact = new CapArtifact(items, precision);
    rows = artifact.rows(arena);
    order = artifact.order();
    ids = IntStream.range(0, items).toArray();
    config =
        ElasticConfig.uniform(
            CapArtifact.SHAPE, order.groups().count(), CapArtifact.SHAPE.blocks(), precision);
    pack();
    long expected =
        new ArtifactLayout(order.groups(), CapArtifact.SHAPE, IdCodec.encodedBytes(order, ids))
            .fileBytes(config);
    try (var opened = ArtifactReader.open(file, MemoryCap.unlimited())) {
      if (opened.info().fileBytes() != expected) {
        throw new AssertionError(
            "file: expected %d bytes, got %d".formatted(expected, opened.info().fileBytes()));
      }
    }
  }

  /** Packs and writes. */
  @Benchmark
  public ArtifactInfo pack() throws IOException {
    return ArtifactWriter.write(
        file, rows, null, CapArtifact.SHAPE, order, config, ids, new Provenance(1, 2, 3, "jmh"));
  }

  /** Deletes. */
  @TearDown(Level.Trial)
  public void tearDown() throws IOException {
    arena.close();
    Files.delete(file);
  }
}
