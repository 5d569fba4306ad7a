package org.concertina.kernel;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Transposes rows of floats into the depth-major panels that {@link MatmulOps#matmulAdd} streams.
 */
public final class Transpose {
  private static final ValueLayout.OfFloat F32 = ValueLayout.JAVA_FLOAT_UNALIGNED;

  private Transpose() {}

  /**
   * {@code to[c * toStride + r] = from[r * fromStride + c]} for {@code rows x cols} floats.
   *
   * @param fromStride floats from row to row
   * @param toStride floats from column to column, at least {@code rows}
   */
  public static void transpose(
      int rows,
      int cols,
      MemorySegment from,
      long fromOffsetBytes,
      long fromStride,
      MemorySegment to,
      long toOffsetBytes,
      long toStride) {
    for (int r = 0; r < rows; r++) {
      long source = fromOffsetBytes + r * fromStride * Float.BYTES;
      long target = toOffsetBytes + (long) r * Float.BYTES;
      for (int c = 0; c < cols; c++) {
        to.set(F32, target, from.get(F32, source + (long) c * Float.BYTES));
        target += toStride * Float.BYTES;
      }
    }
  }
}
