package org.concertina.search;

import java.util.List;
import org.concertina.block.BlockChoice;
import org.concertina.estimate.Draws;

/**
 * Random changes of a genome. The result may break the budget and the order of groups; {@link
 * Repair} comes after.
 *
 * @param space what is allowed
 */
record Mutations(SearchSpace space) {
  /** Changes a genome once, and again with probability 0.4 each time. */
  void mutateInPlace(Genome genome, Draws draws) {
    do {
      mutateOnceInPlace(genome, draws);
    } while (draws.chance(0.4));
  }

  private void mutateOnceInPlace(Genome genome, Draws draws) {
    int group = draws.below(genome.groups());
    int other = draws.below(genome.groups());
    switch (draws.below(7)) {
      case 0 -> step(genome, group, space.withBlockAdded(genome.choice(group)), draws);
      case 1 -> step(genome, group, space.withBlockRemoved(group, genome.choice(group)), draws);
      case 2 -> {
        step(genome, group, space.withBlockRemoved(group, genome.choice(group)), draws);
        step(genome, other, space.withBlockAdded(genome.choice(other)), draws);
      }
      case 3 -> {
        swap(genome, group, other);
      }
      case 4 -> {
        int by = draws.chance(0.5) ? 1 : -1;
        step(genome, group, space.withPrecisionMoved(genome.choice(group), by), draws);
      }
      case 5 -> {
        int by = draws.chance(0.5) ? 1 : -1;
        step(genome, group, space.withPrecisionTraded(genome.choice(group), by), draws);
      }
      default -> replaceBlock(genome, group, draws);
    }
  }

  /** Unless that drops a group that has to stay. */
  private void swap(Genome genome, int group, int other) {
    BlockChoice first = genome.choice(group);
    BlockChoice second = genome.choice(other);
    if ((!second.isDropped() || space.mayDrop(group))
        && (!first.isDropped() || space.mayDrop(other))) {
      genome.set(group, second);
      genome.set(other, first);
    }
  }

  /** Another subset of the same size; with prefixes only, a neighbour's choice. */
  private void replaceBlock(Genome genome, int group, Draws draws) {
    if (space.nestedOnly()) {
      genome.set(group, genome.choice(Math.max(0, group - 1)));
      return;
    }
    step(genome, group, space.withBlockAdded(genome.choice(group)), draws);
    step(genome, group, space.withBlockRemoved(group, genome.choice(group)), draws);
  }

  private static void step(Genome genome, int group, List<BlockChoice> steps, Draws draws) {
    if (!steps.isEmpty()) {
      genome.set(group, steps.get(draws.below(steps.size())));
    }
  }
}
