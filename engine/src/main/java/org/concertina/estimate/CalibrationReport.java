package org.concertina.estimate;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * How far an estimator may be trusted, measured on configurations that it was not trained on.
 *
 * @param count configurations
 * @param kendallTau tau-b of predicted and exact metric
 * @param spearman Spearman's rho of the two
 * @param rmse root of the mean squared error
 * @param bands the same within budgets, smallest first; bands with fewer than two configurations
 *     are left out
 */
public record CalibrationReport(
    int count, double kendallTau, double spearman, double rmse, List<Band> bands) {
  private static final double[] EDGES = {0, 0.025, 0.05, 0.1, 0.2, 0.5, Double.POSITIVE_INFINITY};

  /**
   * Agreement among configurations of similar size.
   *
   * @param fromShare least share of the full table's bytes
   * @param toShare shares are below this
   * @param count configurations
   * @param kendallTau tau-b, NaN if either metric is constant
   * @param spearman Spearman's rho, NaN if either metric is constant
   * @param regretAt1 best exact metric minus the exact metric of the one that was predicted best
   */
  public record Band(
      double fromShare,
      double toShare,
      int count,
      double kendallTau,
      double spearman,
      double regretAt1) {}

  /** Copies. */
  public CalibrationReport {
    bands = List.copyOf(bands);
  }

  /**
   * Compares predictions with the truth.
   *
   * @param shares bytes of every configuration as a share of the full table's
   */
  public static CalibrationReport of(double[] predicted, double[] exact, double[] shares) {
    if (predicted.length != exact.length || shares.length != exact.length) {
      throw new IllegalArgumentException(
          "calibration: expected equal lengths, got %d, %d and %d"
              .formatted(predicted.length, exact.length, shares.length));
    }
    double squared = 0;
    for (int i = 0; i < exact.length; i++) {
      squared += (predicted[i] - exact[i]) * (predicted[i] - exact[i]);
    }
    List<Band> bands = new ArrayList<>();
    for (int e = 0; e + 1 < EDGES.length; e++) {
      double from = EDGES[e];
      double to = EDGES[e + 1];
      int[] inside =
          IntStream.range(0, exact.length)
              .filter(i -> shares[i] >= from && shares[i] < to)
              .toArray();
      if (inside.length >= 2) {
        bands.add(band(from, to, pick(predicted, inside), pick(exact, inside)));
      }
    }
    return new CalibrationReport(
        exact.length,
        RankCorrelation.kendallTau(predicted, exact),
        RankCorrelation.spearman(predicted, exact),
        Math.sqrt(squared / exact.length),
        bands);
  }

  private static Band band(double from, double to, double[] predicted, double[] exact) {
    int chosen = 0;
    double best = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < exact.length; i++) {
      chosen = predicted[i] > predicted[chosen] ? i : chosen;
      best = Math.max(best, exact[i]);
    }
    return new Band(
        from,
        to,
        exact.length,
        RankCorrelation.kendallTau(predicted, exact),
        RankCorrelation.spearman(predicted, exact),
        best - exact[chosen]);
  }

  private static double[] pick(double[] values, int[] indices) {
    return IntStream.of(indices).mapToDouble(i -> values[i]).toArray();
  }
}
