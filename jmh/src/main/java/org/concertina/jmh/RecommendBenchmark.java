package org.concertina.jmh;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.concertina.artifact.ArtifactReader;
import org.concertina.block.Precision;
import org.concertina.memory.CappedArena;
import org.concertina.memory.MemoryCap;
import org.concertina.serve.BatchRecommender;
import org.concertina.serve.DeviceRuntime;
import org.concertina.serve.Recommender;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Requests and openings of artifacts with 40,981 items of 64 floats, page cache warm.
 *
 * <p>Rows are random, which hardly lets groups be skipped unless they keep few blocks; the set-up
 * prints how many are.
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
public class RecommendBenchmark {
  private static final int K = 20;
  private static final int USERS = 16;
  private static final long USER_BYTES = (long) ServingArtifact.DIM * Float.BYTES;

  /** What every group keeps. */
  @Param({"FULL", "SKEWED", "QUARTER"})
  public String budget;

  /** How it is stored. */
  @Param({"FP32", "INT8", "INT4", "INT2"})
  public Precision precision;

  private Path file;
  private CappedArena arena;
  private MemorySegment users;
  private DeviceRuntime runtime;
  private Recommender recommender;
  private BatchRecommender batch;
  private final int[] history = new int[16];
  private final int[] rows = new int[USERS * K];
  private final float[] scores = new float[USERS * K];
  private final int[] counts = new int[USERS];

  /** Writes and opens the artifact. */
  @Setup(Level.Trial)
  public void setUp() throws IOException {
    file = Files.createTempFile("recommend", ".cnct");
    ServingArtifact.write(file, ServingArtifact.Budget.valueOf(budget), precision, 7);
    runtime = DeviceRuntime.open(file, MemoryCap.unlimited());
    runtime.warmUp();
    recommender = runtime.newRecommender();
    batch = runtime.newBatchRecommender(USERS);
    arena = CappedArena.unlimited();
    users = arena.allocate(USERS * USER_BYTES, "users");
    for (int u = 0; u < USERS; u++) {
      ServingArtifact.fillUser(users.asSlice(u * USER_BYTES, USER_BYTES), u);
    }
    for (int i = 0; i < history.length; i++) {
      history[i] = i * i * 31;
    }
    recommender.recommend(users, 0, K, null, rows, scores);
    System.out.printf(
        "%n%d bytes, %d of 20 groups skipped%n", Files.size(file), recommender.skippedGroups());
  }

  /** One user of a known vector. */
  @Benchmark
  public int recommend() {
    return recommender.recommend(users, 0, K, null, rows, scores);
  }

  /** One user of 16 items. */
  @Benchmark
  public int recommendFromHistory() {
    return recommender.recommendFromHistory(history, history.length, K, null, rows, scores);
  }

  /** Sixteen users in one stream; the time is that of one. */
  @Benchmark
  @OperationsPerInvocation(USERS)
  public int[] recommendBatch() {
    batch.recommend(users, 0, USER_BYTES, USERS, K, null, rows, scores, counts);
    return counts;
  }

  /** Opens, verifies every byte and closes. */
  @Benchmark
  public long openAndVerify() throws IOException {
    try (var artifact = ArtifactReader.open(file, MemoryCap.unlimited())) {
      return artifact.info().fileBytes();
    }
  }

  /** Closes and deletes. */
  @TearDown(Level.Trial)
  public void tearDown() throws IOException {
    runtime.close();
    arena.close();
    Files.delete(file);
  }
}
