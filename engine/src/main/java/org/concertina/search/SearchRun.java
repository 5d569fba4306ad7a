package org.concertina.search;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.concertina.block.ArtifactLayout;
import org.concertina.block.ElasticConfig;
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
    ConfigEncoder encoder = new ConfigEncoder(space.shape(), space.groups(), space.precisions());
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
          learned.count(),
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

  private Labelling.Split label(ConfigEncoder encoder) {
    ConfigSampler sampler =
        new ConfigSampler(
            layout,
            space.precisions(),
            space.nestedOnly(),
            space.monotone(),
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
