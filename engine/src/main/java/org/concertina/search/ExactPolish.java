package org.concertina.search;

import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.concertina.block.ArtifactLayout;
import org.concertina.block.BlockChoice;
import org.concertina.block.ElasticConfig;

/**
 * A short hill climb on the exact judge.
 *
 * <p>Neighbours are one group grown, if that fits, or one group grown and another shrunk until it
 * does, or one group with more blocks of narrower elements or fewer of wider ones. They are judged
 * in the order of their fitness, and the first better one is taken.
 */
final class ExactPolish {
  private final SearchSpace space;
  private final ArtifactLayout layout;
  private final MemoJudge judge;
  private final Objective objective;
  private final Fitness fitness;

  ExactPolish(
      SearchSpace space,
      ArtifactLayout layout,
      MemoJudge judge,
      Objective objective,
      Fitness fitness) {
    this.space = space;
    this.layout = layout;
    this.judge = judge;
    this.objective = objective;
    this.fitness = fitness;
  }

  /** A configuration at least as good as {@code start}, found with so many judgements at most. */
  ElasticConfig climb(ElasticConfig start, long budgetBytes, int judgements) {
    int limit = judge.judged() + judgements;
    ElasticConfig best = start;
    boolean better = true;
    while (better) {
      better = false;
      double metric = metric(best);
      for (ElasticConfig neighbour : neighbours(best, budgetBytes)) {
        if (judge.judged() >= limit) {
          return best;
        }
        if (metric(neighbour) > metric) {
          best = neighbour;
          better = true;
          break;
        }
      }
    }
    return best;
  }

  private double metric(ElasticConfig config) {
    return objective.of(judge.judge(config));
  }

  private List<ElasticConfig> neighbours(ElasticConfig config, long budgetBytes) {
    Map<ElasticConfig, Double> found = new LinkedHashMap<>();
    Repair repair = new Repair(space, budgetBytes);
    for (int up = 0; up < config.groups(); up++) {
      for (int by = -1; by <= 1; by += 2) {
        for (BlockChoice choice : space.withPrecisionTraded(config.choice(up), by)) {
          Genome traded = Genome.of(layout, config);
          traded.set(up, choice);
          add(found, traded);
        }
      }
      for (BlockChoice choice : space.larger(config.choice(up))) {
        Genome grown = Genome.of(layout, config);
        grown.set(up, choice);
        if (grown.fileBytes() <= budgetBytes) {
          add(found, grown);
          continue;
        }
        for (int down = 0; down < config.groups(); down++) {
          if (down != up) {
            add(found, shrink(grown, down, repair));
          }
        }
      }
    }
    return found.entrySet().stream()
        .sorted(Map.Entry.<ElasticConfig, Double>comparingByValue(Comparator.reverseOrder()))
        .map(Map.Entry::getKey)
        .toList();
  }

  private void add(Map<ElasticConfig, Double> found, Genome genome) {
    if (genome != null && (!space.monotone() || space.isMonotone(genome.choices()))) {
      found.computeIfAbsent(genome.toConfig(), config -> fitness.of(config.choices()));
    }
  }

  /** Takes from a group what fits back under the budget with the best fitness, or null. */
  private Genome shrink(Genome grown, int group, Repair repair) {
    Genome genome = grown.copy();
    while (genome.fileBytes() > repair.budgetBytes()) {
      List<BlockChoice> smaller = space.smaller(group, genome.choice(group));
      BlockChoice best = null;
      double bestFitness = Double.NEGATIVE_INFINITY;
      for (BlockChoice choice : smaller) {
        Genome candidate = genome.copy();
        candidate.set(group, choice);
        double value = fitness.of(candidate.choices());
        if (value > bestFitness) {
          best = choice;
          bestFitness = value;
        }
      }
      if (best == null) {
        return null;
      }
      genome.set(group, best);
    }
    return genome;
  }
}
