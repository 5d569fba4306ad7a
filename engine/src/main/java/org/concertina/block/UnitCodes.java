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

  /** Where the scales put the largest element: a quarter of a step apart, 4 to 9, 21 of them. */
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
    float best = bestScale(row, offsetBytes, dims, largest);
    for (int k = 0; k < dims; k++) {
      long at = offsetBytes + (long) k * Float.BYTES;
      float value = row.get(F32, at);
      int code = code(Math.abs(value), best);
      row.set(F32, at, value < 0 ? -code : code);
    }
  }

  /** The code of a magnitude. */
  private static int code(float magnitude, float perUnit) {
    return Math.min(LARGEST_CODE, (int) (magnitude * perUnit + 0.5f));
  }

  /** Of the scales, the first whose codes have the largest cosine with the row. */
  private static float bestScale(MemorySegment row, long offsetBytes, int dims, float largest) {
    double bestCosine = -1;
    float best = 0;
    // Three at a time: their sums wait for themselves, not for one another.
    for (int quarters = LEAST_QUARTERS; quarters <= MOST_QUARTERS; quarters += 3) {
      float first = 0.25f * quarters / largest;
      float second = 0.25f * (quarters + 1) / largest;
      float third = 0.25f * (quarters + 2) / largest;
      double firstDot = 0;
      double secondDot = 0;
      double thirdDot = 0;
      int firstSquared = 0;
      int secondSquared = 0;
      int thirdSquared = 0;
      for (int k = 0; k < dims; k++) {
        float magnitude = Math.abs(row.get(F32, offsetBytes + (long) k * Float.BYTES));
        int firstCode = code(magnitude, first);
        int secondCode = code(magnitude, second);
        int thirdCode = code(magnitude, third);
        firstDot += (double) magnitude * firstCode;
        secondDot += (double) magnitude * secondCode;
        thirdDot += (double) magnitude * thirdCode;
        firstSquared += firstCode * firstCode;
        secondSquared += secondCode * secondCode;
        thirdSquared += thirdCode * thirdCode;
      }
      double firstCosine = firstDot / Math.sqrt(firstSquared);
      double secondCosine = secondDot / Math.sqrt(secondSquared);
      double thirdCosine = thirdDot / Math.sqrt(thirdSquared);
      if (firstCosine > bestCosine) {
        bestCosine = firstCosine;
        best = first;
      }
      if (secondCosine > bestCosine) {
        bestCosine = secondCosine;
        best = second;
      }
      if (thirdCosine > bestCosine) {
        bestCosine = thirdCosine;
        best = third;
      }
    }
    return best;
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
