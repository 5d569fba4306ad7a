package org.concertina.kernel;

/**
 * The polynomial of the vectorised {@code exp}, shared by every provider so that all give the same
 * bits.
 *
 * <p>{@code exp(x) = 2^n * 2^f} with {@code n = round(x / ln 2)} and {@code 2^f} by a polynomial of
 * degree 6 on {@code [-1/2, 1/2]}. Range reduction multiplies by {@code log2(e)} in two parts, so
 * that the error does not grow with {@code |x|}.
 */
public final class FastExp {
  /** Upper bound of the relative error on {@code [-86, 88]}; a test holds every provider to it. */
  public static final double MAX_RELATIVE_ERROR = 4e-7;

  /** Arguments below are clamped, so that every result is a normal float. */
  public static final float MIN_ARGUMENT = -86f;

  /** Arguments above are clamped. */
  public static final float MAX_ARGUMENT = 88f;

  /** {@code log2(e)}. */
  public static final float LOG2_E = (float) 1.44269504;

  /** High part of {@code ln 2}: few bits, so that {@code n * LN2_HIGH} is exact. */
  public static final float LN2_HIGH = 355f / 512f;

  /** {@code ln 2 - LN2_HIGH}. */
  public static final float LN2_LOW = (float) -2.12194440e-4;

  /**
   * {@code 1.5 * 2^23 + 127}: adding it leaves the rounded integer in the low bits of the float,
   * biased as an exponent, so that a shift by 23 makes {@code 2^n}.
   */
  public static final float ROUNDING_MAGIC = 12583039f;

  /** Taylor coefficients of exp on [-ln2/2, ln2/2] as minimised by Cephes' expf (Moshier). */
  public static final float C0 = (float) 1.9875691500e-4;

  /** Next coefficient. */
  public static final float C1 = (float) 1.3981999507e-3;

  /** Next coefficient. */
  public static final float C2 = (float) 8.3334519073e-3;

  /** Next coefficient. */
  public static final float C3 = (float) 4.1665795894e-2;

  /** Next coefficient. */
  public static final float C4 = (float) 1.6666665459e-1;

  /** Next coefficient. */
  public static final float C5 = (float) 5.0000001201e-1;

  private FastExp() {}

  /** {@code exp(x)}, the same bits as the vector form; NaN for NaN. */
  public static float exp(float x) {
    // Comparisons that are never true cost nothing; Math.min and Math.max, seven blends in a row.
    float clamped = x > MAX_ARGUMENT ? MAX_ARGUMENT : x < MIN_ARGUMENT ? MIN_ARGUMENT : x;
    float shifted = Math.fma(clamped, LOG2_E, ROUNDING_MAGIC);
    float n = shifted - ROUNDING_MAGIC;
    float r = Math.fma(n, -LN2_LOW, Math.fma(n, -LN2_HIGH, clamped));
    float p = Math.fma(C0, r, C1);
    p = Math.fma(p, r, C2);
    p = Math.fma(p, r, C3);
    p = Math.fma(p, r, C4);
    p = Math.fma(p, r, C5);
    p = Math.fma(p, r * r, r + 1f);
    // A product, not a sum of bits: that would make a number of some NaNs.
    return p * Float.intBitsToFloat(Float.floatToRawIntBits(shifted) << 23);
  }
}
