package org.concertina.kernel.panama;

import static org.concertina.kernel.panama.PanamaSpecies.F32;
import static org.concertina.kernel.panama.PanamaSpecies.LANES;
import static org.concertina.kernel.panama.PanamaSpecies.VECTOR_BYTES;
import static org.concertina.kernel.panama.PanamaSpecies.get;
import static org.concertina.kernel.panama.PanamaSpecies.load;
import static org.concertina.kernel.panama.PanamaSpecies.set;
import static org.concertina.kernel.panama.PanamaSpecies.store;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import org.concertina.kernel.AdamStep;
import org.concertina.kernel.Norms;

/**
 * Kernels over one row of floats; tails are scalar, and empty when {@code n} is a multiple of 16.
 */
final class RowKernels {
  /** Above it, what float squares lose to underflow does not matter. */
  private static final float SAFE_SQUARED = 1e-30f;

  private RowKernels() {}

  static float dot(MemorySegment x, long xAt, MemorySegment y, long yAt, int n) {
    int unrolled = n - n % (4 * LANES);
    int bound = n - n % LANES;
    FloatVector s0 = FloatVector.zero(F32), s1 = FloatVector.zero(F32);
    FloatVector s2 = FloatVector.zero(F32), s3 = FloatVector.zero(F32);
    int i = 0;
    for (; i < unrolled; i += 4 * LANES) {
      long at = (long) i * Float.BYTES;
      s0 = load(x, xAt + at).fma(load(y, yAt + at), s0);
      at += VECTOR_BYTES;
      s1 = load(x, xAt + at).fma(load(y, yAt + at), s1);
      at += VECTOR_BYTES;
      s2 = load(x, xAt + at).fma(load(y, yAt + at), s2);
      at += VECTOR_BYTES;
      s3 = load(x, xAt + at).fma(load(y, yAt + at), s3);
    }
    for (; i < bound; i += LANES) {
      long at = (long) i * Float.BYTES;
      s0 = load(x, xAt + at).fma(load(y, yAt + at), s0);
    }
    float sum = s0.add(s1).add(s2.add(s3)).reduceLanes(VectorOperators.ADD);
    for (; i < n; i++) {
      long at = (long) i * Float.BYTES;
      sum = Math.fma(get(x, xAt + at), get(y, yAt + at), sum);
    }
    return sum;
  }

  static void axpy(float alpha, MemorySegment x, long xAt, MemorySegment y, long yAt, int n) {
    FloatVector a = FloatVector.broadcast(F32, alpha);
    int bound = n - n % LANES;
    int i = 0;
    for (; i < bound; i += LANES) {
      long at = (long) i * Float.BYTES;
      store(a.fma(load(x, xAt + at), load(y, yAt + at)), y, yAt + at);
    }
    for (; i < n; i++) {
      long at = (long) i * Float.BYTES;
      set(y, yAt + at, Math.fma(alpha, get(x, xAt + at), get(y, yAt + at)));
    }
  }

  static float normalizeMasked(
      MemorySegment x,
      long xAt,
      MemorySegment mask,
      long maskAt,
      MemorySegment y,
      long yAt,
      int n) {
    int bound = n - n % LANES;
    FloatVector squares = FloatVector.zero(F32);
    int i = 0;
    for (; i < bound; i += LANES) {
      long at = (long) i * Float.BYTES;
      FloatVector value = load(x, xAt + at).mul(load(mask, maskAt + at));
      squares = value.fma(value, squares);
    }
    double squared = squares.reduceLanes(VectorOperators.ADD);
    for (; i < n; i++) {
      long at = (long) i * Float.BYTES;
      double value = get(x, xAt + at) * get(mask, maskAt + at);
      squared += value * value;
    }
    if (!(squared >= SAFE_SQUARED && squared <= Float.MAX_VALUE)) {
      squared = squaredInDouble(x, xAt, mask, maskAt, n);
    }
    float inverse = Norms.inverse(squared);
    for (i = 0; i < bound; i += LANES) {
      long at = (long) i * Float.BYTES;
      store(load(x, xAt + at).mul(load(mask, maskAt + at)).mul(inverse), y, yAt + at);
    }
    for (; i < n; i++) {
      long at = (long) i * Float.BYTES;
      set(y, yAt + at, get(x, xAt + at) * get(mask, maskAt + at) * inverse);
    }
    return inverse;
  }

  /** The cold path of vectors so short or so long that squares leave the range of a float. */
  private static double squaredInDouble(
      MemorySegment x, long xAt, MemorySegment mask, long maskAt, int n) {
    double squared = 0;
    for (int i = 0; i < n; i++) {
      long at = (long) i * Float.BYTES;
      double value = get(x, xAt + at) * get(mask, maskAt + at);
      squared += value * value;
    }
    return squared;
  }

  static void normalizeMaskedBackward(
      float inverseNorm,
      MemorySegment y,
      long yAt,
      MemorySegment mask,
      long maskAt,
      MemorySegment gy,
      long gyAt,
      MemorySegment gx,
      long gxAt,
      int n) {
    float along = dot(gy, gyAt, y, yAt, n);
    FloatVector minusAlong = FloatVector.broadcast(F32, -along);
    int bound = n - n % LANES;
    int i = 0;
    for (; i < bound; i += LANES) {
      long at = (long) i * Float.BYTES;
      FloatVector tangent = minusAlong.fma(load(y, yAt + at), load(gy, gyAt + at));
      FloatVector g = load(mask, maskAt + at).mul(inverseNorm).mul(tangent);
      store(load(gx, gxAt + at).add(g), gx, gxAt + at);
    }
    for (; i < n; i++) {
      long at = (long) i * Float.BYTES;
      float tangent = Math.fma(-along, get(y, yAt + at), get(gy, gyAt + at));
      set(gx, gxAt + at, get(gx, gxAt + at) + get(mask, maskAt + at) * inverseNorm * tangent);
    }
  }

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
      FloatVector weight = load(w, wAt + at);
      FloatVector g = l2.fma(weight, load(gradient, gAt + at));
      FloatVector gg = g.mul(g);
      FloatVector first = beta1.fma(load(m, mAt + at).sub(g), g);
      FloatVector second = beta2.fma(load(v, vAt + at).sub(gg), gg);
      store(first, m, mAt + at);
      store(second, v, vAt + at);
      FloatVector move = first.mul(step.stepSize()).div(second.sqrt().add(step.epsilon()));
      store(weight.sub(move), w, wAt + at);
    }
    for (; i < n; i++) {
      long at = (long) i * Float.BYTES;
      float weight = get(w, wAt + at);
      float g = Math.fma(step.l2(), weight, get(gradient, gAt + at));
      float first = Math.fma(step.beta1(), get(m, mAt + at) - g, g);
      float second = Math.fma(step.beta2(), get(v, vAt + at) - g * g, g * g);
      set(m, mAt + at, first);
      set(v, vAt + at, second);
      float root = (float) Math.sqrt(second);
      set(w, wAt + at, weight - step.stepSize() * first / (root + step.epsilon()));
    }
  }
}
