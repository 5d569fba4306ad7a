package org.concertina.search;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.concertina.block.ArtifactLayout;
import org.concertina.block.ElasticConfig;
import org.concertina.estimate.CalibrationReport;
import org.concertina.estimate.ConfigEncoder;
import org.concertina.estimate.ConfigSampler;
import org.concertina.estimate.Estimator;
import org.concertina.estimate.IncrementalEstimator;
import org.concertina.kernel.CounterRandom;
import org.concertina.kernel.WorkerPool;
import org.concertina.search.SearchListener.Phase;

/**
 * The whole search: labels, estimator, and the front by a {@link SearchStrategy}.
 *
 * <p>The judges are called by the calling thread alone and never while the pool is at work, so a
 * judge may use the same pool.
 */
public final class SearchRun {
  private final SearchSpace space;
  private final ArtifactLayout layout;
  private final SearchConfig config;
  private final Jury jury;
  private final WorkerPool pool;
  private final SearchListener listener;

  /**
   * @param space what may be chosen
   * @param layout what it costs
   * @param selecting judges on the users who choose
   * @param confirming judges on other users, who have a say in the final choice only
   */
  public SearchRun(
      SearchSpace space,
      ArtifactLayout layout,
      SearchConfig config,
      ConfigJudge selecting,
      Optional<ConfigJudge> confirming,
      WorkerPool pool,
      SearchListener listener) {
    if (!layout.shape().equals(space.shape()) || layout.groups().count() != space.groups()) {
      throw new IllegalArgumentException(
          "layout: expected %d groups of %s, got %d of %s"
              .formatted(space.groups(), space.shape(), layout.groups().count(), layout.shape()));
    }
    this.space = space;
    this.layout = layout;
    this.config = config;
    this.jury = new Jury(layout, config.objective(), selecting, confirming);
    this.pool = pool;
    this.listener = listener;
  }

  /**
   * Fills the whole front.
   *
   * @param budgets what to search with more care and to report; if there are none, all sizes of the
   *     front are reported
   * @throws BudgetTooSmallException if one is smaller than the smallest artifact; before any work
   */
  public SearchOutcome run(List<Budget> budgets) {
    for (Budget budget : budgets) {
      space.checkBudget(layout, budget.bytes(layout));
    }
    if (!config.front().strategy().needsEstimator()) {
      return outcome(strategies().withoutEstimator(budgets), Optional.empty(), 0);
    }
    List<ElasticConfig> sampled = sample();
    double[] metrics = label(sampled);
    // Never so much is held out that too little is left to learn from.
    int held = Math.min(config.heldOut(), sampled.size() / 2);
    int labels = sampled.size() - held;
    ConfigEncoder encoder = new ConfigEncoder(space.shape(), space.groups(), space.precisions());
    listener.progress(Phase.ESTIMATOR, 0, 1);
    try (Estimator estimator =
        Estimator.train(
            encoder,
            sampled.subList(0, labels),
            Arrays.copyOf(metrics, labels),
            config.estimator(),
            pool)) {
      listener.progress(Phase.ESTIMATOR, 1, 1);
      Optional<CalibrationReport> calibration =
          held == 0
              ? Optional.empty()
              : Optional.of(calibrate(estimator, sampled, metrics, labels));
      Supplier<Fitness> fitness = () -> fitness(estimator);
      return outcome(strategies().withEstimator(budgets, fitness), calibration, labels);
    }
  }

  private StrategyRun strategies() {
    return new StrategyRun(space, layout, config, jury, pool, listener);
  }

  private SearchOutcome outcome(
      FrontFill.Filled filled, Optional<CalibrationReport> calibration, int labels) {
    return new SearchOutcome(
        filled.front(), filled.results(), calibration, labels, jury.selecting().judged());
  }

  private static Fitness fitness(Estimator estimator) {
    IncrementalEstimator incremental = estimator.incremental();
    return incremental::predict;
  }

  /** The sampler's first configurations are the extremes; the last are fit to be held out. */
  private List<ElasticConfig> sample() {
    long seed = CounterRandom.key(config.seed(), 0);
    return new ConfigSampler(
            space.shape(), space.groups(), space.precisions(), space.nestedOnly(), seed)
        .sample(config.labels() + config.heldOut());
  }

  private double[] label(List<ElasticConfig> sampled) {
    double[] metrics = new double[sampled.size()];
    for (int i = 0; i < metrics.length; i++) {
      listener.progress(Phase.LABELS, i, metrics.length);
      metrics[i] = jury.select(sampled.get(i));
    }
    listener.progress(Phase.LABELS, metrics.length, metrics.length);
    return metrics;
  }

  private CalibrationReport calibrate(
      Estimator estimator, List<ElasticConfig> sampled, double[] metrics, int labels) {
    List<ElasticConfig> held = sampled.subList(labels, sampled.size());
    double full = layout.fullTableBytes();
    return CalibrationReport.of(
        held.stream().mapToDouble(estimator::predict).toArray(),
        Arrays.copyOfRange(metrics, labels, metrics.length),
        held.stream().mapToDouble(c -> layout.fileBytes(c) / full).toArray());
  }
}
