package org.concertina.train;

import java.util.concurrent.TimeUnit;
import org.concertina.block.BlockShape;
import org.concertina.interaction.InteractionMatrix;
import org.concertina.jmh.BprData;
import org.concertina.kernel.VectorOps;
import org.concertina.kernel.VectorOpsProvider;
import org.concertina.kernel.WorkerPool;
import org.concertina.memory.CappedArena;
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
 * Whole epochs of BPR, draws and steps; the counter {@code triples} is a second's. The data are
 * {@link BprData}.
 *
 * <p>In the engine's package because the epoch loop is not public.
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
public class BprEpochBenchmark {
  /** Floats of a row. */
  @Param({"64", "128"})
  public int dim;

  /** What is trained. */
  @Param({"DOT", "COSINE"})
  public Similarity similarity;

  /** Threads; more than one without {@code lockFree} draw while another one steps. */
  @Param({"1", "2"})
  public int threads;

  /** Whether all threads step. */
  @Param({"false", "true"})
  public boolean lockFree;

  private CappedArena arena;
  private WorkerPool pool;
  private BprData data;
  private BprEpochs epochs;
  private int number;

  /** What is counted. */
  @State(Scope.Thread)
  @AuxCounters(AuxCounters.Type.OPERATIONS)
  public static class Counter {
    /** Triples done. */
    public long triples;
  }

  /** Reads the data and fills the tables. */
  @Setup(Level.Trial)
  public void setUp() {
    VectorOps ops = VectorOpsProvider.get();
    System.out.println("provider " + ops.name());
    arena = CappedArena.unlimited();
    pool = new WorkerPool(threads);
    data = BprData.open();
    InteractionMatrix train = data.train();
    EmbeddingModel model = EmbeddingModel.allocate(arena, train.users(), train.items(), dim);
    model.initialize(1);
    epochs = new BprEpochs(arena, ops.bpr(), pool, config(), train, model, new TrainListener() {});
  }

  private TrainConfig config() {
    boolean dot = similarity == Similarity.DOT;
    return new TrainConfig(
        BlockShape.of(dim, 8),
        20,
        new TrainConfig.Objective(Loss.BPR, 0, 0, lockFree, similarity),
        new TrainConfig.Softmax(0.1, 1, 0, true),
        new TrainConfig.Elastic(ElasticSchedule.NONE, 0),
        new TrainConfig.Diversity(0, 1),
        new TrainConfig.Optimizer(dot ? 0.05 : 0.1, 1, dot ? 0.01 : 0),
        new TrainConfig.Schedule(1, 1, 1, 1),
        1,
        TrainConfig.Encoding.FACTOR);
  }

  /** One epoch. */
  @Benchmark
  public int epoch(Counter counter) {
    epochs.run(++number);
    counter.triples += data.train().size();
    return number;
  }

  /** Frees the tables. */
  @TearDown(Level.Trial)
  public void tearDown() {
    pool.close();
    data.close();
    arena.close();
  }
}
