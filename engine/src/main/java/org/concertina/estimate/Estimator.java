package org.concertina.estimate;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.concertina.block.ElasticConfig;
import org.concertina.kernel.CounterRandom;
import org.concertina.kernel.VectorOps;
import org.concertina.kernel.VectorOpsProvider;
import org.concertina.kernel.WorkerPool;
import org.concertina.memory.CappedArena;

/**
 * Predicts the metric of a configuration: the mean of an ensemble of {@link Mlp}s.
 *
 * <p>Owns the weights' memory. Thread-safe until closed; an {@link IncrementalEstimator} serves one
 * thread.
 */
public final class Estimator implements AutoCloseable {
  private final CappedArena arena;
  private final VectorOps ops;
  private final ConfigEncoder encoder;
  private final List<Mlp> members;
  private final Ensemble ensemble;
  private final double mean;
  private final double deviation;

  private Estimator(
      CappedArena arena,
      VectorOps ops,
      ConfigEncoder encoder,
      List<Mlp> members,
      double mean,
      double deviation) {
    this.arena = arena;
    this.ops = ops;
    this.encoder = encoder;
    this.members = List.copyOf(members);
    this.ensemble = new Ensemble(arena, ops.rows(), encoder, members);
    this.mean = mean;
    this.deviation = deviation;
  }

  /**
   * Trains an estimator. The result depends on labels and settings, not on the pool's threads.
   *
   * @param configs labelled configurations
   * @param metrics their exact metric
   * @throws IllegalArgumentException if there is nothing to learn: fewer than two labels, a metric
   *     that is not finite, or one that is the same everywhere
   */
  public static Estimator train(
      ConfigEncoder encoder,
      List<ElasticConfig> configs,
      double[] metrics,
      EstimatorConfig config,
      WorkerPool pool) {
    checkLabels(configs, metrics);
    double mean = 0;
    for (double metric : metrics) {
      mean += metric / metrics.length;
    }
    double variance = 0;
    for (double metric : metrics) {
      variance += (metric - mean) * (metric - mean) / metrics.length;
    }
    double deviation = Math.sqrt(variance);
    int[][] active = new int[metrics.length][];
    float[] targets = new float[metrics.length];
    for (int i = 0; i < metrics.length; i++) {
      active[i] = encoder.active(configs.get(i));
      targets[i] = (float) ((metrics[i] - mean) / deviation);
    }
    CappedArena arena = CappedArena.unlimited();
    List<Mlp> members = new ArrayList<>();
    VectorOps ops = VectorOpsProvider.get();
    for (int m = 0; m < config.members(); m++) {
      long seed = CounterRandom.key(config.seed(), m);
      members.add(new Mlp(arena, ops, encoder.width(), config.hidden(), seed));
    }
    pool.run(
        members.size(),
        (m, _) -> {
          long key = CounterRandom.key(CounterRandom.key(config.seed(), m), 4);
          try (MlpTrainer trainer = new MlpTrainer(members.get(m), config, active, targets, key)) {
            trainer.train();
          }
        });
    return new Estimator(arena, ops, encoder, members, mean, deviation);
  }

  private static void checkLabels(List<ElasticConfig> configs, double[] metrics) {
    if (configs.size() != metrics.length || metrics.length < 2) {
      throw new IllegalArgumentException(
          "labels: expected as many configurations as metrics and at least 2, got %d and %d"
              .formatted(configs.size(), metrics.length));
    }
    boolean constant = true;
    for (int i = 0; i < metrics.length; i++) {
      if (!Double.isFinite(metrics[i])) {
        throw new IllegalArgumentException(
            "labels: the metric of configuration %d is %s; judge it again, or train the model again if its rows are not finite"
                .formatted(i, metrics[i]));
      }
      constant &= metrics[i] == metrics[0];
    }
    if (constant) {
      throw new IllegalArgumentException(
          "labels: all %d configurations have the metric %s, so there is nothing to learn; judge on more users, or train the model longer"
              .formatted(metrics.length, metrics[0]));
    }
  }

  /** How configurations become features. */
  public ConfigEncoder encoder() {
    return encoder;
  }

  /** The predicted metric of a configuration. */
  public double predict(ElasticConfig config) {
    int[] active = encoder.active(config);
    double sum = 0;
    for (Mlp member : members) {
      sum += member.evaluate(active);
    }
    return metric(sum / members.size());
  }

  /**
   * How much the networks disagree on a configuration: the standard deviation of their predictions,
   * in units of the metric; 0 for one network.
   */
  public double disagreement(ElasticConfig config) {
    int[] active = encoder.active(config);
    double sum = 0;
    double squares = 0;
    for (Mlp member : members) {
      double output = member.evaluate(active);
      sum += output;
      squares += output * output;
    }
    double average = sum / members.size();
    return deviation * Math.sqrt(Math.max(0, squares / members.size() - average * average));
  }

  /**
   * The configurations on which the networks disagree most, which is where a label teaches most
   * (query by committee of Seung et al., COLT 1992); the largest disagreement first, equal ones in
   * their order.
   *
   * @param count how many at most
   */
  public List<ElasticConfig> mostDisputed(
      List<ElasticConfig> candidates, int count, WorkerPool pool) {
    double[] disputes = new double[candidates.size()];
    pool.run(disputes.length, (i, _) -> disputes[i] = disagreement(candidates.get(i)));
    return IntStream.range(0, disputes.length)
        .boxed()
        .sorted(Comparator.comparingDouble(i -> -disputes[i]))
        .limit(count)
        .map(candidates::get)
        .toList();
  }

  /** A view with state for one thread; its memory lives as long as this estimator. */
  public IncrementalEstimator incremental() {
    return new IncrementalEstimator(this, arena, ops);
  }

  List<Mlp> members() {
    return members;
  }

  Ensemble ensemble() {
    return ensemble;
  }

  /** The metric that an output of the networks stands for. */
  double metric(double output) {
    return mean + deviation * output;
  }

  @Override
  public void close() {
    arena.close();
  }
}
