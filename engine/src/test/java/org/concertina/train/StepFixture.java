package org.concertina.train;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.Arrays;
import org.concertina.TestData;
import org.concertina.block.Groups;
import org.concertina.block.NarrowCodes;
import org.concertina.interaction.InteractionData;
import org.concertina.interaction.InteractionMatrix;
import org.concertina.kernel.AdamStep;
import org.concertina.kernel.CounterRandom;
import org.concertina.kernel.VectorOps;
import org.concertina.kernel.VectorOpsProvider;
import org.concertina.kernel.WorkerPool;
import org.concertina.memory.CappedArena;
import org.concertina.memory.FloatTable;

/** One batch on a small set, and its loss written out in double, for gradient tests. */
final class StepFixture implements AutoCloseable {
  /** A step this long over an epsilon as large is the gradient: w - 1e6 g / (|g| + 1e6). */
  private static final float HUGE = 1e6f;

  private static final long MASK_KEY = 5;

  final TrainConfig config;
  final EmbeddingModel model;
  final BatchPlan plan;
  private final CappedArena arena = CappedArena.unlimited();
  private final InteractionData data;
  private final WorkerPool pool;
  private final BatchStep step;
  private final FloatTable masks;
  private final ReferenceEncoder reference;
  private final int[] popularity;
  private final double largest;

  StepFixture(Path dir, TrainConfig config, int threads) throws IOException {
    this(dir, config, threads, 0);
  }

  StepFixture(Path dir, TrainConfig config, int threads, int codeBits) throws IOException {
    this.config = config;
    data = TestData.synthetic(dir, 60, 90);
    InteractionMatrix train = data.train();
    model = Encoders.allocateWeights(arena, config, data.users(), data.items());
    model.initialize(3);
    pool = new WorkerPool(threads);
    Encoder encoder =
        Encoders.create(
            arena, VectorOpsProvider.get(), pool, config, train, model, plainGradient());
    reference = new ReferenceEncoder(config.encoder(), train);
    MemorySegment users = arena.allocateInts(train.size(), "users of the pairs");
    popularity = new int[data.items()];
    for (int u = 0; u < train.users(); u++) {
      for (long p = train.begin(u); p < train.end(u); p++) {
        users.setAtIndex(ValueLayout.JAVA_INT, p, u);
        popularity[train.itemAt(p)]++;
      }
    }
    largest = Arrays.stream(popularity).max().orElseThrow();
    plan =
        new BatchPlan(
            train,
            users,
            new NegativeSampler(popularity, config.softmax().popularityExponent()),
            config.schedule().batchSize(),
            BatchStep.negatives(config, data.items()),
            encoder.slotPerPair());
    plan.prepare(CounterRandom.key(7, 1), 0);
    step =
        new BatchStep(
            arena,
            VectorOpsProvider.get(),
            pool,
            config,
            train,
            encoder,
            BatchStep.PARTITIONS,
            codeBits);
    ElasticSampler sampler =
        new ElasticSampler(arena, config.shape(), config.groups(), config.elastic());
    sampler.draw(MASK_KEY);
    Groups groups = Groups.equalCount(data.items(), config.groups());
    masks = FloatTable.allocate(arena, data.items(), config.shape().dim(), "masks");
    for (int item = 0; item < data.items(); item++) {
      for (int d = 0; d < config.shape().dim(); d++) {
        long at = sampler.offsetBytes(groups.groupOf(item)) + (long) d * Float.BYTES;
        masks.set(item, d, sampler.segment().get(ValueLayout.JAVA_FLOAT, at));
      }
    }
  }

  private RowOptimizer plainGradient() {
    VectorOps ops = VectorOpsProvider.get();
    return switch (config.optimizer().kind()) {
      case ADAM -> {
        AdamStep noMomentum = new AdamStep(HUGE, 0, 0, HUGE, 0);
        yield Adam.allocate(arena, ops.optimizers(), config.encoder(), model, noMomentum);
      }
      case ADAGRAD -> {
        Adagrad adagrad = Adagrad.allocate(arena, ops.optimizers(), model, HUGE);
        adagrad.setStep(1, HUGE, 0);
        yield adagrad;
      }
    };
  }

  /** Takes a step along the plain gradient and returns the loss before it. */
  double run() {
    return step.run(plan, MASK_KEY, null, 0, 0);
  }

  /** The whole objective of the batch in double, written as in the papers. */
  double loss(double[][] userWeights, double[][] itemWeights) {
    double[][] users = reference.users(userWeights, itemWeights);
    double[][] items = reference.items(userWeights, itemWeights);
    double loss = 0;
    double tau = config.softmax().temperature();
    int negatives = BatchStep.negatives(config, data.items());
    for (int p = 0; p < plan.pairs; p++) {
      int user = plan.userOfSlot[plan.userSlotOfPair[p]];
      int positive = plan.itemOfSlot[plan.itemSlotOfPair[p]];
      double[] vector = reference.userOfPair(users, itemWeights, user, positive);
      boolean ccl = config.objective().loss() == Loss.CCL;
      double cosine = cosine(vector, items[positive], positive);
      double score = (cosine + prior(positive)) / tau;
      double sum = ccl ? 0 : Math.exp(score);
      for (int n = 0; n < negatives; n++) {
        int negative = plan.itemOfSlot[n];
        boolean left =
            config.softmax().maskLiked()
                ? data.train().contains(user, negative)
                : negative == positive;
        if (!left) {
          double other = cosine(vector, items[negative], negative);
          sum +=
              ccl
                  ? Math.max(0, other - config.objective().margin())
                  : Math.exp((other + prior(negative)) / tau);
        }
      }
      loss +=
          ccl
              ? 1 - cosine + config.objective().negativeWeight() / negatives * sum
              : Math.log(sum) - score;
    }
    double weight = config.diversity().weight() * plan.pairs / plan.itemSlots;
    for (int slot = 0; slot < plan.itemSlots && weight > 0; slot++) {
      double[] item = items[plan.itemOfSlot[slot]];
      TrainConfig.Diversity diversity = config.diversity();
      loss +=
          weight
              * DiversityRegularizerTest.value(
                  diversity.form(), diversity.gamma(), config.shape(), item);
    }
    return loss;
  }

  /** The items as a loss of coded rows sees them: masked and coded, at the rows' own lengths. */
  double[][] coded(int bits) {
    double[][] coded = new double[data.items()][config.shape().dim()];
    MemorySegment row = arena.allocateFloats(config.shape().dim(), "a row");
    for (int item = 0; item < coded.length; item++) {
      double squared = 0;
      for (int d = 0; d < coded[item].length; d++) {
        float kept = model.items().get(item, d) * masks.get(item, d);
        row.setAtIndex(ValueLayout.JAVA_FLOAT, d, kept);
        squared += (double) kept * kept;
      }
      NarrowCodes.quantizeInPlace(row, 0, coded[item].length, bits);
      for (int d = 0; d < coded[item].length; d++) {
        coded[item][d] = row.getAtIndex(ValueLayout.JAVA_FLOAT, d) * Math.sqrt(squared);
      }
    }
    return coded;
  }

  private double prior(int item) {
    double share = Math.max(1.0, popularity[item]) / largest;
    return config.softmax().temperature() * config.softmax().popularityPrior() * Math.log(share);
  }

  private double cosine(double[] user, double[] item, int index) {
    double dot = 0;
    double userSquared = 0;
    double itemSquared = 0;
    for (int d = 0; d < user.length; d++) {
      double kept = item[d] * masks.get(index, d);
      dot += user[d] * kept;
      userSquared += user[d] * user[d];
      itemSquared += kept * kept;
    }
    return dot / Math.sqrt(userSquared * itemSquared);
  }

  /** A table's values in double. */
  static double[][] values(FloatTable table) {
    double[][] values = new double[(int) table.rows()][table.dim()];
    for (int row = 0; row < values.length; row++) {
      for (int d = 0; d < table.dim(); d++) {
        values[row][d] = table.get(row, d);
      }
    }
    return values;
  }

  @Override
  public void close() {
    pool.close();
    data.close();
    arena.close();
  }
}
