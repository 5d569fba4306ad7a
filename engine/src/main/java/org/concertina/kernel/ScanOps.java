package org.concertina.kernel;

import java.lang.foreign.MemorySegment;

/**
 * Searches in scores.
 *
 * <p>Offsets are in bytes, strides and sizes in floats unless the name says otherwise; see {@link
 * VectorOps} for what holds of all operations.
 */
public interface ScanOps {
  /**
   * The first index {@code i >= from} with {@code x_i > threshold}, or {@code n}; NaN is above
   * nothing.
   */
  int indexAbove(float threshold, MemorySegment x, long xOffsetBytes, int from, int n);

  /**
   * {@code out_j} = the largest {@code x_i} with {@code i mod count = j}, or negative infinity if
   * there is none; NaN is larger than nothing. The {@code k}-th largest of these is at most the
   * {@code k}-th largest of all. Bit-exact.
   *
   * @param count floats of {@code out}; {@code x} and {@code out} do not overlap
   */
  void maxima(
      MemorySegment x, long xOffsetBytes, int n, MemorySegment out, long outOffsetBytes, int count);
}
