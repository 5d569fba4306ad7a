package org.concertina.search;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.concertina.block.ArtifactLayout;
import org.concertina.block.ElasticConfig;
import org.concertina.estimate.ConfigSampler;
import org.concertina.estimate.Draws;
import org.concertina.kernel.CounterRandom;

/**
 * The baseline that draws configurations and brings them under the budget.
 *
 * @param space what is allowed
 * @param layout what it costs
 */
public record RandomConfigs(SearchSpace space, ArtifactLayout layout) {
  /** Up to {@code count} distinct configurations that fit a budget. */
  public List<ElasticConfig> sample(long budgetBytes, int count, long seed) {
    space.checkBudget(layout, budgetBytes);
    ConfigSampler sampler =
        new ConfigSampler(
            layout,
            space.precisions(),
            space.nestedOnly(),
            space.monotone(),
            space.keptGroups(),
            seed);
    Repair repair = new Repair(space, budgetBytes);
    Set<ElasticConfig> found = new LinkedHashSet<>();
    int draw = 0;
    for (ElasticConfig sample : sampler.sample(2 * count)) {
      Genome genome = Genome.of(layout, sample);
      repair.repairInPlace(genome, new Draws(CounterRandom.key(seed, draw++)));
      found.add(genome.toConfig());
    }
    return found.stream().limit(count).toList();
  }
}
