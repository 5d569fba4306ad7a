package org.concertina.block;

import org.concertina.kernel.ScreenOps;

/**
 * How far what {@link ScreenOps} says of packed rows may be from their exact scores, so that nobody
 * who screens rows first misses one.
 *
 * <p>The error of a float dot product of n terms is at most n roundoffs of the product of the norms
 * (N. Higham, Accuracy and Stability of Numerical Algorithms, 2002, section 3.1). Stateless.
 */
public final class ScreenBounds {
  /**
   * Share of a vector that rounding to codes may take: with more, so many rows cannot be ruled out
   * that it is faster to score all.
   */
  public static final double MAX_QUERY_ERROR = 0.04;

  /** Largest code of a row or of a query, either way. */
  public static final int MAX_CODE = 127;

  /** Twice the unit roundoff of a float. */
  public static final double EPSILON = 0x1p-23;

  /** Below this a product of scales could lose digits to underflow. */
  private static final double LEAST_FACTOR = 1e-30;

  /** Sixteen roundoffs of a float. */
  private static final float ROUNDING = 0x1p-20f;

  private ScreenBounds() {}

  /** What a group's rows are as kernels screen them. Immutable. */
  public static final class Rows {
    private final Precision precision;
    private final int dims;
    private final double scale;
    private final double screenScale;
    private final double longestRow;
    private final double rowError;
    private final double codeNorm;

    /**
     * Describes them.
     *
     * @param precision of the rows, floats standing there in bytes
     * @param dims elements of a row
     * @param scale of its exact scores; 1 where rows have none
     * @param screenScale what a unit of a row's codes counts
     * @param longestRow norm of the longest row, at least
     * @param rowError norm of what rounding took from a row that stands there in bytes, at least
     */
    public Rows(
        Precision precision,
        int dims,
        double scale,
        double screenScale,
        double longestRow,
        double rowError) {
      this.precision = precision;
      this.dims = dims;
      this.scale = scale;
      this.screenScale = screenScale;
      this.longestRow = longestRow;
      this.rowError = rowError;
      double root = Math.sqrt(dims);
      this.codeNorm =
          switch (precision) {
            case INT4 -> 8 * root;
            case INT2 -> 2 * 3 * root;
            case FP32, INT8 -> (longestRow + rowError) / screenScale * (1 + EPSILON) + EPSILON;
          };
    }

    /**
     * Norm of the codes of any row, at least, as {@link ScreenOps#maxSum} counts it; infinite or
     * NaN if nothing bounds it.
     */
    public double codeNorm() {
      return codeNorm;
    }

    /** The largest code that a query may have, either way. */
    public int maxQueryCode(ScreenOps ops) {
      return precision.isUnitCodes() ? MAX_CODE : ops.maxByteQuery();
    }

    /**
     * The largest norm that the codes of a query may have before they are rounded to whole numbers,
     * which may add half a code to every element.
     *
     * @param queryDims elements of the query
     */
    public double maxQueryNorm(ScreenOps ops, int queryDims) {
      return ops.maxSum() / codeNorm - Math.sqrt(queryDims) / 2 - 1;
    }

    /**
     * What a sum of products counts.
     *
     * @param step what a code of the query counts
     * @return 0 if it could lose digits, or is no float
     */
    public float factor(double step) {
      double factor = step * screenScale;
      return factor >= LEAST_FACTOR && factor <= Float.MAX_VALUE ? (float) factor : 0;
    }

    /**
     * How far a row's score may be from what screening says of it, priors left out: what rounding
     * took from the row, times the user's vector, what it took from the user's vector, times the
     * longest row, and what float arithmetic adds on both sides; rounded up.
     *
     * @param queryNorm norm of the query
     * @param queryError norm of what was taken from it
     */
    public float margin(double queryNorm, double queryError) {
      double relative =
          4 * (dims + 8) * EPSILON + (precision.isUnitCodes() ? ScreenOps.UNIT_SCREEN_ERROR : 0);
      double margin =
          rowError * queryNorm
              + (longestRow + rowError) * (queryError + (queryNorm + queryError) * relative)
              + 2 * (dims + 8) * (double) Float.MIN_VALUE * (1 + scale);
      return (float) (margin * (1 + ROUNDING)) + Float.MIN_NORMAL;
    }

    /**
     * Whether no sum that scores or screens a row, however far it has come, nears the largest
     * float: beyond it nothing bounds a score.
     *
     * @param largest norm of what the rows are scored or screened with, at least
     * @param largestPrior of a row, either way; 0 if none is added
     */
    public boolean isFarFromOverflow(double largest, double largestPrior) {
      double longest = Math.max(longestRow + rowError, codeNorm);
      return largest * longest + largestPrior < Float.MAX_VALUE / 8;
    }

    /**
     * What screening says of a row, its prior left out, is above this if with its prior it is above
     * a bar.
     *
     * @param largest norm of what is screened with, at least
     * @param largestPrior of a row; 0 if none is added
     */
    public float productBar(float bar, double largest, double largestPrior) {
      double rounding =
          16 * (largest * longestRow + Math.abs(bar) + Math.abs(largestPrior)) * EPSILON;
      double underflow = 4 * (double) Float.MIN_VALUE * (1 + scale);
      return Math.nextDown((float) (bar - largestPrior - rounding - underflow));
    }
  }

  /**
   * What screening says of a row, its prior included, is above this if the row's score is above the
   * threshold.
   */
  public static float threshold(float threshold, float margin) {
    return threshold - slack(threshold, margin);
  }

  /** What a row's score is at least, by what screening says of it, its prior included. */
  public static float lowestScore(float screened, float margin) {
    return screened - slack(screened, margin);
  }

  /** What it is at most. */
  public static float highestScore(float screened, float margin) {
    return screened + slack(screened, margin);
  }

  /**
   * The margin and what it takes to add it, to add a prior on both sides, and to round all that: a
   * few roundoffs of either number.
   */
  private static float slack(float of, float margin) {
    return margin + Math.abs(of) * ROUNDING;
  }
}
