package org.concertina.kernel;

import java.lang.foreign.MemorySegment;

/**
 * Steps of optimizers on rows of weights.
 *
 * <p>Offsets are in bytes, strides and sizes in floats unless the name says otherwise; see {@link
 * VectorOps} for what holds of all operations.
 */
public interface OptimizerOps {
  /**
   * One Adam step (Kingma and Ba, ICLR 2015) of one row, with {@code l2 * w} added to the gradient.
   * Bit-exact.
   *
   * @param step constants of this step
   */
  void adamInPlace(
      AdamStep step,
      MemorySegment w,
      long wOffsetBytes,
      MemorySegment m,
      long mOffsetBytes,
      MemorySegment v,
      long vOffsetBytes,
      MemorySegment gradient,
      long gradientOffsetBytes,
      int n);

  /**
   * One step of Adagrad (Duchi et al., JMLR 2011) with one accumulator for a whole row.
   *
   * <p>With {@code g_i = gradient_i + l2 * w_i}: the accumulator grows by the mean of {@code g_i^2}
   * over the {@code n} floats, then {@code w_i -= learningRate / (sqrt(accumulator) + epsilon) *
   * g_i}. The order of the mean's sum depends on the provider and its width, never on the run. With
   * {@code n == 0} nothing changes.
   *
   * @param accumulator one float, zero before the first step
   */
  void adagradInPlace(
      float learningRate,
      float epsilon,
      float l2,
      MemorySegment w,
      long wOffsetBytes,
      MemorySegment accumulator,
      long accumulatorOffsetBytes,
      MemorySegment gradient,
      long gradientOffsetBytes,
      int n);
}
