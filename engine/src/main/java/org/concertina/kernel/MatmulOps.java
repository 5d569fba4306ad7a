package org.concertina.kernel;

import java.lang.foreign.MemorySegment;

/**
 * Products of matrices.
 *
 * <p>Offsets are in bytes, strides and sizes in floats unless the name says otherwise; see {@link
 * VectorOps} for what holds of all operations.
 */
public interface MatmulOps {
  /**
   * {@code C += A * B} with {@code A: rows x depth}, {@code B: depth x cols}, {@code C: rows x
   * cols}.
   *
   * <p>{@code B} and {@code C} are row-major; {@code A} has any strides >= 0, so that a transposed
   * matrix needs no copy, and is fastest when {@code aRowStride == 1}. {@code C} overlaps neither.
   *
   * <p>Bit-exact: every element is {@code fma(a[r,0], b[0,c], C[r,c])} and so on in the order of
   * {@code depth}.
   */
  void matmulAdd(
      int rows,
      int cols,
      int depth,
      MemorySegment a,
      long aOffsetBytes,
      long aRowStride,
      long aDepthStride,
      MemorySegment b,
      long bOffsetBytes,
      long bRowStride,
      MemorySegment c,
      long cOffsetBytes,
      long cRowStride);
}
