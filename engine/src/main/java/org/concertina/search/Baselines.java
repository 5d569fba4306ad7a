package org.concertina.search;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.concertina.block.ArtifactLayout;
import org.concertina.block.ElasticConfig;
import org.concertina.block.Precision;
import org.concertina.kernel.CounterRandom;

/**
 * What the simple strategies propose for a budget: the seeds of the evolution and what it has to
 * beat.
 *
 * @param space what is allowed
 * @param layout what it costs
 * @param greedyPath from the smallest configuration on, growing; empty without greedy
 * @param randomConfigs configurations of the random strategy, 0 for none
 * @param seed of the random strategy
 */
record Baselines(
    SearchSpace space,
    ArtifactLayout layout,
    List<ElasticConfig> greedyPath,
    int randomConfigs,
    long seed) {
  private static final String GREEDY = "greedy";
  private static final String RANDOM = "random";
  private static final String POPULARITY = "popularity-skewed";
  private static final String MIXED = "popularity-skewed-mixed";

  /** The same without the random strategy. */
  Baselines withoutRandom() {
    return new Baselines(space, layout, greedyPath, 0, seed);
  }

  /** Proposals by strategy, none of them empty. */
  Map<String, List<ElasticConfig>> at(long budgetBytes) {
    Map<String, List<ElasticConfig>> found = new LinkedHashMap<>();
    found.putAll(uniform(budgetBytes));
    found.put(POPULARITY, popularity(budgetBytes));
    found.put(MIXED, mixed(budgetBytes));
    if (!greedyPath.isEmpty()) {
      found.put(GREEDY, List.of(greedy(budgetBytes)));
    }
    if (randomConfigs > 0) {
      found.put(RANDOM, random(budgetBytes));
    }
    found.values().removeIf(List::isEmpty);
    return found;
  }

  /** Proposals of one strategy that looks at no other. */
  List<ElasticConfig> of(StrategyKind kind, long budgetBytes) {
    return switch (kind) {
      case UNIFORM -> uniform(budgetBytes).values().stream().flatMap(List::stream).toList();
      case POPULARITY ->
          Stream.concat(popularity(budgetBytes).stream(), mixed(budgetBytes).stream()).toList();
      case GREEDY -> List.of(greedy(budgetBytes));
      case RANDOM -> random(budgetBytes);
      case EVOLUTION, NSGA2 -> throw new IllegalArgumentException(kind + ": is no baseline");
    };
  }

  private Map<String, List<ElasticConfig>> uniform(long budgetBytes) {
    UniformFirstK uniform = new UniformFirstK(space, layout);
    Map<String, List<ElasticConfig>> found = new LinkedHashMap<>();
    found.put("uniform-first-k", uniform.allStrict(budgetBytes));
    found.put("uniform-first-k-filled", uniform.allFilled(budgetBytes));
    for (Precision precision : space.precisions()) {
      uniform
          .table(budgetBytes, precision)
          .ifPresent(all -> found.put(table(precision), List.of(all)));
    }
    return found;
  }

  private List<ElasticConfig> popularity(long budgetBytes) {
    return PopularitySkewed.family(space, layout).stream()
        .flatMap(skewed -> skewed.all(budgetBytes).stream())
        .distinct()
        .toList();
  }

  private List<ElasticConfig> mixed(long budgetBytes) {
    return PopularitySkewed.family(space, layout).stream()
        .flatMap(skewed -> skewed.mixed(budgetBytes).stream())
        .distinct()
        .toList();
  }

  private List<ElasticConfig> random(long budgetBytes) {
    long own = CounterRandom.key(CounterRandom.key(seed, budgetBytes), 1);
    return new RandomConfigs(space, layout).sample(budgetBytes, Math.max(1, randomConfigs), own);
  }

  /** The name of the baseline that keeps the whole table in one precision. */
  private static String table(Precision precision) {
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
