package org.concertina.search;

import java.util.Objects;
import java.util.Optional;
import org.concertina.block.ElasticConfig;
import org.concertina.judge.Verdict;

/**
 * A configuration that was judged exactly.
 *
 * @param fileBytes bytes of its artifact
 * @param config the configuration
 * @param selection metric on the users who chose it
 * @param confirmation metric on users who did not, if any were kept apart
 */
public record FrontPoint(
    long fileBytes, ElasticConfig config, Verdict selection, Optional<Verdict> confirmation) {
  /** Validates. */
  public FrontPoint {
    Objects.requireNonNull(config, "config");
    Objects.requireNonNull(selection, "selection");
    Objects.requireNonNull(confirmation, "confirmation");
    if (fileBytes < 1) {
      throw new IllegalArgumentException("fileBytes: expected >= 1, got " + fileBytes);
    }
  }

  /** What points are compared by: the mean of selection and confirmation. */
  public double merit(Objective objective) {
    double selected = objective.of(selection);
    return confirmation.map(v -> (selected + objective.of(v)) / 2).orElse(selected);
  }
}
