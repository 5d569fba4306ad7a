package org.concertina.search;

import java.util.List;
import org.concertina.block.ElasticConfig;

/**
 * A way to find good configurations for a budget.
 *
 * <p>Every strategy promises: what it returns is distinct and fits the budget, the fittest come
 * first, the first is no less fit than any seed that fits, and the answer depends on the request
 * alone, never on threads. Not thread-safe.
 */
public sealed interface SearchStrategy permits EvolutionarySearch, Nsga2, ProposalStrategy {
  /**
   * What a strategy is asked for.
   *
   * @param budgetBytes cap of the whole file
   * @param seeds known configurations, to start from or to beat; they may be too large
   * @param count how many to return at most
   * @param seed of all draws
   */
  record Request(long budgetBytes, List<ElasticConfig> seeds, int count, long seed) {
    /** Validates and copies. */
    public Request {
      seeds = List.copyOf(seeds);
      if (count < 1) {
        throw new IllegalArgumentException("count: expected >= 1, got " + count);
      }
    }
  }

  /**
   * The fittest configurations that were found.
   *
   * @throws BudgetTooSmallException if nothing fits
   */
  List<ElasticConfig> search(Request request);
}
