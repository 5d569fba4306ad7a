package org.concertina.kernel.panama;

import static org.concertina.kernel.panama.PanamaSpecies.ELEMENT;
import static org.concertina.kernel.panama.PanamaSpecies.F32;
import static org.concertina.kernel.panama.PanamaSpecies.LANES;
import static org.concertina.kernel.panama.PanamaSpecies.ORDER;
import static org.concertina.kernel.panama.PanamaSpecies.VECTOR_BYTES;
import static org.concertina.kernel.panama.PanamaSpecies.sumLanes;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import org.concertina.kernel.AdamStep;

/** Kernels that move one row of weights by its gradient; tails are scalar. */
final class OptimizerKernels {
  private OptimizerKernels() {}

  static void adam(
      AdamStep step,
      MemorySegment w,
      long wAt,
      MemorySegment m,
      long mAt,
      MemorySegment v,
      long vAt,
      MemorySegment gradient,
      long gAt,
      int n) {
    FloatVector l2 = FloatVector.broadcast(F32, step.l2());
    FloatVector beta1 = FloatVector.broadcast(F32, step.beta1());
    FloatVector beta2 = FloatVector.broadcast(F32, step.beta2());
    int bound = n - n % LANES;
    int i = 0;
    for (; i < bound; i += LANES) {
      long at = (long) i * Float.BYTES;
      FloatVector weight = FloatVector.fromMemorySegment(F32, w, wAt + at, ORDER);
      FloatVector g = l2.fma(weight, FloatVector.fromMemorySegment(F32, gradient, gAt + at, ORDER));
      FloatVector gg = g.mul(g);
      FloatVector first =
          beta1.fma(FloatVector.fromMemorySegment(F32, m, mAt + at, ORDER).sub(g), g);
      FloatVector second =
          beta2.fma(FloatVector.fromMemorySegment(F32, v, vAt + at, ORDER).sub(gg), gg);
      first.intoMemorySegment(m, mAt + at, ORDER);
      second.intoMemorySegment(v, vAt + at, ORDER);
      FloatVector move = first.mul(step.stepSize()).div(second.sqrt().add(step.epsilon()));
      weight.sub(move).intoMemorySegment(w, wAt + at, ORDER);
    }
    for (; i < n; i++) {
      long at = (long) i * Float.BYTES;
      float weight = w.get(ELEMENT, wAt + at);
      float g = Math.fma(step.l2(), weight, gradient.get(ELEMENT, gAt + at));
      float first = Math.fma(step.beta1(), m.get(ELEMENT, mAt + at) - g, g);
      float second = Math.fma(step.beta2(), v.get(ELEMENT, vAt + at) - g * g, g * g);
      m.set(ELEMENT, mAt + at, first);
      v.set(ELEMENT, vAt + at, second);
      float root = (float) Math.sqrt(second);
      w.set(ELEMENT, wAt + at, weight - step.stepSize() * first / (root + step.epsilon()));
    }
  }

  static void adagrad(
      float learningRate,
      float epsilon,
      float penalty,
      MemorySegment w,
      long wAt,
      MemorySegment sum,
      long sumAt,
      MemorySegment gradient,
      long gAt,
      int n) {
    FloatVector l2 = FloatVector.broadcast(F32, penalty);
    FloatVector even = FloatVector.zero(F32);
    FloatVector odd = FloatVector.zero(F32);
    int bound = n - n % LANES;
    int i = 0;
    for (; i < bound - LANES; i += 2 * LANES) {
      long at = (long) i * Float.BYTES;
      FloatVector g =
          l2.fma(
              FloatVector.fromMemorySegment(F32, w, wAt + at, ORDER),
              FloatVector.fromMemorySegment(F32, gradient, gAt + at, ORDER));
      even = g.fma(g, even);
      at += VECTOR_BYTES;
      g =
          l2.fma(
              FloatVector.fromMemorySegment(F32, w, wAt + at, ORDER),
              FloatVector.fromMemorySegment(F32, gradient, gAt + at, ORDER));
      odd = g.fma(g, odd);
    }
    for (; i < bound; i += LANES) {
      long at = (long) i * Float.BYTES;
      FloatVector g =
          l2.fma(
              FloatVector.fromMemorySegment(F32, w, wAt + at, ORDER),
              FloatVector.fromMemorySegment(F32, gradient, gAt + at, ORDER));
      even = g.fma(g, even);
    }
    float squared = sumLanes(even.add(odd));
    for (; i < n; i++) {
      long at = (long) i * Float.BYTES;
      float g = Math.fma(penalty, w.get(ELEMENT, wAt + at), gradient.get(ELEMENT, gAt + at));
      squared = Math.fma(g, g, squared);
    }
    float total = sum.get(ELEMENT, sumAt) + squared / n;
    sum.set(ELEMENT, sumAt, total);
    descend(learningRate / ((float) Math.sqrt(total) + epsilon), penalty, w, wAt, gradient, gAt, n);
  }

  /** {@code w -= step * (gradient + penalty * w)}. */
  private static void descend(
      float step,
      float penalty,
      MemorySegment w,
      long wAt,
      MemorySegment gradient,
      long gAt,
      int n) {
    FloatVector l2 = FloatVector.broadcast(F32, penalty);
    FloatVector minusStep = FloatVector.broadcast(F32, -step);
    int bound = n - n % LANES;
    int i = 0;
    for (; i < bound; i += LANES) {
      long at = (long) i * Float.BYTES;
      FloatVector weight = FloatVector.fromMemorySegment(F32, w, wAt + at, ORDER);
      FloatVector g = l2.fma(weight, FloatVector.fromMemorySegment(F32, gradient, gAt + at, ORDER));
      minusStep.fma(g, weight).intoMemorySegment(w, wAt + at, ORDER);
    }
    for (; i < n; i++) {
      long at = (long) i * Float.BYTES;
      float weight = w.get(ELEMENT, wAt + at);
      float g = Math.fma(penalty, weight, gradient.get(ELEMENT, gAt + at));
      w.set(ELEMENT, wAt + at, Math.fma(-step, g, weight));
    }
  }
}
