package org.concertina.search;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.concertina.block.ArtifactLayout;
import org.concertina.block.ElasticConfig;

/**
 * A strategy that proposes once and does not improve on what it proposed: {@link RandomConfigs},
 * {@link UniformFirstK}, {@link PopularitySkewed}, {@link GreedyGain}.
 *
 * @param space what is allowed
 * @param layout what it costs
 * @param proposer makes the proposals
 * @param fitness puts proposals and seeds in order
 */
record ProposalStrategy(
    SearchSpace space, ArtifactLayout layout, Proposer proposer, Fitness fitness)
    implements SearchStrategy {
  /** Makes configurations; those that do not fit are left out. */
  @FunctionalInterface
  interface Proposer {
    List<ElasticConfig> propose(long budgetBytes, long seed);
  }

  @Override
  public List<ElasticConfig> search(Request request) {
    space.checkBudget(layout, request.budgetBytes());
    Map<ElasticConfig, Double> found = new LinkedHashMap<>();
    Stream.concat(
            proposer.propose(request.budgetBytes(), request.seed()).stream(),
            request.seeds().stream())
        .filter(config -> layout.fileBytes(config) <= request.budgetBytes())
        .forEach(config -> found.computeIfAbsent(config, known -> fitness.of(known.choices())));
    return found.entrySet().stream()
        .sorted(Map.Entry.<ElasticConfig, Double>comparingByValue().reversed())
        .limit(request.count())
        .map(Map.Entry::getKey)
        .toList();
  }
}
