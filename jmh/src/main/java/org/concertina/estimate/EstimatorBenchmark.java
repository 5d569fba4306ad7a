package org.concertina.estimate;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.concertina.block.ArtifactLayout;
import org.concertina.block.BlockChoice;
import org.concertina.block.BlockShape;
import org.concertina.block.ElasticConfig;
import org.concertina.block.Groups;
import org.concertina.block.Precision;
import org.concertina.kernel.VectorOps;
import org.concertina.kernel.VectorOpsProvider;
import org.concertina.kernel.WorkerPool;
import org.concertina.memory.CappedArena;
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
 * Candidates a second that one core predicts: 20 groups of 8 blocks in three precisions, all
 * networks of the ensemble.
 *
 * <p>In the engine's package because the members are not public.
 */
@State(Scope.Thread)
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
public class EstimatorBenchmark {
  private static final BlockShape SHAPE = new BlockShape(8, 8);
  private static final int GROUPS = 20;
  private static final int CANDIDATES = 1_024;
  private static final List<Precision> PRECISIONS = List.of(Precision.values());
  private static final ArtifactLayout LAYOUT =
      new ArtifactLayout(Groups.equalCount(40_981, GROUPS), SHAPE, 0);

  /** Units of one network. */
  @Param({"64"})
  public int hidden;

  /** Networks of the ensemble. */
  @Param({"4"})
  public int members;

  private CappedArena arena;
  private Estimator estimator;
  private IncrementalEstimator incremental;
  private final int[] groups = new int[CANDIDATES];
  private final BlockChoice[] flipped = new BlockChoice[CANDIDATES];
  private final BlockChoice[] random = new BlockChoice[CANDIDATES];
  private List<List<BlockChoice>> lists;
  private MlpGradient[] dense;
  private MemorySegment inputs;

  /** Trains on a made-up metric and compares the three ways to predict. */
  @Setup(Level.Trial)
  public void setUp() {
    VectorOps ops = VectorOpsProvider.get();
    System.out.println("provider " + ops.name());
    arena = CappedArena.unlimited();
    ConfigEncoder encoder = new ConfigEncoder(SHAPE, GROUPS, PRECISIONS);
    List<ElasticConfig> sampled =
        new ConfigSampler(LAYOUT, PRECISIONS, true, true, LAYOUT.groups().count(), 1)
            .sample(CANDIDATES);
    double[] metrics =
        sampled.stream().mapToDouble(c -> Math.log((double) LAYOUT.fileBytes(c))).toArray();
    EstimatorConfig config = new EstimatorConfig(hidden, members, 5, 5, 0.003, 1e-5, 0, 1);
    estimator = Estimator.train(encoder, sampled, metrics, config, WorkerPool.inline());
    incremental = estimator.incremental();
    lists = sampled.stream().map(ElasticConfig::choices).toList();
    inputs = arena.allocateFloats((long) CANDIDATES * encoder.width(), "inputs");
    dense = new MlpGradient[members];
    for (int m = 0; m < members; m++) {
      dense[m] = new MlpGradient(arena, estimator.members().get(m), CANDIDATES, 0);
    }
    for (int i = 0; i < CANDIDATES; i++) {
      for (int index : encoder.active(sampled.get(i))) {
        inputs.setAtIndex(ValueLayout.JAVA_FLOAT, (long) i * encoder.width() + index, 1f);
      }
    }
    double predicted = estimator.predict(sampled.getLast());
    checkNear(predicted, incremental.predict(lists.getLast()));
    denseForward();
    double sum = 0;
    for (MlpGradient member : dense) {
      sum += member.output(CANDIDATES - 1);
    }
    checkNear(predicted, estimator.metric(sum / members));
    drawMoves(sampled.getLast());
  }

  private static void checkNear(double expected, double actual) {
    if (!(Math.abs(expected - actual) < 1e-4)) {
      throw new AssertionError("expected " + expected + ", got " + actual);
    }
  }

  /** Moves that a search makes: a block more or less of one group; and any choice instead. */
  private void drawMoves(ElasticConfig start) {
    List<BlockChoice> now = new ArrayList<>(start.choices());
    Draws draws = new Draws(2);
    for (int i = 0; i < CANDIDATES; i++) {
      groups[i] = draws.below(GROUPS);
      BlockChoice old = now.get(groups[i]);
      int kept = old.keptBlocks();
      kept += kept == 1 || (kept < SHAPE.blocks() && draws.chance(0.5)) ? 1 : -1;
      flipped[i] = BlockChoice.prefix(kept, old.precision());
      now.set(groups[i], flipped[i]);
      random[i] =
          BlockChoice.prefix(draws.between(1, SHAPE.blocks()), PRECISIONS.get(draws.below(3)));
    }
  }

  /** One block of one group, then the prediction. */
  @Benchmark
  @OperationsPerInvocation(CANDIDATES)
  public double flip() {
    double sum = 0;
    for (int i = 0; i < CANDIDATES; i++) {
      incremental.setChoice(groups[i], flipped[i]);
      sum += incremental.predict();
    }
    return sum;
  }

  /** Any other choice of one group, then the prediction. */
  @Benchmark
  @OperationsPerInvocation(CANDIDATES)
  public double replaceGroup() {
    double sum = 0;
    for (int i = 0; i < CANDIDATES; i++) {
      incremental.setChoice(groups[i], random[i]);
      sum += incremental.predict();
    }
    return sum;
  }

  /** All groups anew, one unrelated configuration after another. */
  @Benchmark
  @OperationsPerInvocation(CANDIDATES)
  public double unrelated() {
    double sum = 0;
    for (int i = 0; i < CANDIDATES; i++) {
      sum += incremental.predict(lists.get(i));
    }
    return sum;
  }

  /** The same networks as matrix products over a batch of zeros and ones. */
  @Benchmark
  @OperationsPerInvocation(CANDIDATES)
  public float denseForward() {
    float sum = 0;
    for (MlpGradient member : dense) {
      member.forward(inputs, CANDIDATES);
      sum += member.output(0);
    }
    return sum;
  }

  /** Frees everything. */
  @TearDown(Level.Trial)
  public void tearDown() {
    estimator.close();
    arena.close();
  }
}
