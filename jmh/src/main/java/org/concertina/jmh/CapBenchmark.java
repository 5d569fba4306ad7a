package org.concertina.jmh;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.concertina.block.ElasticConfig;
import org.concertina.block.Precision;
import org.concertina.block.RowOrder;
import org.concertina.memory.CappedArena;
import org.concertina.memory.FloatTable;
import org.concertina.serve.DeviceRuntime;
import org.concertina.serve.Recommender;
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
 * Twenty recommendations on a simulated device: the runtime's arena refuses every byte above the
 * cap.
 *
 * <p>Rows are random, so hardly any group can be skipped. A cap under which nothing of the
 * catalogue fits has no time; {@code concertina bench} records it as such.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(
    value = 2,
    jvmArgsPrepend = {
      "--add-modules=jdk.incubator.vector",
      "--enable-native-access=ALL-UNNAMED",
      "-Xms1g",
      "-Xmx1g",
      "-XX:+AlwaysPreTouch"
    })
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class CapBenchmark {
  private static final int K = 20;

  /** Memory of the device, everything counted. */
  @Param({"256KB", "1MB", "2.5MB", "5MB", "10MB", "25MB", "unlimited"})
  public String cap;

  /** Size of the catalogue. */
  @Param({"10000", "100000", "1000000"})
  public int items;

  /** How rows are stored. */
  @Param({"FP32", "INT8", "INT4", "INT2"})
  public Precision precision;

  private Path file;
  private CappedArena arena;
  private MemorySegment user;
  private DeviceRuntime runtime;
  private Recommender recommender;
  private final int[] rows = new int[K];
  private final float[] scores = new float[K];

  /** Chooses, writes and opens the artifact, and compares an answer with plain cosines. */
  @Setup(Level.Trial)
  public void setUp() throws IOException {
    file = Files.createTempFile("cap", ".cnct");
    CapArtifact artifact = new CapArtifact(items, precision);
    try (CappedArena building = CappedArena.unlimited()) {
      FloatTable table = artifact.rows(building);
      ElasticConfig config =
          artifact
              .write(file, cap, table)
              .orElseThrow(() -> new IllegalStateException("nothing of the catalogue fits " + cap));
      runtime = DeviceRuntime.open(file, CapArtifact.cap(cap));
      recommender = runtime.newRecommender();
      arena = CappedArena.unlimited();
      user = arena.allocateFloats(CapArtifact.SHAPE.dim(), "user");
      SplittableRandom random = new SplittableRandom(11);
      for (int k = 0; k < CapArtifact.SHAPE.dim(); k++) {
        user.setAtIndex(ValueLayout.JAVA_FLOAT, k, (float) random.nextGaussian());
      }
      recommender.recommend(user, 0, K, null, rows, scores);
      check(table, config, artifact.order());
    }
    System.out.printf("%n%,d bytes under %s%n", Files.size(file), cap);
  }

  private void check(FloatTable table, ElasticConfig config, RowOrder order) {
    double tolerance =
        switch (precision) {
          case FP32 -> 1e-5;
          case INT8 -> 0.02;
          case INT4 -> 0.2;
          case INT2 -> 0.6;
        };
    double[] all = new double[items];
    for (int row = 0; row < items; row++) {
      int group = order.groups().groupOf(row);
      all[row] = cosine(table, order.itemAtRow(row), config.choice(group).keptBlocks());
    }
    for (int i = 0; i < K; i++) {
      if (Math.abs(all[rows[i]] - scores[i]) > tolerance) {
        throw new AssertionError(
            "row %d: expected %s, got %s".formatted(rows[i], all[rows[i]], scores[i]));
      }
    }
    Arrays.sort(all);
    for (int i = 0; i < K; i++) {
      if (Math.abs(all[items - 1 - i] - scores[i]) > tolerance) {
        throw new AssertionError(
            "rank %d: expected %s, got %s".formatted(i, all[items - 1 - i], scores[i]));
      }
    }
  }

  private double cosine(FloatTable table, int item, int blocks) {
    double dot = 0;
    double own = 0;
    double whole = 0;
    for (int k = 0; k < CapArtifact.SHAPE.dim(); k++) {
      double wish = user.getAtIndex(ValueLayout.JAVA_FLOAT, k);
      whole += wish * wish;
      if (k < blocks * CapArtifact.SHAPE.blockDim()) {
        double value = table.get(item, k);
        dot += wish * value;
        own += value * value;
      }
    }
    return dot / Math.sqrt(own * whole);
  }

  /** One user of a known vector. */
  @Benchmark
  public int recommend() {
    return recommender.recommend(user, 0, K, null, rows, scores);
  }

  /** Closes and deletes. */
  @TearDown(Level.Trial)
  public void tearDown() throws IOException {
    runtime.close();
    arena.close();
    Files.delete(file);
  }
}
