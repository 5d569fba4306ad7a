package org.concertina.kernel.panama;

import static org.concertina.kernel.Ranges.checkFloats;

import java.lang.foreign.MemorySegment;
import org.concertina.kernel.AdamStep;
import org.concertina.kernel.OptimizerOps;

/**
 * {@link OptimizerOps} in the JDK Vector API. Checks ranges, then calls the kernel. Thread-safe.
 */
final class PanamaOptimizerOps implements OptimizerOps {
  @Override
  public void adamInPlace(
      AdamStep step,
      MemorySegment w,
      long wOffsetBytes,
      MemorySegment m,
      long mOffsetBytes,
      MemorySegment v,
      long vOffsetBytes,
      MemorySegment gradient,
      long gradientOffsetBytes,
      int n) {
    checkFloats(w, wOffsetBytes, n);
    checkFloats(m, mOffsetBytes, n);
    checkFloats(v, vOffsetBytes, n);
    checkFloats(gradient, gradientOffsetBytes, n);
    OptimizerKernels.adam(
        step, w, wOffsetBytes, m, mOffsetBytes, v, vOffsetBytes, gradient, gradientOffsetBytes, n);
  }

  @Override
  public void adagradInPlace(
      float learningRate,
      float epsilon,
      float l2,
      MemorySegment w,
      long wOffsetBytes,
      MemorySegment accumulator,
      long accumulatorOffsetBytes,
      MemorySegment gradient,
      long gradientOffsetBytes,
      int n) {
    checkFloats(w, wOffsetBytes, n);
    checkFloats(accumulator, accumulatorOffsetBytes, 1);
    checkFloats(gradient, gradientOffsetBytes, n);
    if (n == 0) {
      return;
    }
    OptimizerKernels.adagrad(
        learningRate,
        epsilon,
        l2,
        w,
        wOffsetBytes,
        accumulator,
        accumulatorOffsetBytes,
        gradient,
        gradientOffsetBytes,
        n);
  }
}
