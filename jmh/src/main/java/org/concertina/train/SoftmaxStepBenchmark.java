package org.concertina.train;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.concertina.block.BlockShape;
import org.concertina.interaction.InteractionMatrix;
import org.concertina.jmh.Providers;
import org.concertina.kernel.Transpose;
import org.concertina.kernel.VectorOps;
import org.concertina.kernel.WorkerPool;
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
 * The fused step of sampled softmax over one batch: scores against the shared negatives, liked ones
 * masked, exponentials, loss and both gradient products. The counter {@code flops} is a second's
 * floating-point operations of the three products alone.
 *
 * <p>In the engine's package because the step is not public.
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
public class SoftmaxStepBenchmark {
  private static final int USERS = 29_858;
  private static final int DEGREE = 27;
  private static final int PARTITIONS = BatchStep.PARTITIONS;

  /** Floats of an embedding. */
  @Param({"64", "128"})
  public int dim;

  /** Pairs of a batch; 48 are one tile. */
  @Param({"1536"})
  public int pairs;

  /**
   * Shared negatives. A tile goes through some 960 bytes for each, at 64 floats: 16, 1,024, 16,384
   * and 65,536 of them fit L1, L2, L3 and memory.
   */
  @Param({"1024"})
  public int negatives;

  /**
   * As {@link Providers} names them; {@code native} has products of its own for vectors of 256
   * bits.
   */
  @Param({"scalar", "panama", "native"})
  public String provider;

  /** Threads, all in one batch. */
  @Param({"1", "2"})
  public int threads;

  private CappedArena arena;
  private WorkerPool pool;
  private InteractionMatrix train;
  private BatchPlan plan;
  private SoftmaxTiles tiles;
  private FloatTable userRows;
  private FloatTable itemRows;
  private MemorySegment slotPrior;
  private MemorySegment panel;
  private FloatTable pairGradient;
  private float[] positiveWeight;
  private MemorySegment[] negativeGradient;
  private final double[] loss = new double[PARTITIONS];
  private final WorkerPool.Task task = this::partition;

  /** What is counted. */
  @State(Scope.Thread)
  @AuxCounters(AuxCounters.Type.OPERATIONS)
  public static class Counter {
    /** Two for each multiply-add of the three products. */
    public long flops;
  }

  /** Draws a batch and compares one pair's gradient with the scalar oracle. */
  @Setup(Level.Trial)
  public void setUp() {
    VectorOps ops = Providers.of(provider);
    System.out.println("provider " + ops.name());
    arena = CappedArena.unlimited();
    pool = new WorkerPool(threads);
    train = synthetic(Math.max(40_981, 2 * negatives));
    MemorySegment userOfPosition = arena.allocateInts(train.size(), "users");
    for (long p = 0; p < train.size(); p++) {
      userOfPosition.setAtIndex(ValueLayout.JAVA_INT, p, (int) (p / DEGREE));
    }
    plan = new BatchPlan(train, userOfPosition, NegativeSampler.of(train, 0), pairs, negatives);
    plan.prepare(1, 0);
    SplittableRandom random = new SplittableRandom(2);
    userRows = unitRows(ops, plan.userSlots, random);
    itemRows = unitRows(ops, plan.itemSlots, random);
    int stride = itemRows.stride();
    slotPrior = arena.allocateFloats(plan.itemSlots, "priors");
    panel = arena.allocateFloats((long) stride * negatives, "panel");
    Transpose.transpose(negatives, stride, itemRows.segment(), 0, stride, panel, 0, negatives);
    pairGradient = FloatTable.allocate(arena, pairs, dim, "gradients of the pairs");
    positiveWeight = new float[pairs];
    negativeGradient = new MemorySegment[PARTITIONS];
    for (int p = 0; p < PARTITIONS; p++) {
      negativeGradient[p] = arena.allocateFloats((long) stride * negatives, "gradients");
    }
    tiles = new SoftmaxTiles(arena, ScalarVectorOps.create(), config(), negatives, stride, threads);
    pool.run(PARTITIONS, task);
    float expected = pairGradient.get(pairs / 2, dim - 1);
    tiles = new SoftmaxTiles(arena, ops, config(), negatives, stride, threads);
    pool.run(PARTITIONS, task);
    float actual = pairGradient.get(pairs / 2, dim - 1);
    if (!(Math.abs(expected - actual) <= 1e-4 * Math.max(1, Math.abs(expected)))) {
      throw new AssertionError(ops.name() + ": expected " + expected + ", got " + actual);
    }
  }

  private TrainConfig config() {
    return new TrainConfig(
        BlockShape.of(dim, 8),
        20,
        new TrainConfig.Softmax(0.1, negatives, 0, true),
        new TrainConfig.Elastic(ElasticSchedule.NONE, 0),
        new TrainConfig.Diversity(0, 1),
        new TrainConfig.Optimizer(0.01, 1, 0),
        new TrainConfig.Schedule(1, pairs, 1, 1),
        1);
  }

  private InteractionMatrix synthetic(int items) {
    MemorySegment pointers = arena.allocateLongs(USERS + 1L, "pointers");
    MemorySegment indices = arena.allocateInts((long) USERS * DEGREE, "indices");
    SplittableRandom random = new SplittableRandom(1);
    for (int u = 0; u < USERS; u++) {
      pointers.setAtIndex(ValueLayout.JAVA_LONG, u + 1L, (u + 1L) * DEGREE);
      int item = 0;
      for (int k = 0; k < DEGREE; k++) { // ascending, and low items are the popular ones
        item += 1 + (int) (2.0 * k * k * items / Math.pow(DEGREE, 3) * random.nextDouble());
        indices.setAtIndex(ValueLayout.JAVA_INT, (long) u * DEGREE + k, Math.min(item, items - 1));
      }
    }
    return InteractionMatrix.view(items, pointers, indices);
  }

  private FloatTable unitRows(VectorOps ops, int rows, SplittableRandom random) {
    FloatTable raw = FloatTable.allocate(arena, rows, dim, "rows");
    for (int row = 0; row < rows; row++) {
      for (int d = 0; d < dim; d++) {
        raw.set(row, d, (float) random.nextDouble(-1, 1));
      }
    }
    return UnitRows.of(arena, ops.rows(), pool, raw);
  }

  private void partition(int partition, int worker) {
    int first = SoftmaxTiles.firstPair(partition, PARTITIONS, pairs);
    int end = SoftmaxTiles.firstPair(partition + 1, PARTITIONS, pairs);
    loss[partition] =
        tiles.run(
            worker,
            plan,
            train,
            first,
            end,
            userRows,
            itemRows,
            slotPrior,
            panel,
            pairGradient,
            positiveWeight,
            negativeGradient[partition]);
  }

  /** Frees everything. */
  @TearDown(Level.Trial)
  public void tearDown() {
    pool.close();
    arena.close();
  }

  /** All tiles of the batch. */
  @Benchmark
  public double step(Counter counter) {
    pool.run(PARTITIONS, task);
    counter.flops += 6L * pairs * negatives * dim;
    return loss[0];
  }
}
