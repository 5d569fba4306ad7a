package org.concertina.search;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.concertina.block.BlockChoice;
import org.concertina.estimate.Draws;

/**
 * Brings a genome back into the space and under a budget, then uses the bytes that are left.
 *
 * @param space what is allowed
 * @param budgetBytes cap of the whole file; the smallest configuration fits it
 */
record Repair(SearchSpace space, long budgetBytes) {
  private record Step(int group, BlockChoice choice) {}

  /** Sorts if it must, drops while too large, fills while something fits. */
  void repairInPlace(Genome genome, Draws draws) {
    shrinkInPlace(genome, draws);
    fillInPlace(genome, draws);
  }

  /** Sorts if it must and drops while too large; what is left of the budget stays free. */
  void shrinkInPlace(Genome genome, Draws draws) {
    sortInPlace(genome);
    while (genome.fileBytes() > budgetBytes) {
      List<Step> steps = drops(genome);
      // Unpopular groups lose least, but not always.
      Step step = draws.chance(0.5) ? steps.getLast() : steps.get(draws.below(steps.size()));
      genome.set(step.group, step.choice);
    }
  }

  /** Adds steps at random, popular groups more often, until nothing fits. */
  void fillInPlace(Genome genome, Draws draws) {
    while (true) {
      List<Step> steps = additions(genome, true);
      if (steps.isEmpty() || draws.chance(0.1)) {
        steps = additions(genome, false);
      }
      if (steps.isEmpty()) {
        return;
      }
      Step step = draws.chance(0.5) ? steps.getFirst() : steps.get(draws.below(steps.size()));
      genome.set(step.group, step.choice);
    }
  }

  /** Adds steps, the most popular group that can grow first, until nothing fits. */
  void fillPopularFirstInPlace(Genome genome) {
    fillPopularFirstInPlace(genome, _ -> {});
  }

  /**
   * The same.
   *
   * @param grown is shown the genome after every step
   */
  void fillPopularFirstInPlace(Genome genome, Consumer<Genome> grown) {
    for (List<Step> steps = additions(genome, false);
        !steps.isEmpty();
        steps = additions(genome, false)) {
      genome.set(steps.getFirst().group, steps.getFirst().choice);
      grown.accept(genome);
    }
  }

  private void sortInPlace(Genome genome) {
    for (int g = 1; space.monotone() && g < genome.groups(); g++) {
      BlockChoice moved = genome.choice(g);
      int to = g;
      while (to > 0 && space.rowBytes(genome.choice(to - 1)) < space.rowBytes(moved)) {
        genome.set(to, genome.choice(to - 1));
        to--;
      }
      genome.set(to, moved);
    }
  }

  /** Whether the order of groups stays monotone if a group changes. */
  boolean keepsOrder(Genome genome, int group, BlockChoice choice) {
    if (!space.monotone()) {
      return true;
    }
    long bytes = space.rowBytes(choice);
    return (group == 0 || space.rowBytes(genome.choice(group - 1)) >= bytes)
        && (group == genome.groups() - 1 || bytes >= space.rowBytes(genome.choice(group + 1)));
  }

  /** Never empty above the smallest size: the last group that is not smallest can shrink. */
  private List<Step> drops(Genome genome) {
    List<Step> steps = new ArrayList<>();
    for (int g = 0; g < genome.groups(); g++) {
      for (BlockChoice choice : space.smaller(g, genome.choice(g))) {
        if (keepsOrder(genome, g, choice)) {
          steps.add(new Step(g, choice));
        }
      }
    }
    return steps;
  }

  private List<Step> additions(Genome genome, boolean blocksOnly) {
    List<Step> steps = new ArrayList<>();
    for (int g = 0; g < genome.groups(); g++) {
      BlockChoice now = genome.choice(g);
      for (BlockChoice choice : blocksOnly ? space.withBlockAdded(now) : space.larger(now)) {
        if (genome.fileBytesWith(g, choice) <= budgetBytes && keepsOrder(genome, g, choice)) {
          steps.add(new Step(g, choice));
        }
      }
    }
    return steps;
  }
}
