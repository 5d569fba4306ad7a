package org.concertina.search;

import java.util.List;

/**
 * What a search found for one budget.
 *
 * @param budget as it was asked for
 * @param budgetBytes in bytes
 * @param chosen the best of all that was judged on all users; what the front has for this budget
 * @param origin the strategy that found it, for people to read
 * @param baselines what simple strategies reach with these bytes
 */
public record BudgetResult(
    Budget budget, long budgetBytes, FrontPoint chosen, String origin, List<Baseline> baselines) {
  /**
   * The best configuration of a simple strategy.
   *
   * @param strategy its name, such as {@code popularity-skewed}
   * @param point the configuration and its metric
   */
  public record Baseline(String strategy, FrontPoint point) {}

  /** Copies. */
  public BudgetResult {
    baselines = List.copyOf(baselines);
  }

  /** A copy with another choice. */
  BudgetResult withChosen(FrontPoint point, String from) {
    return new BudgetResult(budget, budgetBytes, point, from, baselines);
  }
}
