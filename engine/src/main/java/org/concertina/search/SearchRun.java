package org.concertina.search;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
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
 * The whole search: labels, estimator, greedy path, evolution for every budget, and the front.
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
   * Searches.
   *
   * @param budgets at least one
   * @throws BudgetTooSmallException if one is smaller than the smallest artifact; before any work
   */
  public SearchOutcome run(List<Budget> budgets) {
    if (budgets.isEmpty()) {
      throw new IllegalArgumentException("budgets: expected at least one");
    }
    long[] bytes = budgets.stream().mapToLong(budget -> budget.bytes(layout)).toArray();
    for (long budgetBytes : bytes) {
      space.checkBudget(layout, budgetBytes);
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
      List<ElasticConfig> path = greedyPath(LongStream.of(bytes).max().orElseThrow());
      BudgetSearch search =
          new BudgetSearch(
              space,
              layout,
              config,
              jury,
              new EvolutionarySearch(
                  space, layout, config.evolution(), () -> fitness(estimator), pool),
              path,
              fitness(estimator));
      List<BudgetResult> results = searchAll(search, budgets, bytes);
      ParetoFront front = front(path, search.finalists());
      return new SearchOutcome(
          front,
          results.stream().map(result -> agree(result, front)).toList(),
          calibration,
          labels,
          jury.selecting().judged());
    }
  }

  /** A smaller point of the path may turn out to be better. */
  private static BudgetResult agree(BudgetResult result, ParetoFront front) {
    FrontPoint best = front.best(result.budgetBytes());
    return best.merit(front.objective()) > result.chosen().merit(front.objective())
        ? result.withChosen(best, "front")
        : result;
  }

  private static Fitness fitness(Estimator estimator) {
    IncrementalEstimator incremental = estimator.incremental();
    return incremental::predict;
  }

  private List<BudgetResult> searchAll(BudgetSearch search, List<Budget> budgets, long[] bytes) {
    BudgetResult[] results = new BudgetResult[bytes.length];
    List<Integer> smallestFirst =
        IntStream.range(0, bytes.length)
            .boxed()
            .sorted(Comparator.comparingLong(i -> bytes[i]))
            .toList();
    int done = 0;
    for (int i : smallestFirst) {
      listener.progress(Phase.BUDGETS, done++, bytes.length);
      results[i] = search.search(budgets.get(i), bytes[i]);
    }
    listener.progress(Phase.BUDGETS, done, bytes.length);
    return List.of(results);
  }

  /** The sampler's first configurations are the extremes; the last are fit to be held out. */
  private List<ElasticConfig> sample() {
    long seed = CounterRandom.key(config.seed(), 0);
    return new ConfigSampler(layout, space.precisions(), space.nestedOnly(), space.monotone(), seed)
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

  private List<ElasticConfig> greedyPath(long mostBytes) {
    listener.progress(Phase.GREEDY, 0, mostBytes);
    List<ElasticConfig> path =
        new GreedyGain(space, layout, jury.selecting(), config.objective())
            .path(mostBytes, reached -> listener.progress(Phase.GREEDY, reached, mostBytes));
    listener.progress(Phase.GREEDY, mostBytes, mostBytes);
    return path;
  }

  /** The greedy path fills the sizes between the budgets. */
  private ParetoFront front(List<ElasticConfig> path, List<FrontPoint> finalists) {
    List<FrontPoint> points = new ArrayList<>(finalists);
    for (ElasticConfig step : path) {
      listener.progress(Phase.FRONT, points.size() - finalists.size(), path.size());
      points.add(jury.point(step));
    }
    listener.progress(Phase.FRONT, path.size(), path.size());
    return ParetoFront.of(config.objective(), points);
  }
}
