package org.concertina.estimate;

import java.util.ArrayList;
import java.util.List;
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
  private final ConfigEncoder encoder;
  private final List<Mlp> members;
  private final double mean;
  private final double deviation;

  private Estimator(
      CappedArena arena, ConfigEncoder encoder, List<Mlp> members, double mean, double deviation) {
    this.arena = arena;
    this.encoder = encoder;
    this.members = List.copyOf(members);
    this.mean = mean;
    this.deviation = deviation;
  }

  /**
   * Trains an estimator. The result depends on labels and settings, not on the pool's threads.
   *
   * @param configs labelled configurations
   * @param metrics their exact metric
   */
  public static Estimator train(
      ConfigEncoder encoder,
      List<ElasticConfig> configs,
      double[] metrics,
      EstimatorConfig config,
      WorkerPool pool) {
    if (configs.isEmpty() || configs.size() != metrics.length) {
      throw new IllegalArgumentException(
          "labels: expected as many configurations as metrics and at least one, got %d and %d"
              .formatted(configs.size(), metrics.length));
    }
    double mean = 0;
    for (double metric : metrics) {
      mean += metric / metrics.length;
    }
    double variance = 0;
    for (double metric : metrics) {
      variance += (metric - mean) * (metric - mean) / metrics.length;
    }
    double deviation = variance > 0 ? Math.sqrt(variance) : 1;
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
      members.add(new Mlp(arena, ops, encoder.width(), config.hidden1(), config.hidden2(), seed));
    }
    pool.run(
        members.size(),
        (m, _) -> {
          long key = CounterRandom.key(CounterRandom.key(config.seed(), m), 4);
          try (MlpTrainer trainer = new MlpTrainer(members.get(m), config, active, targets, key)) {
            trainer.train();
          }
        });
    return new Estimator(arena, encoder, members, mean, deviation);
  }

  /** How configurations become features. */
  public ConfigEncoder encoder() {
    return encoder;
  }

  /** The predicted metric, computed from scratch. */
  public double predict(ElasticConfig config) {
    int[] active = encoder.active(config);
    double sum = 0;
    for (Mlp member : members) {
      sum += member.evaluate(active);
    }
    return metric(sum);
  }

  /** A view with state for one thread; its memory lives as long as this estimator. */
  public IncrementalEstimator incremental() {
    return new IncrementalEstimator(this, arena);
  }

  List<Mlp> members() {
    return members;
  }

  /** The metric that a sum of the members' outputs stands for. */
  double metric(double sumOfOutputs) {
    return mean + deviation * sumOfOutputs / members.size();
  }

  @Override
  public void close() {
    arena.close();
  }
}
