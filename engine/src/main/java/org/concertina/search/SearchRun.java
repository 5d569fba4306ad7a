package org.concertina.search;

import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.concertina.block.ArtifactLayout;
import org.concertina.estimate.Calibration;
import org.concertina.estimate.ConfigEncoder;
import org.concertina.estimate.ConfigSampler;
import org.concertina.estimate.Estimator;
import org.concertina.estimate.IncrementalEstimator;
import org.concertina.estimate.Labelling;
import org.concertina.estimate.Labels;
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
    ConfigEncoder encoder =
        new ConfigEncoder(space.shape(), space.groups(), space.precisions(), space.allowDropped());
    Labelling.Split labels = label(encoder);
    Labels learned = labels.learned();
    listener.progress(Phase.ESTIMATOR, 0, 1);
    try (Estimator estimator =
        Estimator.train(encoder, learned.configs(), learned.metrics(), config.estimator(), pool)) {
      listener.progress(Phase.ESTIMATOR, 1, 1);
      Optional<Calibration> calibration =
          config.heldOut() == 0
              ? Optional.empty()
              : Optional.of(Calibration.of(estimator, labels, layout));
      Supplier<Fitness> fitness = () -> fitness(estimator);
      return outcome(strategies().withEstimator(budgets, fitness), calibration, learned.count());
    }
  }

  private StrategyRun strategies() {
    return new StrategyRun(space, layout, config, jury, pool, listener);
  }

  private SearchOutcome outcome(
      FrontFill.Filled filled, Optional<Calibration> calibration, int labels) {
    return new SearchOutcome(
        filled.front(), filled.results(), calibration, labels, jury.selecting().judged());
  }

  private static Fitness fitness(Estimator estimator) {
    IncrementalEstimator incremental = estimator.incremental();
    return incremental::predict;
  }

  private Labelling.Split label(ConfigEncoder encoder) {
    ConfigSampler sampler =
        new ConfigSampler(
            layout,
            space.precisions(),
            space.nestedOnly(),
            space.monotone(),
            space.keptGroups(),
            CounterRandom.key(config.seed(), 0));
    int total = config.labels() + config.heldOut();
    listener.progress(Phase.LABELS, 0, total);
    Labelling.Split labels =
        new Labelling(sampler, encoder, config.estimator(), jury::select, pool)
            .label(
                config.labels(),
                config.heldOut(),
                judged -> listener.progress(Phase.LABELS, Math.min(judged, total), total));
    listener.progress(Phase.LABELS, total, total);
    return labels;
  }
}
