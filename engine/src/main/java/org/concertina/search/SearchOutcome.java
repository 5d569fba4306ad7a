package org.concertina.search;

import java.util.List;
import java.util.Optional;
import org.concertina.estimate.Calibration;

/**
 * What a search leaves.
 *
 * @param front the best known configuration for any budget up to the largest that was asked for
 * @param budgets results in the order of the request
 * @param calibration how good the estimator was, if configurations were held out
 * @param labels configurations that the estimator was trained on
 * @param selectionJudgements configurations that the selecting judge has judged in all
 */
public record SearchOutcome(
    ParetoFront front,
    List<BudgetResult> budgets,
    Optional<Calibration> calibration,
    int labels,
    int selectionJudgements) {
  /** Copies. */
  public SearchOutcome {
    budgets = List.copyOf(budgets);
  }
}
