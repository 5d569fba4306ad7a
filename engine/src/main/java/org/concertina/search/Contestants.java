package org.concertina.search;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.concertina.block.ElasticConfig;
import org.concertina.kernel.CounterRandom;

/**
 * The final choice for one budget.
 *
 * @param jury who judges
 * @param config how much is judged, and how much better a searched configuration has to be
 * @param simple what simple strategies propose, by name
 * @param searched what was searched for, with its origin
 */
record Contestants(
    Jury jury,
    SearchConfig config,
    Map<String, List<ElasticConfig>> simple,
    Map<ElasticConfig, String> searched) {
  /** Of a simple strategy's proposals, so many are judged on the confirming users. */
  private static final int SIMPLE_FINALISTS = 2;

  /**
   * Chooses. The best simple configuration, by the mean of both halves of the users, is what is
   * chosen unless a searched one is better there by more than its standard error allows for: the
   * more configurations compete, the more the winner owes to the users who were asked.
   */
  BudgetResult decide(Budget budget, long budgetBytes) {
    List<BudgetResult.Baseline> baselines = new ArrayList<>();
    simple.forEach(
        (name, configs) ->
            baselines.add(
                new BudgetResult.Baseline(
                    name, jury.best(jury.shortlist(configs, SIMPLE_FINALISTS)))));
    Optional<FrontPoint> challenger =
        searched.isEmpty()
            ? Optional.empty()
            : Optional.of(
                jury.best(jury.shortlist(List.copyOf(searched.keySet()), config.finalists())));
    if (baselines.isEmpty()) {
      FrontPoint found = challenger.orElseThrow();
      return result(budget, budgetBytes, found, origin(found), baselines, Optional.empty());
    }
    BudgetResult.Baseline best = best(baselines);
    if (challenger.isEmpty() || merit(challenger.get()) <= merit(best.point())) {
      return result(
          budget, budgetBytes, best.point(), best.strategy(), baselines, Optional.empty());
    }
    FrontPoint found = challenger.get();
    Optional<BudgetResult.Contest> contest =
        jury.compare(
                found.config(),
                best.point().config(),
                CounterRandom.key(CounterRandom.key(config.seed(), budgetBytes), 3))
            .map(
                comparison ->
                    new BudgetResult.Contest(
                        best.strategy(),
                        found,
                        comparison,
                        comparison.convinces(config.front().standardErrors())));
    return contest.map(BudgetResult.Contest::won).orElse(true)
        ? result(budget, budgetBytes, found, origin(found), baselines, contest)
        : result(budget, budgetBytes, best.point(), best.strategy(), baselines, contest);
  }

  private static BudgetResult result(
      Budget budget,
      long budgetBytes,
      FrontPoint chosen,
      String origin,
      List<BudgetResult.Baseline> baselines,
      Optional<BudgetResult.Contest> contest) {
    return new BudgetResult(budget, budgetBytes, chosen, origin, baselines, contest);
  }

  private BudgetResult.Baseline best(List<BudgetResult.Baseline> baselines) {
    BudgetResult.Baseline best = baselines.getFirst();
    for (BudgetResult.Baseline other : baselines) {
      if (merit(other.point()) > merit(best.point())) {
        best = other;
      }
    }
    return best;
  }

  private double merit(FrontPoint point) {
    return point.merit(config.objective());
  }

  private String origin(FrontPoint point) {
    return searched.get(point.config());
  }
}
