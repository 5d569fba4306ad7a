package org.concertina.search;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.concertina.block.ArtifactLayout;
import org.concertina.block.ElasticConfig;
import org.concertina.kernel.WorkerPool;
import org.concertina.search.SearchListener.Phase;

/**
 * Fills a front by the strategy that was asked for: evolution started from all others and against
 * them, or one of the others by itself.
 */
final class StrategyRun {
  private final SearchSpace space;
  private final ArtifactLayout layout;
  private final SearchConfig config;
  private final Jury jury;
  private final WorkerPool pool;
  private final SearchListener listener;
  private final FrontFill fill;

  StrategyRun(
      SearchSpace space,
      ArtifactLayout layout,
      SearchConfig config,
      Jury jury,
      WorkerPool pool,
      SearchListener listener) {
    this.space = space;
    this.layout = layout;
    this.config = config;
    this.jury = jury;
    this.pool = pool;
    this.listener = listener;
    this.fill = new FrontFill(space, layout, config, jury, listener);
  }

  /** A strategy that asks the exact judge alone. */
  FrontFill.Filled withoutEstimator(List<Budget> budgets) {
    StrategyKind kind = config.front().strategy();
    long largest = fill.largest(budgets);
    Baselines baselines =
        new Baselines(
            space,
            layout,
            kind == StrategyKind.GREEDY ? greedyPath(largest) : List.of(),
            config.randomConfigs(),
            config.seed());
    Fitness exact = choices -> jury.select(new ElasticConfig(space.shape(), choices));
    SearchStrategy strategy =
        new ProposalStrategy(space, layout, (bytes, _) -> baselines.of(kind, bytes), exact);
    return fill.fill(budgets, (budget, bytes, _) -> alone(kind, strategy, budget, bytes));
  }

  private BudgetResult alone(
      StrategyKind kind, SearchStrategy strategy, Budget budget, long budgetBytes) {
    Map<ElasticConfig, String> found = new LinkedHashMap<>();
    strategy
        .search(
            new SearchStrategy.Request(budgetBytes, List.of(), config.candidates(), config.seed()))
        .forEach(candidate -> found.put(candidate, kind.toString()));
    return new Contestants(jury, config, Map.of(), found).decide(budget, budgetBytes);
  }

  /**
   * A strategy that asks a model of the judge.
   *
   * @param fitness makes one for every thread that asks
   */
  FrontFill.Filled withEstimator(List<Budget> budgets, Supplier<Fitness> fitness) {
    long largest = fill.largest(budgets);
    Nsga2 nsga2 =
        new Nsga2(
            space,
            layout,
            config.evolution().islands() * config.evolution().population(),
            config.evolution().generations(),
            fitness,
            pool);
    if (config.front().strategy() == StrategyKind.NSGA2) {
      List<ElasticConfig> spread = spread(nsga2, List.of(), largest);
      SearchStrategy strategy =
          new ProposalStrategy(space, layout, (bytes, _) -> spread, fitness.get());
      return fill.fill(
          budgets, (budget, bytes, _) -> alone(StrategyKind.NSGA2, strategy, budget, bytes));
    }
    List<ElasticConfig> path = greedyPath(largest);
    BudgetSearch search =
        new BudgetSearch(
            space,
            layout,
            config,
            jury,
            new Baselines(space, layout, path, config.randomConfigs(), config.seed()),
            new EvolutionarySearch(space, layout, config.evolution(), fitness, pool),
            new EvolutionarySearch(
                space, layout, config.evolution().shortened(BudgetSearch.QUICKER), fitness, pool),
            spread(nsga2, path, largest),
            fitness.get());
    return fill.fill(budgets, search::search);
  }

  private List<ElasticConfig> spread(Nsga2 nsga2, List<ElasticConfig> seeds, long largest) {
    return nsga2.front(new SearchStrategy.Request(largest, seeds, 1, config.seed()));
  }

  private List<ElasticConfig> greedyPath(long mostBytes) {
    listener.progress(Phase.GREEDY, 0, mostBytes);
    List<ElasticConfig> path =
        new GreedyGain(space, layout, jury.selecting(), config.objective())
            .path(mostBytes, reached -> listener.progress(Phase.GREEDY, reached, mostBytes));
    listener.progress(Phase.GREEDY, mostBytes, mostBytes);
    return path;
  }
}
