package org.concertina.record;

import java.util.Map;

/**
 * What a measurement gave; see {@link Result}. Numbers that are not finite become null, since JSON
 * has none.
 *
 * @param score the result, or null
 * @param error of the score, or null
 * @param unit of both
 * @param bytesPerOp heap bytes that an operation allocates, or null
 * @param details what else was found
 */
public record Measurement(
    Double score, Double error, String unit, Double bytesPerOp, Map<String, Object> details) {
  /** Validates. */
  public Measurement {
    score = finite(score);
    error = finite(error);
    bytesPerOp = finite(bytesPerOp);
  }

  /** A score without error. */
  public static Measurement of(double score, String unit, Map<String, Object> details) {
    return new Measurement(score, null, unit, null, details);
  }

  /** No score, and why. */
  public static Measurement impossible(String unit, String reason) {
    return new Measurement(null, null, unit, null, Map.of("impossible", reason));
  }

  private static Double finite(Double value) {
    return value == null || !Double.isFinite(value) ? null : value;
  }
}
