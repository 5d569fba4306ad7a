package org.concertina.kernel;

import java.lang.foreign.MemorySegment;

/**
 * Operations on rows of floats.
 *
 * <p>Offsets are in bytes, strides and sizes in floats unless the name says otherwise; see {@link
 * VectorOps} for what holds of all operations.
 */
public interface RowOps {
  /**
   * Returns {@code sum x_i * y_i}; the order of the sum depends on the provider and its width,
   * never on the run.
   */
  float dot(MemorySegment x, long xOffsetBytes, MemorySegment y, long yOffsetBytes, int n);

  /**
   * Returns {@code sum max(0, x_i) * w_i}, the output of rectified units; NaN in {@code x} counts
   * as 0. The order of the sum depends on the provider and its width, never on the run.
   */
  float rectifiedDot(MemorySegment x, long xOffsetBytes, MemorySegment w, long wOffsetBytes, int n);

  /** {@code y += alpha * x}; bit-exact. */
  void axpyInPlace(
      float alpha, MemorySegment x, long xOffsetBytes, MemorySegment y, long yOffsetBytes, int n);

  /** {@code x *= alpha}; bit-exact. */
  void scaleInPlace(float alpha, MemorySegment x, long xOffsetBytes, int n);

  /** {@code y *= x}, element by element; bit-exact. */
  void multiplyInPlace(
      MemorySegment x, long xOffsetBytes, MemorySegment y, long yOffsetBytes, int n);

  /**
   * {@code x_i += base + scale * code_i}: adds what a run of signed bytes decodes to. Bit-exact:
   * every element is {@code x_i + fma(scale, (float) code_i, base)}.
   *
   * @param codes {@code n} bytes
   */
  void addCodesInPlace(
      float scale,
      float base,
      MemorySegment codes,
      long codesOffsetBytes,
      MemorySegment x,
      long xOffsetBytes,
      int n);

  /**
   * {@code y = (mask * x) / ||mask * x||}, with {@code mask} of zeros and ones; a vector whose norm
   * is below {@link Float#MIN_NORMAL} becomes zero.
   *
   * @return {@code 1 / ||mask * x||}, or 0 when the result is zero; see {@link Norms}
   */
  float normalizeMasked(
      MemorySegment x,
      long xOffsetBytes,
      MemorySegment mask,
      long maskOffsetBytes,
      MemorySegment y,
      long yOffsetBytes,
      int n);

  /**
   * Chain rule of {@link #normalizeMasked}: {@code gx += mask * inverseNorm * (gy - <gy, y> y)}.
   *
   * @param inverseNorm what the forward pass returned
   */
  void normalizeMaskedBackward(
      float inverseNorm,
      MemorySegment y,
      long yOffsetBytes,
      MemorySegment mask,
      long maskOffsetBytes,
      MemorySegment gy,
      long gyOffsetBytes,
      MemorySegment gx,
      long gxOffsetBytes,
      int n);

  /**
   * {@code x_i = exp(scale * (x_i - shift))} in place; returns the sum of the results.
   *
   * <p>The relative error of each result is below {@link FastExp#MAX_RELATIVE_ERROR}; arguments of
   * exp are clamped to {@code [-86, 88]}; NaN gives NaN.
   */
  float expSumInPlace(float scale, float shift, MemorySegment x, long xOffsetBytes, int n);

  /**
   * {@code x_i = x_i > margin ? 1 : 0} in place; returns {@code sum max(0, x_i - margin)} of the
   * values before. NaN is above nothing. The flags are bit-exact; the order of the sum depends on
   * the provider and its width.
   */
  float hingeSumInPlace(float margin, MemorySegment x, long xOffsetBytes, int n);
}
