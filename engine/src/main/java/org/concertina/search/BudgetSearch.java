package org.concertina.search;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.concertina.block.ArtifactLayout;
import org.concertina.block.ElasticConfig;
import org.concertina.block.Precision;
import org.concertina.kernel.CounterRandom;

/** Finds the best configuration of one budget after another, the smallest first. */
final class BudgetSearch {
  private static final String EVOLUTION = "evolution";
  private static final String POLISH = "evolution, polished";

  private final SearchSpace space;
  private final ArtifactLayout layout;
  private final SearchConfig config;
  private final Jury jury;
  private final EvolutionarySearch evolution;
  private final ExactPolish polish;
  private final List<ElasticConfig> greedyPath;
  private final List<FrontPoint> finalists = new ArrayList<>();

  /**
   * @param greedyPath from the smallest configuration on, growing
   * @param fitness for the exact local search
   */
  BudgetSearch(
      SearchSpace space,
      ArtifactLayout layout,
      SearchConfig config,
      Jury jury,
      EvolutionarySearch evolution,
      List<ElasticConfig> greedyPath,
      Fitness fitness) {
    this.space = space;
    this.layout = layout;
    this.config = config;
    this.jury = jury;
    this.evolution = evolution;
    this.greedyPath = greedyPath;
    this.polish = new ExactPolish(space, layout, jury.selecting(), config.objective(), fitness);
  }

  /** Everything that was judged on all users so far. */
  List<FrontPoint> finalists() {
    return finalists;
  }

  BudgetResult search(Budget budget, long budgetBytes) {
    Map<String, List<ElasticConfig>> strategies = strategies(budgetBytes);
    Map<ElasticConfig, String> origins = new LinkedHashMap<>();
    strategies.forEach(
        (name, configs) -> configs.forEach(found -> origins.putIfAbsent(found, name)));
    for (FrontPoint point : finalists) {
      if (point.fileBytes() <= budgetBytes) {
        Genome filled = Genome.of(layout, point.config());
        new Repair(space, budgetBytes).fillPopularFirstInPlace(filled);
        origins.putIfAbsent(point.config(), "smaller budget");
        origins.putIfAbsent(filled.toConfig(), "smaller budget, filled");
      }
    }
    long seed = CounterRandom.key(config.seed(), budgetBytes);
    evolution
        .search(budgetBytes, List.copyOf(origins.keySet()), config.candidates(), seed)
        .forEach(found -> origins.putIfAbsent(found, EVOLUTION));
    // Strategies without a judge may leave the space; polish starts inside.
    List<ElasticConfig> inside = origins.keySet().stream().filter(space::contains).toList();
    ElasticConfig best = jury.shortlist(inside, 1).getFirst();
    ElasticConfig polished = polish.climb(best, budgetBytes, config.polishJudgements());
    origins.putIfAbsent(polished, POLISH);
    return choose(budget, budgetBytes, strategies, origins);
  }

  private BudgetResult choose(
      Budget budget,
      long budgetBytes,
      Map<String, List<ElasticConfig>> strategies,
      Map<ElasticConfig, String> origins) {
    List<BudgetResult.Baseline> baselines = new ArrayList<>();
    List<FrontPoint> points = new ArrayList<>();
    strategies.forEach(
        (name, configs) -> {
          if (!configs.isEmpty()) {
            FrontPoint point = jury.point(jury.shortlist(configs, 1).getFirst());
            baselines.add(new BudgetResult.Baseline(name, point));
            points.add(point);
          }
        });
    jury.shortlist(List.copyOf(origins.keySet()), config.finalists())
        .forEach(found -> points.add(jury.point(found)));
    finalists.addAll(points);
    FrontPoint chosen = ParetoFront.of(config.objective(), points).best(budgetBytes);
    return new BudgetResult(budget, budgetBytes, chosen, origins.get(chosen.config()), baselines);
  }

  private Map<String, List<ElasticConfig>> strategies(long budgetBytes) {
    UniformFirstK uniform = new UniformFirstK(space, layout);
    Map<String, List<ElasticConfig>> found = new LinkedHashMap<>();
    found.put("uniform-first-k", uniform.allStrict(budgetBytes));
    found.put("uniform-first-k-filled", uniform.allFilled(budgetBytes));
    for (Precision precision : space.precisions()) {
      uniform
          .table(budgetBytes, precision)
          .ifPresent(all -> found.put(table(precision), List.of(all)));
    }
    found.put("popularity-skewed", PopularitySkewed.of(space, layout).all(budgetBytes));
    found.put("greedy", List.of(greedy(budgetBytes)));
    long seed = CounterRandom.key(CounterRandom.key(config.seed(), budgetBytes), 1);
    found.put(
        "random",
        new RandomConfigs(space, layout).sample(budgetBytes, config.randomConfigs(), seed));
    return found;
  }

  /** The name of the baseline that keeps the whole table in one precision. */
  static String table(Precision precision) {
    return precision.name().toLowerCase(Locale.ROOT) + "-table";
  }

  /** The furthest point of the greedy path that fits. */
  private ElasticConfig greedy(long budgetBytes) {
    ElasticConfig last = greedyPath.getFirst();
    for (ElasticConfig step : greedyPath) {
      if (layout.fileBytes(step) > budgetBytes) {
        break;
      }
      last = step;
    }
    return last;
  }
}
