package org.concertina.jmh;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.concertina.block.Precision;
import org.concertina.memory.CappedArena;
import org.concertina.memory.FloatTable;
import org.concertina.memory.MemoryCap;
import org.concertina.serve.DeviceRuntime;
import org.concertina.serve.Recommender;
import org.concertina.train.TrainedModel;
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
 * Percentiles of one request after the other to an artifact of one's own: {@code ./concertina jmh
 * ArtifactBenchmark -p artifact=/path/to/a.cnct,/path/to/b.cnct -p model=/path/to/model}.
 *
 * <p>Users are those of the model, another one for every request. Without a file it is a small
 * artifact of random rows, and users are random.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(
    value = 1,
    jvmArgsPrepend = {
      "--add-modules=jdk.incubator.vector",
      "--enable-native-access=ALL-UNNAMED",
      "-Xms1g",
      "-Xmx1g",
      "-XX:+AlwaysPreTouch"
    })
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class ArtifactBenchmark {
  private static final int K = 20;
  private static final int USERS = 1024;

  /** File of the artifact. */
  @Param("random")
  public String artifact;

  /** File of the model that it was packed from. */
  @Param("random")
  public String model;

  private Path written;
  private CappedArena arena;
  private MemorySegment users;
  private long userBytes;
  private DeviceRuntime runtime;
  private Recommender recommender;
  private int next;
  private final int[] rows = new int[K];
  private final float[] scores = new float[K];

  /** Opens the artifact, and compares a few answers with the scores of the whole catalogue. */
  @Setup(Level.Trial)
  public void setUp() throws IOException {
    boolean random = artifact.equals("random");
    if (random != model.equals("random")) {
      throw new IllegalArgumentException("give both, -p artifact=FILE and -p model=FILE");
    }
    if (random) {
      written = Files.createTempFile("artifact", ".cnct");
      ServingArtifact.write(written, ServingArtifact.Budget.SKEWED, Precision.INT8, 7);
    }
    Path file = random ? written : Path.of(artifact);
    runtime = DeviceRuntime.open(file, MemoryCap.unlimited());
    runtime.warmUp();
    recommender = runtime.newRecommender();
    arena = CappedArena.unlimited();
    userBytes = (long) runtime.info().config().shape().dim() * Float.BYTES;
    users = arena.allocate(USERS * userBytes, "users");
    if (random) {
      for (int u = 0; u < USERS; u++) {
        ServingArtifact.fillUser(users.asSlice(u * userBytes, userBytes), u);
      }
    } else {
      copyUsers();
    }
    int skipped = 0;
    for (int u = 0; u < USERS; u++) {
      int count = recommend();
      skipped += recommender.skippedGroups();
      if (u < 16) {
        check(u, count);
      }
    }
    System.out.printf(
        "%n%s: %,d bytes, %.1f groups skipped a request%n",
        file, Files.size(file), (double) skipped / USERS);
  }

  private void copyUsers() throws IOException {
    try (TrainedModel trained = TrainedModel.open(Path.of(model))) {
      FloatTable table = trained.embeddings().users();
      for (int u = 0; u < USERS; u++) {
        long row = table.rows() * u / USERS;
        MemorySegment.copy(
            table.segment(), table.rowOffsetBytes(row), users, u * userBytes, userBytes);
      }
    }
  }

  private void check(int user, int count) {
    int catalogue = runtime.info().items();
    int[] all = new int[catalogue];
    float[] found = new float[catalogue];
    for (int row = 0; row < catalogue; row++) {
      all[row] = row;
    }
    recommender.scoreRows(users, user * userBytes, all, catalogue, found);
    int better = 0;
    for (float score : found) {
      better += score > scores[count - 1] ? 1 : 0;
    }
    for (int i = 0; i < count; i++) {
      if (found[rows[i]] != scores[i] || better >= count) {
        throw new AssertionError(
            "user %d, rank %d: expected %s of row %d, got %s; %d rows are better than the last"
                .formatted(user, i, found[rows[i]], rows[i], scores[i], better));
      }
    }
  }

  /** One user of a known vector. */
  @Benchmark
  public int recommend() {
    int user = next;
    next = (next + 1) % USERS;
    return recommender.recommend(users, user * userBytes, K, null, rows, scores);
  }

  /** Closes, and deletes what was written. */
  @TearDown(Level.Trial)
  public void tearDown() throws IOException {
    runtime.close();
    arena.close();
    if (written != null) {
      Files.delete(written);
    }
  }
}
