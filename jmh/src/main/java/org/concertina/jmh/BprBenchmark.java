package org.concertina.jmh;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.concertina.interaction.InteractionMatrix;
import org.concertina.kernel.VectorOps;
import org.concertina.kernel.scalar.ScalarVectorOps;
import org.concertina.memory.CappedArena;
import org.concertina.memory.FloatTable;
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
 * BPR's kernels alone, over all users in shuffled order with negatives that are drawn beforehand;
 * the counter {@code triples} is a second's. The data are {@link BprData}.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(
    value = 3,
    jvmArgsPrepend = {
      "--add-modules=jdk.incubator.vector",
      "--enable-native-access=ALL-UNNAMED",
      "-Xms2g",
      "-Xmx2g",
      "-XX:+AlwaysPreTouch"
    })
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class BprBenchmark {
  /** Floats of a row. */
  @Param({"64", "128"})
  public int dim;

  /** As {@link Providers} names them. */
  @Param({"scalar", "panama", "native"})
  public String provider;

  private final SplittableRandom random = new SplittableRandom(2);
  private VectorOps ops;
  private CappedArena arena;
  private BprData data;
  private InteractionMatrix train;
  private MemorySegment negatives;
  private FloatTable users;
  private FloatTable items;
  private int[] order;

  /** What is counted. */
  @State(Scope.Thread)
  @AuxCounters(AuxCounters.Type.OPERATIONS)
  public static class Counter {
    /** Triples done. */
    public long triples;
  }

  /** Reads the data, draws negatives and fills the tables. */
  @Setup(Level.Trial)
  public void setUp() {
    ops = Providers.of(provider);
    System.out.println("provider " + ops.name());
    arena = CappedArena.unlimited();
    data = BprData.open();
    train = data.train();
    negatives = arena.allocateInts(train.size(), "negatives");
    order = new int[train.users()];
    for (int user = 0; user < train.users(); user++) {
      order[user] = user;
      for (long p = train.begin(user); p < train.end(user); p++) {
        int item;
        do {
          item = random.nextInt(train.items());
        } while (train.contains(user, item));
        negatives.setAtIndex(ValueLayout.JAVA_INT, p, item);
      }
    }
    users = FloatTable.allocate(arena, train.users(), dim, "embeddings");
    items = FloatTable.allocate(arena, train.items(), dim, "embeddings");
    for (boolean cosine : new boolean[] {false, true}) {
      double expected = firstLoss(ScalarVectorOps.create(), cosine);
      double loss = firstLoss(ops, cosine);
      if (!(Math.abs(loss - expected) <= 1e-4 * expected)) {
        throw new IllegalStateException("loss: expected " + expected + ", got " + loss);
      }
    }
  }

  /** The first user's loss from the same values. */
  private double firstLoss(VectorOps ops, boolean cosine) {
    SplittableRandom values = new SplittableRandom(3);
    for (FloatTable table : new FloatTable[] {users, items}) {
      for (int row = 0; row < table.rows(); row++) {
        for (int d = 0; d < dim; d++) {
          table.set(row, d, (float) (values.nextDouble() - 0.5));
        }
      }
    }
    return steps(ops, 0, cosine);
  }

  /** Shuffles the users. */
  @Setup(Level.Invocation)
  public void shuffle() {
    for (int i = order.length - 1; i > 0; i--) {
      int j = random.nextInt(i + 1);
      int swapped = order[i];
      order[i] = order[j];
      order[j] = swapped;
    }
  }

  /** Dot products. */
  @Benchmark
  public double dot(Counter counter) {
    double loss = 0;
    for (int user : order) {
      loss += steps(ops, user, false);
    }
    counter.triples += train.size();
    return loss;
  }

  /** Cosines. */
  @Benchmark
  public double cosine(Counter counter) {
    double loss = 0;
    for (int user : order) {
      loss += steps(ops, user, true);
    }
    counter.triples += train.size();
    return loss;
  }

  private double steps(VectorOps ops, int user, boolean cosine) {
    MemorySegment u = users.segment();
    long uAt = users.rowOffsetBytes(user);
    MemorySegment rows = items.segment();
    int stride = items.stride();
    MemorySegment p = train.itemIndices();
    long at = train.begin(user) * Integer.BYTES;
    int n = train.degree(user);
    return cosine
        ? ops.bpr()
            .bprCosineInPlace(0.1f, 0.1f, u, uAt, rows, 0, stride, p, at, negatives, at, n, dim)
        : ops.bpr().bprInPlace(0.05f, 0.01f, u, uAt, rows, 0, stride, p, at, negatives, at, n, dim);
  }

  /** Frees the tables. */
  @TearDown(Level.Trial)
  public void tearDown() {
    data.close();
    arena.close();
  }
}
