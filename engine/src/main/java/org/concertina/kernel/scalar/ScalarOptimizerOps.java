package org.concertina.kernel.scalar;

import static org.concertina.kernel.Ranges.checkFloats;
import static org.concertina.kernel.scalar.Elements.at;
import static org.concertina.kernel.scalar.Elements.put;

import java.lang.foreign.MemorySegment;
import org.concertina.kernel.AdamStep;
import org.concertina.kernel.OptimizerOps;

/** {@link OptimizerOps} in plain Java. Thread-safe. */
final class ScalarOptimizerOps implements OptimizerOps {
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
    for (int i = 0; i < n; i++) {
      float weight = at(w, wOffsetBytes, i);
      float g = Math.fma(step.l2(), weight, at(gradient, gradientOffsetBytes, i));
      float first = Math.fma(step.beta1(), at(m, mOffsetBytes, i) - g, g);
      float second = Math.fma(step.beta2(), at(v, vOffsetBytes, i) - g * g, g * g);
      put(m, mOffsetBytes, i, first);
      put(v, vOffsetBytes, i, second);
      float root = (float) Math.sqrt(second);
      put(w, wOffsetBytes, i, weight - step.stepSize() * first / (root + step.epsilon()));
    }
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
    double squared = 0;
    for (int i = 0; i < n; i++) {
      float g = Math.fma(l2, at(w, wOffsetBytes, i), at(gradient, gradientOffsetBytes, i));
      squared += (double) g * g;
    }
    float total = at(accumulator, accumulatorOffsetBytes, 0) + (float) (squared / n);
    put(accumulator, accumulatorOffsetBytes, 0, total);
    float step = learningRate / ((float) Math.sqrt(total) + epsilon);
    for (int i = 0; i < n; i++) {
      float weight = at(w, wOffsetBytes, i);
      float g = Math.fma(l2, weight, at(gradient, gradientOffsetBytes, i));
      put(w, wOffsetBytes, i, Math.fma(-step, g, weight));
    }
  }
}
