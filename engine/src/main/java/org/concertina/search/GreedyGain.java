package org.concertina.search;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import org.concertina.block.ArtifactLayout;
import org.concertina.block.BlockChoice;
import org.concertina.block.ElasticConfig;

/**
 * The strategy that always takes the step with the largest gain of the exact metric per byte.
 *
 * <p>Starts at the smallest configuration; a step gives a group one block or a wider precision. In
 * a monotone space a step also lifts the more popular groups that would otherwise have fewer bytes
 * a row. Lazy: a group's best step is judged again only when it comes up, or when it or the group
 * before it has just grown. The whole path is a front: one run serves every budget.
 *
 * @param space what is allowed
 * @param layout what it costs
 * @param judge the exact judge
 * @param objective what is to grow
 */
public record GreedyGain(
    SearchSpace space, ArtifactLayout layout, ConfigJudge judge, Objective objective) {
  private record Step(int group, double gainPerByte, Genome result, double metric, int madeAt) {
    private static Step unknown(int group) {
      return new Step(group, Double.POSITIVE_INFINITY, null, 0, -1);
    }
  }

  /** Hears how far a path has come. */
  @FunctionalInterface
  public interface PathListener {
    /** Called after every step with the size that was reached. */
    void reached(long fileBytes);
  }

  /**
   * The path from the smallest configuration to the largest that fits.
   *
   * @throws BudgetTooSmallException if nothing fits
   */
  public List<ElasticConfig> path(long mostBytes, PathListener listener) {
    space.checkBudget(layout, mostBytes);
    Genome now = Genome.of(layout, space.smallest());
    double metric = metric(now);
    List<ElasticConfig> path = new ArrayList<>();
    path.add(now.toConfig());
    PriorityQueue<Step> queue =
        new PriorityQueue<>(
            Comparator.comparingDouble(Step::gainPerByte).reversed().thenComparingInt(Step::group));
    for (int g = 0; g < space.groups(); g++) {
      queue.add(Step.unknown(g));
    }
    while (!queue.isEmpty()) {
      Step step = queue.poll();
      if (step.madeAt != path.size()) {
        Step fresh = best(now, metric, step.group, mostBytes, path.size());
        if (fresh != null) {
          queue.add(fresh);
        }
        continue;
      }
      now = step.result;
      metric = step.metric;
      path.add(now.toConfig());
      listener.reached(now.fileBytes());
      queue.removeIf(other -> other.group == step.group + 1);
      queue.add(Step.unknown(step.group));
      if (step.group + 1 < space.groups()) {
        queue.add(Step.unknown(step.group + 1));
      }
    }
    return path;
  }

  /** The best step of a group, or null if none fits; sizes only grow, so none ever will. */
  private Step best(Genome now, double metric, int group, long mostBytes, int madeAt) {
    Step best = null;
    for (BlockChoice choice : space.larger(now.choice(group))) {
      Genome result = lift(now, group, choice);
      if (result.fileBytes() <= mostBytes) {
        double reached = metric(result);
        double gain = (reached - metric) / Math.max(1, result.fileBytes() - now.fileBytes());
        if (best == null || gain > best.gainPerByte) {
          best = new Step(group, gain, result, reached, madeAt);
        }
      }
    }
    return best;
  }

  private Genome lift(Genome now, int group, BlockChoice choice) {
    Genome result = now.copy();
    result.set(group, choice);
    for (int g = group - 1; space.monotone() && g >= 0; g--) {
      if (space.rowBytes(result.choice(g)) < space.rowBytes(choice)) {
        result.set(g, choice);
      }
    }
    return result;
  }

  private double metric(Genome genome) {
    return objective.of(judge.judge(genome.toConfig()));
  }
}
