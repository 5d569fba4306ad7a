package org.concertina.estimate;

import java.util.Arrays;
import java.util.Comparator;

/** How well two lists of numbers agree on an order. Ties are handled; NaN if either is constant. */
public final class RankCorrelation {
  private RankCorrelation() {}

  /** Kendall's tau-b (Kendall, Biometrika 1945), by looking at every pair. */
  public static double kendallTau(double[] x, double[] y) {
    checkSizes(x, y);
    long concordant = 0;
    long discordant = 0;
    long tiedX = 0;
    long tiedY = 0;
    for (int i = 0; i < x.length; i++) {
      for (int j = 0; j < i; j++) {
        int product = sign(x[i], x[j]) * sign(y[i], y[j]);
        if (product > 0) {
          concordant++;
        } else if (product < 0) {
          discordant++;
        } else {
          tiedX += x[i] == x[j] ? 1 : 0;
          tiedY += y[i] == y[j] ? 1 : 0;
        }
      }
    }
    double pairs = x.length * (x.length - 1.0) / 2;
    return (concordant - discordant) / Math.sqrt((pairs - tiedX) * (pairs - tiedY));
  }

  private static int sign(double a, double b) {
    if (a > b) {
      return 1;
    }
    return a < b ? -1 : 0;
  }

  /** Spearman's rho: Pearson's correlation of the ranks, equal numbers sharing their mean rank. */
  public static double spearman(double[] x, double[] y) {
    checkSizes(x, y);
    double[] a = ranks(x);
    double[] b = ranks(y);
    double mean = (x.length + 1) / 2.0;
    double ab = 0;
    double aa = 0;
    double bb = 0;
    for (int i = 0; i < x.length; i++) {
      ab += (a[i] - mean) * (b[i] - mean);
      aa += (a[i] - mean) * (a[i] - mean);
      bb += (b[i] - mean) * (b[i] - mean);
    }
    return ab / Math.sqrt(aa * bb);
  }

  /** Ranks from 1; equal numbers share their mean rank. */
  static double[] ranks(double[] x) {
    Integer[] order = new Integer[x.length];
    Arrays.setAll(order, i -> i);
    Arrays.sort(order, Comparator.comparingDouble(i -> x[i]));
    double[] ranks = new double[x.length];
    int first = 0;
    while (first < x.length) {
      int end = first + 1;
      while (end < x.length && x[order[end]] == x[order[first]]) {
        end++;
      }
      for (int i = first; i < end; i++) {
        ranks[order[i]] = (first + 1 + end) / 2.0;
      }
      first = end;
    }
    return ranks;
  }

  private static void checkSizes(double[] x, double[] y) {
    if (x.length != y.length) {
      throw new IllegalArgumentException("y: expected " + x.length + " numbers, got " + y.length);
    }
  }
}
