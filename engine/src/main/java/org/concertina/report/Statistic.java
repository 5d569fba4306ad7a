package org.concertina.report;

import java.util.Arrays;

/**
 * Mean and spread of a number over seeds.
 *
 * @param mean the mean, NaN of nothing
 * @param deviation standard deviation of the sample, NaN of fewer than two
 * @param count how many
 */
public record Statistic(double mean, double deviation, int count) {
  /** Of the numbers that are there: NaN is left out. */
  public static Statistic of(double... values) {
    double[] there = Arrays.stream(values).filter(value -> !Double.isNaN(value)).toArray();
    double mean = Arrays.stream(there).average().orElse(Double.NaN);
    double squares = Arrays.stream(there).map(value -> (value - mean) * (value - mean)).sum();
    double deviation = there.length < 2 ? Double.NaN : Math.sqrt(squares / (there.length - 1));
    return new Statistic(mean, deviation, there.length);
  }

  /** Standard error of the mean, NaN of fewer than two. */
  public double standardError() {
    return deviation / Math.sqrt(count);
  }

  /** Four decimals, with the deviation if there is one; a dash for nothing. */
  public String text() {
    if (count == 0) {
      return "-";
    }
    return Double.isNaN(deviation)
        ? "%.4f".formatted(mean)
        : "%.4f ± %.4f".formatted(mean, deviation);
  }

  /** The same with a sign, and the standard error in place of the deviation. */
  String gapText() {
    if (count == 0) {
      return "-";
    }
    return Double.isNaN(deviation)
        ? "%+.4f".formatted(mean)
        : "%+.4f ± %.4f".formatted(mean, standardError());
  }
}
