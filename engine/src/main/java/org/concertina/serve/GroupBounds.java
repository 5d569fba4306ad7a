package org.concertina.serve;

import java.util.Arrays;
import org.concertina.block.GroupPrior;
import org.concertina.block.ScreenBounds;

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
  private static final double EPSILON = ScreenBounds.EPSILON;

  private final ServingPlan plan;

  /** Norm of every group's longest row, by its scale; NaN until it is measured. */
  private final double[] longest;

  /** Null until somebody asks, as the longest row is needed for it. */
  private final ScreenBounds.Rows[] screened;

  GroupBounds(ServingPlan plan) {
    this.plan = plan;
    this.longest = new double[plan.groups];
    Arrays.fill(longest, Double.NaN);
    this.screened = new ScreenBounds.Rows[plan.groups];
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
   * What the rows of a group are to kernels that screen them; of a group alone that has a {@link
   * ServingPlan#screenScale}.
   */
  ScreenBounds.Rows screened(int group) {
    ScreenBounds.Rows known = screened[group];
    if (known == null) {
      known =
          new ScreenBounds.Rows(
              plan.precisions[group],
              plan.dims[group],
              plan.scales[group],
              plan.screenScale(group),
              longestRow(group),
              plan.screenError(group));
      screened[group] = known;
    }
    return known;
  }

  /** The prior of a row of the group, either way, at most. */
  double largestPriorMagnitude(int group) {
    return GroupPrior.largestMagnitude(plan.priorScales[group], plan.priorBases[group]);
  }

  /** The prior of a row of the group at most. */
  double largestPrior(int group) {
    return GroupPrior.largest(plan.priorScales[group], plan.priorBases[group]);
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
