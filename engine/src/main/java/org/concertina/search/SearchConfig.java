package org.concertina.search;

import org.concertina.estimate.EstimatorConfig;

/**
 * Settings of a search.
 *
 * @param objective what is to be large
 * @param labels sampled configurations that are judged to train the estimator
 * @param heldOut sampled configurations that are judged to measure it
 * @param estimator settings of its training
 * @param evolution settings of the evolutionary search
 * @param candidates fittest configurations of a budget that are judged exactly
 * @param finalists best of them that are judged on the confirming users
 * @param polishJudgements most judgements of a budget's exact local search
 * @param randomConfigs configurations of the random baseline
 * @param front how the front is filled and what is chosen
 * @param seed of all draws
 */
public record SearchConfig(
    Objective objective,
    int labels,
    int heldOut,
    EstimatorConfig estimator,
    EvolutionConfig evolution,
    int candidates,
    int finalists,
    int polishJudgements,
    int randomConfigs,
    FrontConfig front,
    long seed) {
  /** Validates. */
  public SearchConfig {
    if (labels < 2 || heldOut < 0 || candidates < 1 || finalists < 1) {
      throw new IllegalArgumentException(
          "search: expected labels >= 2, heldOut >= 0, candidates >= 1 and finalists >= 1");
    }
    if (polishJudgements < 0 || randomConfigs < 1) {
      throw new IllegalArgumentException(
          "search: expected polishJudgements >= 0 and randomConfigs >= 1");
    }
  }

  /** 3,000 labels and 400 more held out, Recall, 16 candidates a budget. */
  public static SearchConfig defaults(long seed) {
    return new SearchConfig(
        Objective.RECALL,
        3_000,
        400,
        EstimatorConfig.defaults(seed),
        EvolutionConfig.defaults(),
        16,
        6,
        120,
        8,
        FrontConfig.defaults(),
        seed);
  }

  /** A copy with another objective. */
  public SearchConfig withObjective(Objective value) {
    return new SearchConfig(
        value,
        labels,
        heldOut,
        estimator,
        evolution,
        candidates,
        finalists,
        polishJudgements,
        randomConfigs,
        front,
        seed);
  }

  /** A copy with so many labels and held-out configurations. */
  public SearchConfig withLabels(int count, int held) {
    return new SearchConfig(
        objective,
        count,
        held,
        estimator,
        evolution,
        candidates,
        finalists,
        polishJudgements,
        randomConfigs,
        front,
        seed);
  }

  /** A copy with other settings of the evolution. */
  public SearchConfig withEvolution(EvolutionConfig value) {
    return new SearchConfig(
        objective,
        labels,
        heldOut,
        estimator,
        value,
        candidates,
        finalists,
        polishJudgements,
        randomConfigs,
        front,
        seed);
  }

  /** A copy that fills its front in another way. */
  public SearchConfig withFront(FrontConfig value) {
    return new SearchConfig(
        objective,
        labels,
        heldOut,
        estimator,
        evolution,
        candidates,
        finalists,
        polishJudgements,
        randomConfigs,
        value,
        seed);
  }
}
