package org.concertina.search;

import java.util.List;
import java.util.Optional;

/**
 * What a search found for one budget.
 *
 * @param budget as it was asked for
 * @param budgetBytes in bytes
 * @param chosen what the front has for this budget
 * @param origin the strategy that found it, for people to read
 * @param baselines what simple strategies reach with these bytes
 * @param contest how what was searched for fared against the best simple choice; nothing if it was
 *     no better to begin with, or if the judges cannot tell users apart
 */
public record BudgetResult(
    Budget budget,
    long budgetBytes,
    FrontPoint chosen,
    String origin,
    List<Baseline> baselines,
    Optional<Contest> contest) {
  /**
   * The best configuration of a simple strategy.
   *
   * @param strategy its name, such as {@code popularity-skewed}
   * @param point the configuration and its metric
   */
  public record Baseline(String strategy, FrontPoint point) {}

  /**
   * The searched configuration against the best simple one.
   *
   * @param over name of the simple strategy
   * @param challenger the searched configuration
   * @param comparison what it gains
   * @param won whether that was enough to prefer it
   */
  public record Contest(String over, FrontPoint challenger, Comparison comparison, boolean won) {}

  /** Copies. */
  public BudgetResult {
    baselines = List.copyOf(baselines);
  }

  /** A copy with another choice. */
  BudgetResult withChosen(FrontPoint point, String from) {
    return new BudgetResult(budget, budgetBytes, point, from, baselines, contest);
  }

  /** A copy for the same bytes, written in another way. */
  BudgetResult withBudget(Budget named) {
    return new BudgetResult(named, budgetBytes, chosen, origin, baselines, contest);
  }
}
