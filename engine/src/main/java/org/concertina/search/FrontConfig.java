package org.concertina.search;

/**
 * Settings of how a search fills its front and makes its final choices.
 *
 * @param strategy what proposes configurations
 * @param sizes sizes that are searched besides the budgets that were asked for, spread evenly in
 *     the logarithm from the smallest artifact to the largest
 * @param standardErrors by how many standard errors a searched configuration has to beat the best
 *     simple one on the confirming users to be chosen; 0 for any gain
 */
public record FrontConfig(StrategyKind strategy, int sizes, double standardErrors) {
  /** Validates. */
  public FrontConfig {
    if (sizes < 0 || !(standardErrors >= 0)) {
      throw new IllegalArgumentException(
          "front: expected sizes >= 0 and standardErrors >= 0, got %d and %s"
              .formatted(sizes, standardErrors));
    }
  }

  /** Evolution, 32 sizes, one standard error. */
  public static FrontConfig defaults() {
    return new FrontConfig(StrategyKind.EVOLUTION, 32, 1);
  }
}
