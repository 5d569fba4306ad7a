package org.concertina.jmh;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.concertina.interaction.InteractionData;
import org.concertina.interaction.InteractionMatrix;
import org.concertina.interaction.InteractionReader;
import org.concertina.interaction.ReadOptions;
import org.concertina.kernel.VectorOps;
import org.concertina.kernel.scalar.ScalarVectorOps;
import org.concertina.memory.CappedArena;
import org.concertina.memory.FloatTable;
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
 * Half a layer of graph convolution: every user's row from the rows of the user's items; one
 * thread, milliseconds.
 *
 * <p>{@code -Dconcertina.datasets=DIR} names a folder with Gowalla in {@code gowalla}; without it
 * the users and items are as many, and synthetic.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(
    value = 2,
    jvmArgsPrepend = {
      "--add-modules=jdk.incubator.vector",
      "--enable-native-access=ALL-UNNAMED",
      "-Xms2g",
      "-Xmx2g",
      "-XX:+AlwaysPreTouch"
    })
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class SparseBenchmark {
  private static final int USERS = 29_858;
  private static final int ITEMS = 40_981;
  private static final int DEGREE = 27;

  /** Floats of a row. */
  @Param({"64", "128"})
  public int dim;

  /** As {@link Providers} names them. */
  @Param({"scalar", "panama", "native"})
  public String provider;

  private VectorOps ops;
  private CappedArena arena;
  private InteractionData data;
  private InteractionMatrix train;
  private MemorySegment weights;
  private FloatTable items;
  private FloatTable users;
  private MemorySegment zeros;

  /** Reads the data, fills the tables and compares one row with the scalar oracle. */
  @Setup(Level.Trial)
  public void setUp() {
    ops = Providers.of(provider);
    System.out.println("provider " + ops.name() + ", huge pages " + CappedArena.hugePages());
    arena = CappedArena.unlimited();
    train = graph();
    SplittableRandom random = new SplittableRandom(2);
    weights = arena.allocateFloats(train.size(), "weights");
    for (long p = 0; p < train.size(); p++) {
      weights.setAtIndex(ValueLayout.JAVA_FLOAT, p, (float) random.nextDouble());
    }
    items = FloatTable.allocate(arena, train.items(), dim, "items");
    users = FloatTable.allocate(arena, train.users(), dim, "users");
    for (long k = 0; k < items.rows() * items.stride(); k++) {
      items.segment().setAtIndex(ValueLayout.JAVA_FLOAT, k, (float) random.nextDouble(-1, 1));
    }
    zeros = arena.allocateFloats(dim, "zeros");
    multiply();
    float actual = users.get(7, dim - 1);
    multiply(ScalarVectorOps.create());
    if (actual != users.get(7, dim - 1)) {
      throw new AssertionError(ops.name() + ": differs from the oracle");
    }
  }

  private InteractionMatrix graph() {
    String datasets = System.getProperty("concertina.datasets");
    if (datasets == null) {
      return synthetic();
    }
    try {
      data =
          InteractionReader.read(
              Path.of(datasets, "gowalla"), ReadOptions.defaults().withValidationShare(0));
      return data.train();
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  /** Low items are the popular ones; duplicates do no harm here. */
  private InteractionMatrix synthetic() {
    MemorySegment pointers = arena.allocateLongs(USERS + 1L, "pointers");
    MemorySegment indices = arena.allocateInts((long) USERS * DEGREE, "indices");
    SplittableRandom random = new SplittableRandom(1);
    for (int u = 0; u <= USERS; u++) {
      pointers.setAtIndex(ValueLayout.JAVA_LONG, u, (long) u * DEGREE);
    }
    for (long p = 0; p < (long) USERS * DEGREE; p++) {
      int item = (int) (ITEMS * Math.pow(random.nextDouble(), 3));
      indices.setAtIndex(ValueLayout.JAVA_INT, p, item);
    }
    return InteractionMatrix.view(ITEMS, pointers, indices);
  }

  /** Frees everything. */
  @TearDown(Level.Trial)
  public void tearDown() {
    if (data != null) {
      data.close();
    }
    arena.close();
  }

  /** All users' rows. */
  @Benchmark
  public void multiply() {
    multiply(ops);
  }

  private void multiply(VectorOps with) {
    with.sparse()
        .sparseMatmul(
            train.users(),
            train.rowPointers(),
            0,
            train.itemIndices(),
            weights,
            items.segment(),
            0,
            items.rows(),
            items.stride(),
            0.25f,
            zeros,
            0,
            0,
            users.segment(),
            0,
            users.stride(),
            dim);
  }
}
