package org.concertina.jmh;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
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
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * A whole user of BPR at a time, at item tables from the first-level cache to memory; nanoseconds a
 * triple.
 *
 * <p>Every call steps the next user, whose positives and negatives are any rows of the table; all
 * users together touch each row some four times, so that a row comes from where the table fits.
 * {@link BprBenchmark} takes the pairs of a real log.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
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
public class BprRowsBenchmark {
  private static final int TRIPLES = 128;

  /** So small that the values stay as they are drawn, however long a fork runs. */
  private static final float LEARNING_RATE = 1e-6f;

  /** Rows of the item table: at 64 floats 16 KB, 262 KB, 10.5 MB and 256 MB. */
  @Param({"64", "1024", "40981", "1000000"})
  public int rows;

  /** Floats of a row. */
  @Param("64")
  public int dim;

  /** As {@link Providers} names them. */
  @Param({"scalar", "panama", "native"})
  public String provider;

  private VectorOps ops;
  private CappedArena arena;
  private FloatTable items;
  private FloatTable users;
  private MemorySegment positives;
  private MemorySegment negatives;
  private int next;

  /** Fills the tables and compares some users' steps with the scalar oracle. */
  @Setup(Level.Trial)
  public void setUp() {
    arena = CappedArena.unlimited();
    int count = Math.max(32, 2 * rows / TRIPLES);
    items = FloatTable.allocate(arena, rows, dim, "items");
    users = FloatTable.allocate(arena, count, dim, "users");
    long triples = (long) count * TRIPLES;
    positives = arena.allocateInts(triples, "positives");
    negatives = arena.allocateInts(triples, "negatives");
    SplittableRandom random = new SplittableRandom(1);
    for (long t = 0; t < triples; t++) {
      int positive = random.nextInt(rows);
      int negative = random.nextInt(rows - 1);
      positives.setAtIndex(ValueLayout.JAVA_INT, t, positive);
      negatives.setAtIndex(ValueLayout.JAVA_INT, t, negative + (negative >= positive ? 1 : 0));
    }
    ops = Providers.of(provider);
    compare(false);
    compare(true);
    fill();
    System.out.printf("provider %s, huge pages %b%n", ops.name(), CappedArena.hugePages());
  }

  private void fill() {
    SplittableRandom random = new SplittableRandom(2);
    for (FloatTable table : new FloatTable[] {users, items}) {
      for (int row = 0; row < table.rows(); row++) {
        for (int d = 0; d < dim; d++) {
          table.set(row, d, (float) random.nextDouble(-0.5, 0.5));
        }
      }
    }
  }

  /** A step of 0.1, so that every row of some users moves by far more than the tolerance. */
  private void compare(boolean cosine) {
    int compared = 3;
    float[][] expected = new float[compared * (1 + 2 * TRIPLES)][];
    double[] losses = new double[compared];
    fill();
    for (int user = 0; user < compared; user++) {
      losses[user] = step(ScalarVectorOps.create(), user, cosine, 0.1f);
    }
    forRows(compared, (row, at) -> expected[at] = row);
    fill();
    for (int user = 0; user < compared; user++) {
      double loss = step(ops, user, cosine, 0.1f);
      if (!(Math.abs(loss - losses[user]) <= 1e-4 * losses[user])) {
        throw new AssertionError(
            "%s: loss: expected %s, got %s".formatted(ops.name(), losses[user], loss));
      }
    }
    forRows(
        compared,
        (row, at) -> {
          for (int d = 0; d < dim; d++) {
            if (!(Math.abs(row[d] - expected[at][d]) <= 1e-4f)) {
              throw new AssertionError(
                  "%s: row: expected %s, got %s".formatted(ops.name(), expected[at][d], row[d]));
            }
          }
        });
  }

  private interface RowTask {
    void accept(float[] row, int at);
  }

  /** The rows of some users and of all their items. */
  private void forRows(int count, RowTask task) {
    int at = 0;
    for (int user = 0; user < count; user++) {
      task.accept(row(users, user), at++);
      for (int t = user * TRIPLES; t < (user + 1) * TRIPLES; t++) {
        task.accept(row(items, positives.getAtIndex(ValueLayout.JAVA_INT, t)), at++);
        task.accept(row(items, negatives.getAtIndex(ValueLayout.JAVA_INT, t)), at++);
      }
    }
  }

  private float[] row(FloatTable table, int row) {
    float[] values = new float[dim];
    for (int d = 0; d < dim; d++) {
      values[d] = table.get(row, d);
    }
    return values;
  }

  /** Dot products. */
  @Benchmark
  @OperationsPerInvocation(TRIPLES)
  public double dot() {
    return step(ops, nextUser(), false, LEARNING_RATE);
  }

  /** Cosines. */
  @Benchmark
  @OperationsPerInvocation(TRIPLES)
  public double cosine() {
    return step(ops, nextUser(), true, LEARNING_RATE);
  }

  private int nextUser() {
    int user = next;
    next = user + 1 == users.rows() ? 0 : user + 1;
    return user;
  }

  private double step(VectorOps with, int user, boolean cosine, float learningRate) {
    MemorySegment u = users.segment();
    long uAt = users.rowOffsetBytes(user);
    MemorySegment i = items.segment();
    int stride = items.stride();
    long at = (long) user * TRIPLES * Integer.BYTES;
    return cosine
        ? with.bpr()
            .bprCosineInPlace(
                learningRate, 1, u, uAt, i, 0, stride, positives, at, negatives, at, TRIPLES, dim)
        : with.bpr()
            .bprInPlace(
                learningRate, 0, u, uAt, i, 0, stride, positives, at, negatives, at, TRIPLES, dim);
  }

  /** Frees the tables. */
  @TearDown(Level.Trial)
  public void tearDown() {
    arena.close();
  }
}
