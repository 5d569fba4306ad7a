package org.concertina.jmh;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.concertina.interaction.InteractionData;
import org.concertina.interaction.InteractionMatrix;
import org.concertina.interaction.InteractionReader;
import org.concertina.interaction.ReadOptions;
import org.concertina.kernel.CounterRandom;
import org.concertina.kernel.VectorOps;
import org.concertina.kernel.VectorOpsProvider;
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
 * BPR a user at a time, negatives drawn and liked ones rejected: the counter {@code triples} is a
 * second's. {@code -t 2} is lock-free on two threads.
 *
 * <p>{@code -Dconcertina.datasets=DIR} names a folder with Gowalla in {@code gowalla}; without it
 * the users and items are as many, and synthetic.
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
  private static final int USERS = 29_858;
  private static final int ITEMS = 40_981;

  /** Floats of a row. */
  @Param({"64", "128"})
  public int dim;

  private final VectorOps ops = VectorOpsProvider.get();
  private CappedArena arena;
  private InteractionData data;
  private InteractionMatrix train;
  private FloatTable users;
  private FloatTable items;

  /** What one thread has for itself. */
  @State(Scope.Thread)
  @AuxCounters(AuxCounters.Type.OPERATIONS)
  public static class Worker {
    /** Triples done. */
    public long triples;

    private CappedArena arena;
    private MemorySegment negatives;
    private long[] liked;
    private int[] order;
    private final SplittableRandom random = new SplittableRandom(3);
    private long epoch;

    /** Allocates scratch. */
    @Setup(Level.Trial)
    public void setUp(BprBenchmark shared) {
      arena = CappedArena.unlimited();
      negatives = arena.allocateInts(shared.train.maxDegree(), "negatives");
      liked = new long[shared.train.items() / Long.SIZE + 1];
      order = new int[shared.train.users()];
      for (int user = 0; user < order.length; user++) {
        order[user] = user;
      }
    }

    /** Shuffles the users. */
    @Setup(Level.Invocation)
    public void shuffle() {
      epoch++;
      for (int i = order.length - 1; i > 0; i--) {
        int j = random.nextInt(i + 1);
        int swapped = order[i];
        order[i] = order[j];
        order[j] = swapped;
      }
    }

    /** Frees scratch. */
    @TearDown(Level.Trial)
    public void tearDown() {
      arena.close();
    }
  }

  /** Reads the data and fills the tables. */
  @Setup(Level.Trial)
  public void setUp() {
    System.out.println("provider " + ops.name());
    arena = CappedArena.unlimited();
    String datasets = System.getProperty("concertina.datasets");
    if (datasets == null) {
      train = synthetic();
    } else {
      try {
        data =
            InteractionReader.read(
                Path.of(datasets, "gowalla"), ReadOptions.defaults().withValidationShare(0));
      } catch (IOException unreadable) {
        throw new UncheckedIOException(unreadable);
      }
      train = data.train();
    }
    SplittableRandom random = new SplittableRandom(2);
    users = table(train.users(), random);
    items = table(train.items(), random);
  }

  /** As many users, items and pairs as Gowalla; low items are the popular ones. */
  private InteractionMatrix synthetic() {
    int degree = 27;
    MemorySegment pointers = arena.allocate((USERS + 1L) * Long.BYTES, "row pointers");
    MemorySegment indices = arena.allocateInts((long) USERS * degree, "item indices");
    SplittableRandom random = new SplittableRandom(1);
    for (int user = 0; user < USERS; user++) {
      TreeSet<Integer> liked = new TreeSet<>();
      while (liked.size() < degree) {
        liked.add((int) (ITEMS * Math.pow(random.nextDouble(), 3)));
      }
      long at = (long) user * degree;
      for (int item : liked) {
        indices.setAtIndex(ValueLayout.JAVA_INT, at++, item);
      }
      pointers.setAtIndex(ValueLayout.JAVA_LONG, user + 1L, at);
    }
    return InteractionMatrix.view(ITEMS, pointers, indices);
  }

  private FloatTable table(int rows, SplittableRandom random) {
    FloatTable table = FloatTable.allocate(arena, rows, dim, "embeddings");
    for (int row = 0; row < rows; row++) {
      for (int d = 0; d < dim; d++) {
        table.set(row, d, (float) (random.nextDouble() - 0.5) / dim);
      }
    }
    return table;
  }

  /** One epoch. */
  @Benchmark
  public double epoch(Worker worker) {
    double loss = 0;
    long key = CounterRandom.key(7, worker.epoch);
    for (int user : worker.order) {
      long begin = train.begin(user);
      int degree = train.degree(user);
      draw(worker, key, begin, degree);
      loss +=
          ops.bprInPlace(
              0.05f,
              0.01f,
              users.segment(),
              users.rowOffsetBytes(user),
              items.segment(),
              0,
              items.stride(),
              train.itemIndices(),
              begin * Integer.BYTES,
              worker.negatives,
              0,
              degree,
              items.stride());
      worker.triples += degree;
    }
    return loss;
  }

  private void draw(Worker worker, long key, long begin, int degree) {
    long[] liked = worker.liked;
    for (int k = 0; k < degree; k++) {
      int item = train.itemAt(begin + k);
      liked[item >> 6] |= 1L << item;
    }
    for (int k = 0; k < degree; k++) {
      long counter = (begin + k) << 10;
      int item = (int) CounterRandom.below(key, counter, train.items());
      while ((liked[item >> 6] >>> item & 1) != 0) {
        item = (int) CounterRandom.below(key, ++counter, train.items());
      }
      worker.negatives.setAtIndex(ValueLayout.JAVA_INT, k, item);
    }
    for (int k = 0; k < degree; k++) {
      liked[train.itemAt(begin + k) >> 6] = 0;
    }
  }

  /** Frees the tables. */
  @TearDown(Level.Trial)
  public void tearDown() {
    if (data != null) {
      data.close();
    }
    arena.close();
  }
}
