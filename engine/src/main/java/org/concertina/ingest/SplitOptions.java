package org.concertina.ingest;

import java.util.Objects;

/**
 * How interactions are split.
 *
 * @param validationShare for the rules that take shares, in [0, 1)
 * @param testShare likewise; both together stay below 1
 * @param seed of the random rules
 */
public record SplitOptions(SplitRule rule, double validationShare, double testShare, long seed) {
  /** Checks the shares. */
  public SplitOptions {
    Objects.requireNonNull(rule, "rule");
    if (!(validationShare >= 0 && testShare >= 0 && validationShare + testShare < 1)) {
      throw new IllegalArgumentException(
          "shares of validation and test: expected at least 0 and below 1 together, got %s and %s"
              .formatted(validationShare, testShare));
    }
  }
}
