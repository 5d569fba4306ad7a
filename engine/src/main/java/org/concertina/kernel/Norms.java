package org.concertina.kernel;

/** The one definition of {@code 1 / norm}, shared by kernels and packer. */
public final class Norms {
  private static final double SMALLEST_SQUARED = (double) Float.MIN_NORMAL * Float.MIN_NORMAL;

  private Norms() {}

  /**
   * Returns {@code 1 / sqrt(squared)}, or 0 for a vector shorter than {@link Float#MIN_NORMAL}: its
   * inverse norm may not fit a float, and infinity times a zero element would be NaN.
   *
   * @param squared sum of squares, in double so that it neither overflows nor underflows
   */
  public static float inverse(double squared) {
    return squared < SMALLEST_SQUARED ? 0f : (float) (1 / Math.sqrt(squared));
  }
}
