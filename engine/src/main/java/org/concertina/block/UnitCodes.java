package org.concertina.block;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Four-bit rows: whole numbers in [-7, 7] that count as the unit vector in their direction.
 *
 * <p>Rows have the norm 1 before they are quantised, so their codes' own norm is the row's scale
 * and needs no byte. Of the scales that a row could be rounded at, the one whose codes have the
 * largest cosine with the row is taken, as cosines are what is ranked by.
 *
 * <p>Measured on validation users of Gowalla (one factor model of 64 floats, 15 epochs; mean over
 * the whole table, 4 and 2 of 8 blocks everywhere, and popularity-skewed blocks of 700 KB and 1.4
 * MB in int8):
 *
 * <pre>
 *                                                      bytes      Recall@20  NDCG@20
 *   fp32                                               4 an element  .1602    .0864
 *   int8, one scale a group                            4 a group     .1603    .0864
 *   int4, one scale a group, the largest at 7          4 a group     .1532    .0808
 *   .., scale of least squared error                   4 a group     .1547    .0817
 *   .., the same, rows normalised again                4 a group     .1584    .0850
 *   int4, one scale a (group, block), least error      4 a block     .1564    .0831
 *   .., the same, rows normalised again                4 a block     .1587    .0851
 *   int4, one scale a (group, dimension), normalised   4 a dimension .1585    .0851
 *   int4, one fp32 scale a row, the largest at 7       4 a row       .1574    .0842
 *   .., scale of least squared error                   4 a row       .1581    .0847
 *   int4, rows normalised again, scale of best cosine  none          .1586    .0853
 * </pre>
 *
 * <p>The norm that the rounding changes is what costs quality; where the scale comes from hardly
 * matters once it is put right.
 */
public final class UnitCodes {
  private static final ValueLayout.OfFloat F32 = ValueLayout.JAVA_FLOAT;
  private static final int LARGEST_CODE = 7;

  /** Where the scales put the largest element: a quarter of a step apart, 4 to 9. */
  private static final int LEAST_QUARTERS = 16;

  private static final int MOST_QUARTERS = 36;

  private UnitCodes() {}

  /** Replaces a row by its codes; a row of zeros, or one that is not finite, stays as it is. */
  static void quantizeInPlace(MemorySegment row, long offsetBytes, int dims) {
    float largest = 0;
    for (int k = 0; k < dims; k++) {
      largest = Math.max(largest, Math.abs(row.get(F32, offsetBytes + (long) k * Float.BYTES)));
    }
    if (!(largest > 0 && largest <= Float.MAX_VALUE)) {
      return;
    }
    double bestCosine = -1;
    float best = 0;
    for (int quarters = LEAST_QUARTERS; quarters <= MOST_QUARTERS; quarters++) {
      float perUnit = 0.25f * quarters / largest;
      double cosine = cosine(row, offsetBytes, dims, perUnit);
      if (cosine > bestCosine) {
        bestCosine = cosine;
        best = perUnit;
      }
    }
    for (int k = 0; k < dims; k++) {
      long at = offsetBytes + (long) k * Float.BYTES;
      float value = row.get(F32, at);
      int code = code(value, best);
      row.set(F32, at, value < 0 ? -code : code);
    }
  }

  /** The code of a value without its sign. */
  private static int code(float value, float perUnit) {
    return Math.min(LARGEST_CODE, (int) (Math.abs(value) * perUnit + 0.5f));
  }

  /** Cosine of a row and its codes, times the norm of the row. */
  private static double cosine(MemorySegment row, long offsetBytes, int dims, float perUnit) {
    double dot = 0;
    int squared = 0;
    for (int k = 0; k < dims; k++) {
      float value = row.get(F32, offsetBytes + (long) k * Float.BYTES);
      int code = code(value, perUnit);
      dot += (double) Math.abs(value) * code;
      squared += code * code;
    }
    return dot / Math.sqrt(squared);
  }

  /** {@code 1 / ||codes||} with the bits that the kernel computes; 1 for a row of zeros. */
  static float inverseNorm(MemorySegment codes, long offsetBytes, int dims) {
    float squared = 0;
    for (int k = 0; k < dims; k++) {
      float code = codes.get(F32, offsetBytes + (long) k * Float.BYTES);
      squared = Math.fma(code, code, squared);
    }
    return inverse(squared);
  }

  /** The inverse norm of codes whose squares add up to this. */
  public static float inverse(float squared) {
    return 1 / (float) Math.sqrt(Math.max(squared, 1));
  }
}
