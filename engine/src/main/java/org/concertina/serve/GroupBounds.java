package org.concertina.serve;

import java.util.Arrays;
import org.concertina.block.GroupPrior;
import org.concertina.kernel.ScreenOps;

/**
 * Upper bounds of what any row of a group can score, so that groups without a chance are skipped.
 *
 * <p>By Cauchy and Schwarz a dot product is at most the norm of the user's kept blocks times the
 * norm of the longest row. Rows are unit vectors when a writer is honest, but a bound must hold for
 * every file that opens, so the longest row is measured, once a group and only when it is asked
 * for. The bound is widened by what float arithmetic may add: it is never below a score that the
 * kernels compute.
 *
 * <p>Thread-safe: threads that measure the same group at once find the same number.
 */
final class GroupBounds {
  /** Twice the unit roundoff of a float. */
  private static final double EPSILON = 0x1p-23;

  /** Sixteen roundoffs of a float. */
  private static final float ROUNDING = 0x1p-20f;

  private final ServingPlan plan;

  /** Norm of every group's longest row, by its scale; NaN until it is measured. */
  private final double[] longest;

  GroupBounds(ServingPlan plan) {
    this.plan = plan;
    this.longest = new double[plan.groups];
    Arrays.fill(longest, Double.NaN);
  }

  /** Measures all groups, so that no request has to. */
  void measureAll() {
    for (int g : plan.kept) {
      longestRow(g);
    }
  }

  /**
   * Whether no row of the group scores above the threshold. A row that only ties with it comes too
   * late, since rows ascend.
   *
   * @param queryNorm norm of the gathered query
   * @param withPrior whether the group's prior is added
   */
  boolean isBelow(float threshold, int group, double queryNorm, boolean withPrior) {
    return threshold != Float.NEGATIVE_INFINITY
        && bound(group, queryNorm, 1, withPrior) <= threshold
        && bound(group, queryNorm, longestRow(group), withPrior) <= threshold;
  }

  /**
   * The error of a float dot product of n terms is at most n roundoffs of the product of the norms
   * (N. Higham, Accuracy and Stability of Numerical Algorithms, 2002, section 3.1); a four-bit
   * row's norm has another n. Each operation may also underflow.
   */
  private double bound(int group, double queryNorm, double rowNorm, boolean withPrior) {
    int dims = plan.dims[group];
    double dot = queryNorm * rowNorm;
    double largest = dot == 0 ? 0 : dot * (1 + 2 * (dims + 8) * EPSILON);
    if (dot != 0) {
      largest += (dims + 8) * (double) Float.MIN_VALUE * (1 + plan.scales[group]);
    }
    if (withPrior) {
      double prior = largestPrior(group);
      largest += prior + (Math.abs(largest) + Math.abs(prior)) * EPSILON;
    }
    return largest;
  }

  /**
   * How far a row's score may be from what screening says of it, priors left out: what rounding
   * took from the row, times the user's vector, what it took from the user's vector, times the
   * longest row, and what float arithmetic adds on both sides; rounded up.
   *
   * @param queryError norm of what was taken from the gathered query
   */
  float screenMargin(int group, double queryNorm, double queryError) {
    int dims = plan.dims[group];
    double relative =
        4 * (dims + 8) * EPSILON
            + (plan.precisions[group].isUnitCodes() ? ScreenOps.UNIT_SCREEN_ERROR : 0);
    double rowError = plan.screenError(group);
    double margin =
        rowError * queryNorm
            + (longestRow(group) + rowError) * (queryError + (queryNorm + queryError) * relative)
            + 2 * (dims + 8) * (double) Float.MIN_VALUE * (1 + plan.scales[group]);
    return (float) (margin * (1 + ROUNDING)) + Float.MIN_NORMAL;
  }

  /**
   * Whether no sum that scores or screens a row of the group, however far it has come, nears the
   * largest float: beyond it nothing bounds a score.
   *
   * @param largest norm of what the rows are scored or screened with, at least
   */
  boolean isFarFromOverflow(int group, double largest, boolean withPrior) {
    double product = largest * (longestRow(group) + plan.screenError(group));
    double prior = 0;
    if (withPrior) {
      double scaled = Math.abs((double) plan.priorScales[group]) * GroupPrior.MAX_CODE;
      prior = scaled + Math.abs(plan.priorBases[group]);
    }
    return product + prior < Float.MAX_VALUE / 8;
  }

  /**
   * What screening says of a row, its prior included, is above this if the row's score is above the
   * threshold.
   */
  static float screenThreshold(float threshold, float margin) {
    return threshold - slack(threshold, margin);
  }

  /** What a row's score is at least, by what screening says of it, its prior included. */
  static float lowestScore(float screened, float margin) {
    return screened - slack(screened, margin);
  }

  /** What it is at most. */
  static float highestScore(float screened, float margin) {
    return screened + slack(screened, margin);
  }

  /**
   * The margin and what it takes to add it, to add a prior on both sides, and to round all that: a
   * few roundoffs of either number.
   */
  private static float slack(float of, float margin) {
    return margin + Math.abs(of) * ROUNDING;
  }

  /**
   * What screening says of a row, its prior left out, is above this if with its prior it is above a
   * bar.
   *
   * @param largest norm of what is screened with, at least
   */
  float productBar(float bar, int group, double largest, boolean withPrior) {
    double prior = withPrior ? largestPrior(group) : 0;
    double rounding =
        16 * (largest * longestRow(group) + Math.abs(bar) + Math.abs(prior)) * EPSILON;
    double underflow = 4 * (double) Float.MIN_VALUE * (1 + plan.scales[group]);
    return Math.nextDown((float) (bar - prior - rounding - underflow));
  }

  /**
   * Norm of the codes of any row of the group, at least, as {@link ScreenOps#maxSum} counts it;
   * infinite or NaN if nothing bounds it.
   */
  double codeNorm(int group) {
    double root = Math.sqrt(plan.dims[group]);
    double scale = plan.screenScale(group);
    return switch (plan.precisions[group]) {
      case INT4 -> 8 * root;
      case INT2 -> 2 * 3 * root;
      case FP32, INT8 ->
          (longestRow(group) + plan.screenError(group)) / scale * (1 + EPSILON) + EPSILON;
    };
  }

  private double largestPrior(int group) {
    return Math.fma(plan.priorScales[group], GroupPrior.MAX_CODE, plan.priorBases[group]);
  }

  private double longestRow(int group) {
    double known = longest[group];
    if (Double.isNaN(known)) {
      known = plan.precisions[group].isUnitCodes() ? 1 : measure(group);
      longest[group] = known;
    }
    return known;
  }

  private double measure(int group) {
    double most = 0;
    for (int row = plan.starts[group]; row < plan.starts[group + 1]; row++) {
      long tileAt = plan.tileOffset(group, row);
      int rowInTile = plan.rowInTile(group, row);
      double squared = 0;
      for (int k = 0; k < plan.dims[group]; k++) {
        double element = plan.stored(group, tileAt, rowInTile, k);
        squared += element * element;
      }
      most = Math.max(most, squared);
    }
    // A row that is not a number scores no number, which nothing is above; others may be finite.
    return Double.isNaN(most) ? Double.POSITIVE_INFINITY : Math.sqrt(most) * plan.scales[group];
  }
}
