package org.concertina.search;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.concertina.block.ArtifactLayout;
import org.concertina.block.ElasticConfig;
import org.concertina.kernel.CounterRandom;

/**
 * Finds the best configuration of one budget after another, the smallest first.
 *
 * <p>What simple strategies propose stands against what was searched for, see {@link
 * Contestants#decide}.
 */
final class BudgetSearch {
  /** How much less is spent on a size that nobody asked for. */
  static final int QUICKER = 4;

  /** Smaller sizes that a size starts from. */
  private static final int NEAREST = 2;

  private final SearchSpace space;
  private final ArtifactLayout layout;
  private final SearchConfig config;
  private final Jury jury;
  private final Baselines baselines;
  private final SearchStrategy evolution;
  private final SearchStrategy quick;
  private final List<ElasticConfig> spread;
  private final ExactPolish polish;
  private final List<FrontPoint> chosen = new ArrayList<>();

  /**
   * @param evolution searches a budget, started from all that is known
   * @param quick does the same in less time, for sizes that nobody asked for
   * @param spread configurations of all sizes from a search of the whole front
   * @param fitness for the exact local search
   */
  BudgetSearch(
      SearchSpace space,
      ArtifactLayout layout,
      SearchConfig config,
      Jury jury,
      Baselines baselines,
      SearchStrategy evolution,
      SearchStrategy quick,
      List<ElasticConfig> spread,
      Fitness fitness) {
    this.space = space;
    this.layout = layout;
    this.config = config;
    this.jury = jury;
    this.baselines = baselines;
    this.evolution = evolution;
    this.quick = quick;
    this.spread = List.copyOf(spread);
    this.polish = new ExactPolish(space, layout, jury.selecting(), config.objective(), fitness);
  }

  BudgetResult search(Budget budget, long budgetBytes, boolean asked) {
    Map<String, List<ElasticConfig>> simple =
        asked ? baselines.at(budgetBytes) : baselines.withoutRandom().at(budgetBytes);
    Map<ElasticConfig, String> searched = new LinkedHashMap<>();
    List<ElasticConfig> seeds = new ArrayList<>();
    simple.values().forEach(seeds::addAll);
    Repair repair = new Repair(space, budgetBytes);
    // Sizes come in order; what far smaller ones chose has been outgrown.
    for (FrontPoint point : chosen.subList(Math.max(0, chosen.size() - NEAREST), chosen.size())) {
      Genome filled = Genome.of(layout, point.config());
      repair.fillPopularFirstInPlace(filled);
      searched.putIfAbsent(point.config(), "smaller budget");
      searched.putIfAbsent(filled.toConfig(), "smaller budget, filled");
    }
    largest(spread, budgetBytes)
        .ifPresent(found -> searched.putIfAbsent(found, StrategyKind.NSGA2.toString()));
    seeds.addAll(searched.keySet());
    long seed = CounterRandom.key(config.seed(), budgetBytes);
    int candidates = Math.ceilDiv(config.candidates(), asked ? 1 : QUICKER);
    (asked ? evolution : quick)
        .search(new SearchStrategy.Request(budgetBytes, seeds, candidates, seed))
        .forEach(found -> searched.putIfAbsent(found, StrategyKind.EVOLUTION.toString()));
    seeds.addAll(searched.keySet());
    // Strategies without a judge may leave the space; polish starts inside.
    List<ElasticConfig> inside = seeds.stream().filter(space::contains).toList();
    int judgements = config.polishJudgements() / (asked ? 1 : QUICKER);
    ElasticConfig polished =
        polish.climb(jury.shortlist(inside, 1).getFirst(), budgetBytes, judgements);
    searched.putIfAbsent(polished, StrategyKind.EVOLUTION + ", polished");
    simple.values().forEach(list -> list.forEach(searched::remove));
    BudgetResult result =
        new Contestants(jury, config, simple, searched).decide(budget, budgetBytes);
    chosen.add(result.chosen());
    return result;
  }

  private Optional<ElasticConfig> largest(List<ElasticConfig> configs, long budgetBytes) {
    ElasticConfig largest = null;
    for (ElasticConfig candidate : configs) {
      if (layout.fileBytes(candidate) <= budgetBytes
          && (largest == null || layout.fileBytes(candidate) > layout.fileBytes(largest))) {
        largest = candidate;
      }
    }
    return Optional.ofNullable(largest);
  }
}
