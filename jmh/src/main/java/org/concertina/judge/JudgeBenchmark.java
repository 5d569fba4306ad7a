package org.concertina.judge;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.concertina.block.BlockChoice;
import org.concertina.block.BlockShape;
import org.concertina.block.ElasticConfig;
import org.concertina.block.Groups;
import org.concertina.block.Precision;
import org.concertina.block.RowOrder;
import org.concertina.interaction.InteractionMatrix;
import org.concertina.kernel.VectorOps;
import org.concertina.kernel.VectorOpsProvider;
import org.concertina.kernel.WorkerPool;
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

/**
 * Milliseconds to judge one configuration, all lists being in memory: 40,981 items in 20 groups, 64
 * floats in 8 blocks, five relevant items a user, one thread. With 1,000 users a score is
 * milliseconds per 1,000 users; with 10,000 divide it by ten.
 *
 * <p>In the engine's package because the counts are dropped, which is not public.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
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
public class JudgeBenchmark {
  private static final BlockShape SHAPE = new BlockShape(8, 8);
  private static final int ITEMS = 40_981;
  private static final int GROUPS = 20;
  private static final int RELEVANT = 5;

  /** Relevant items are the best of so many, about as often in a group's list as real ones. */
  private static final int TRIED = 1_000;

  private static final int CONFIGS = 64;

  /** Judged users. */
  @Param({"1000", "10000"})
  public int users;

  /** K. */
  @Param({"20", "50"})
  public int cutoff;

  private CappedArena arena;
  private WorkerPool pool;
  private Judge counting;
  private Judge lookingUp;
  private final ElasticConfig[] unrelated = new ElasticConfig[CONFIGS];
  private final ElasticConfig[] oneGroupApart = new ElasticConfig[CONFIGS];
  private int next;

  /** Builds the lists and compares the two ways to judge. */
  @Setup(Level.Trial)
  public void setUp() {
    System.out.println("provider " + VectorOpsProvider.get().name());
    arena = CappedArena.unlimited();
    pool = WorkerPool.inline();
    SplittableRandom random = new SplittableRandom(3);
    FloatTable userRows = rows(users, random);
    FloatTable itemRows = rows(ITEMS, random);
    InteractionMatrix relevant = relevant(userRows, itemRows, random);
    counting = judge(userRows, itemRows, relevant);
    lookingUp = judge(userRows, itemRows, relevant);
    lookingUp.dropCounts();
    List<BlockChoice> walk = new ArrayList<>(draw(random).choices());
    for (int i = 0; i < CONFIGS; i++) {
      unrelated[i] = draw(random);
      walk.set(random.nextInt(GROUPS), any(random));
      oneGroupApart[i] = new ElasticConfig(SHAPE, walk);
      for (ElasticConfig config : List.of(unrelated[i], oneGroupApart[i])) {
        if (!counting.judge(config).equals(lookingUp.judge(config))) {
          throw new AssertionError("counts and lists differ on " + config);
        }
      }
    }
  }

  private Judge judge(FloatTable userRows, FloatTable itemRows, InteractionMatrix relevant) {
    int[] ids = IntStream.range(0, ITEMS).toArray();
    return new Judge(
        VectorOpsProvider.get(),
        pool,
        userRows,
        itemRows,
        null,
        SHAPE,
        RowOrder.byId(Groups.equalCount(ITEMS, GROUPS), ids),
        relevant,
        List.of(),
        cutoff,
        _ -> true,
        MemoryCap.unlimited());
  }

  private FloatTable rows(int count, SplittableRandom random) {
    FloatTable rows = FloatTable.allocate(arena, count, SHAPE.dim(), "rows");
    for (int row = 0; row < count; row++) {
      for (int d = 0; d < SHAPE.dim(); d++) {
        rows.set(row, d, (float) random.nextDouble(-1, 1));
      }
    }
    return rows;
  }

  private InteractionMatrix relevant(
      FloatTable userRows, FloatTable itemRows, SplittableRandom random) {
    VectorOps ops = VectorOpsProvider.get();
    MemorySegment pointers = arena.allocateLongs(users + 1L, "pointers");
    MemorySegment indices = arena.allocateInts((long) users * RELEVANT, "indices");
    long[] scored = new long[TRIED];
    for (int u = 0; u < users; u++) {
      int first = random.nextInt(ITEMS - TRIED);
      for (int i = 0; i < TRIED; i++) {
        float dot =
            ops.rows()
                .dot(
                    userRows.segment(),
                    userRows.rowOffsetBytes(u),
                    itemRows.segment(),
                    itemRows.rowOffsetBytes((first + i * 41) % ITEMS),
                    SHAPE.dim());
        scored[i] = (long) Math.round(dot * 1e6f) << 32 | (first + i * 41) % ITEMS;
      }
      Arrays.sort(scored);
      int[] best = new int[RELEVANT];
      Arrays.setAll(best, i -> (int) scored[TRIED - 1 - i]);
      Arrays.sort(best);
      pointers.setAtIndex(ValueLayout.JAVA_LONG, u + 1L, (u + 1L) * RELEVANT);
      for (int i = 0; i < RELEVANT; i++) {
        indices.setAtIndex(ValueLayout.JAVA_INT, (long) u * RELEVANT + i, best[i]);
      }
    }
    return InteractionMatrix.view(ITEMS, pointers, indices);
  }

  private static ElasticConfig draw(SplittableRandom random) {
    List<BlockChoice> choices = new ArrayList<>();
    for (int g = 0; g < GROUPS; g++) {
      choices.add(any(random));
    }
    return new ElasticConfig(SHAPE, choices);
  }

  /** One of few choices, so that the lists fit. */
  private static BlockChoice any(SplittableRandom random) {
    return BlockChoice.prefix(
        2 << random.nextInt(3), random.nextBoolean() ? Precision.INT8 : Precision.INT4);
  }

  private int nextConfig() {
    next = (next + 1) % CONFIGS;
    return next;
  }

  /** Unrelated configurations, ranks looked up in the lists. */
  @Benchmark
  public Verdict fromLists() {
    return lookingUp.judge(unrelated[nextConfig()]);
  }

  /** Unrelated configurations whose pairs of groups have been counted. */
  @Benchmark
  public Verdict fromCounts() {
    return counting.judge(unrelated[nextConfig()]);
  }

  /** Configurations that differ in one group. */
  @Benchmark
  public Verdict oneGroupFromLists() {
    return lookingUp.judge(oneGroupApart[nextConfig()]);
  }

  /** Configurations that differ in one group, whose pairs have been counted. */
  @Benchmark
  public Verdict oneGroupFromCounts() {
    return counting.judge(oneGroupApart[nextConfig()]);
  }

  /** Frees everything. */
  @TearDown(Level.Trial)
  public void tearDown() {
    counting.close();
    lookingUp.close();
    pool.close();
    arena.close();
  }
}
