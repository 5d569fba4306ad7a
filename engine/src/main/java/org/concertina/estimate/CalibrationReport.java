package org.concertina.estimate;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Agreement of predicted and exact metric on configurations that an estimator was not trained on.
 *
 * @param count configurations
 * @param kendallTau tau-b of predicted and exact metric
 * @param spearman Spearman's rho of the two
 * @param rmse root of the mean squared error
 * @param errors quantiles of the absolute error
 * @param bands the same among configurations of like size, smallest first; bands with fewer than
 *     {@value #LEAST_IN_BAND} are left out
 */
public record CalibrationReport(
    int count,
    double kendallTau,
    double spearman,
    double rmse,
    Quantiles errors,
    List<Band> bands) {
  /** Fewest configurations whose rank correlation says something. */
  static final int LEAST_IN_BAND = 8;

  private static final double BAND_HALF_WIDTH = 0.1;
  private static final double FIRST_CENTRE = 0.01;

  /**
   * Quantiles, by the nearest rank; NaN of nothing.
   *
   * @param median half are no larger
   * @param p90 nine of ten are no larger
   * @param p99 99 of 100 are no larger
   */
  public record Quantiles(double median, double p90, double p99) {
    static Quantiles of(double[] values) {
      double[] sorted = values.clone();
      Arrays.sort(sorted);
      return new Quantiles(at(sorted, 0.5), at(sorted, 0.9), at(sorted, 0.99));
    }

    private static double at(double[] sorted, double share) {
      return sorted.length == 0
          ? Double.NaN
          : sorted[Math.max(0, (int) Math.ceil(share * sorted.length) - 1)];
    }
  }

  /**
   * Agreement among configurations whose size is within a tenth of {@code centreShare}; bands touch
   * and do not overlap.
   *
   * @param centreShare the band's centre as a share of the full table's bytes
   * @param count configurations
   * @param kendallTau tau-b, NaN if either metric is constant
   * @param spearman Spearman's rho, NaN if either metric is constant
   * @param regretAt1 best exact metric minus the exact metric of the one that was predicted best
   * @param errors quantiles of the absolute error
   */
  public record Band(
      double centreShare,
      int count,
      double kendallTau,
      double spearman,
      double regretAt1,
      Quantiles errors) {}

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
    double largest = Arrays.stream(shares).max().orElse(0);
    List<Band> bands = new ArrayList<>();
    double centre = FIRST_CENTRE;
    while (centre * (1 - BAND_HALF_WIDTH) <= largest) {
      double from = centre * (1 - BAND_HALF_WIDTH);
      double to = centre * (1 + BAND_HALF_WIDTH);
      int[] inside =
          IntStream.range(0, exact.length)
              .filter(i -> shares[i] >= from && shares[i] < to)
              .toArray();
      if (inside.length >= LEAST_IN_BAND) {
        bands.add(band(centre, pick(predicted, inside), pick(exact, inside)));
      }
      centre *= (1 + BAND_HALF_WIDTH) / (1 - BAND_HALF_WIDTH);
    }
    return new CalibrationReport(
        exact.length,
        RankCorrelation.kendallTau(predicted, exact),
        RankCorrelation.spearman(predicted, exact),
        Math.sqrt(squared / exact.length),
        errors(predicted, exact),
        bands);
  }

  private static Band band(double centre, double[] predicted, double[] exact) {
    int chosen = 0;
    double best = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < exact.length; i++) {
      chosen = predicted[i] > predicted[chosen] ? i : chosen;
      best = Math.max(best, exact[i]);
    }
    return new Band(
        centre,
        exact.length,
        RankCorrelation.kendallTau(predicted, exact),
        RankCorrelation.spearman(predicted, exact),
        best - exact[chosen],
        errors(predicted, exact));
  }

  private static Quantiles errors(double[] predicted, double[] exact) {
    double[] errors = new double[exact.length];
    Arrays.setAll(errors, i -> Math.abs(predicted[i] - exact[i]));
    return Quantiles.of(errors);
  }

  private static double[] pick(double[] values, int[] indices) {
    return IntStream.of(indices).mapToDouble(i -> values[i]).toArray();
  }
}
