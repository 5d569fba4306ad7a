package org.concertina.kernel.panama;

import static org.concertina.kernel.panama.PanamaSpecies.ELEMENT;
import static org.concertina.kernel.panama.PanamaSpecies.F32;
import static org.concertina.kernel.panama.PanamaSpecies.LANES;
import static org.concertina.kernel.panama.PanamaSpecies.ORDER;
import static org.concertina.kernel.panama.PanamaSpecies.VECTOR_BYTES;
import static org.concertina.kernel.panama.PanamaSpecies.sumLanes;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
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
      s0 =
          FloatVector.fromMemorySegment(F32, x, xAt + at, ORDER)
              .fma(FloatVector.fromMemorySegment(F32, y, yAt + at, ORDER), s0);
      at += VECTOR_BYTES;
      s1 =
          FloatVector.fromMemorySegment(F32, x, xAt + at, ORDER)
              .fma(FloatVector.fromMemorySegment(F32, y, yAt + at, ORDER), s1);
      at += VECTOR_BYTES;
      s2 =
          FloatVector.fromMemorySegment(F32, x, xAt + at, ORDER)
              .fma(FloatVector.fromMemorySegment(F32, y, yAt + at, ORDER), s2);
      at += VECTOR_BYTES;
      s3 =
          FloatVector.fromMemorySegment(F32, x, xAt + at, ORDER)
              .fma(FloatVector.fromMemorySegment(F32, y, yAt + at, ORDER), s3);
    }
    for (; i < bound; i += LANES) {
      long at = (long) i * Float.BYTES;
      s0 =
          FloatVector.fromMemorySegment(F32, x, xAt + at, ORDER)
              .fma(FloatVector.fromMemorySegment(F32, y, yAt + at, ORDER), s0);
    }
    float sum = sumLanes(s0.add(s1).add(s2.add(s3)));
    for (; i < n; i++) {
      long at = (long) i * Float.BYTES;
      sum = Math.fma(x.get(ELEMENT, xAt + at), y.get(ELEMENT, yAt + at), sum);
    }
    return sum;
  }

  static float rectifiedDot(MemorySegment x, long xAt, MemorySegment w, long wAt, int n) {
    int unrolled = n - n % (2 * LANES);
    int bound = n - n % LANES;
    FloatVector s0 = FloatVector.zero(F32), s1 = FloatVector.zero(F32);
    int i = 0;
    for (; i < unrolled; i += 2 * LANES) {
      long at = (long) i * Float.BYTES;
      s0 = rectified(x, xAt + at).fma(FloatVector.fromMemorySegment(F32, w, wAt + at, ORDER), s0);
      at += VECTOR_BYTES;
      s1 = rectified(x, xAt + at).fma(FloatVector.fromMemorySegment(F32, w, wAt + at, ORDER), s1);
    }
    for (; i < bound; i += LANES) {
      long at = (long) i * Float.BYTES;
      s0 = rectified(x, xAt + at).fma(FloatVector.fromMemorySegment(F32, w, wAt + at, ORDER), s0);
    }
    float sum = sumLanes(s0.add(s1));
    for (; i < n; i++) {
      long at = (long) i * Float.BYTES;
      float value = x.get(ELEMENT, xAt + at);
      sum = Math.fma(value > 0 ? value : 0, w.get(ELEMENT, wAt + at), sum);
    }
    return sum;
  }

  private static FloatVector rectified(MemorySegment x, long at) {
    FloatVector value = FloatVector.fromMemorySegment(F32, x, at, ORDER);
    FloatVector zero = FloatVector.zero(F32);
    return zero.blend(value, value.compare(VectorOperators.GT, zero));
  }

  static void axpy(float alpha, MemorySegment x, long xAt, MemorySegment y, long yAt, int n) {
    FloatVector a = FloatVector.broadcast(F32, alpha);
    int bound = n - n % LANES;
    int i = 0;
    for (; i < bound; i += LANES) {
      long at = (long) i * Float.BYTES;
      a.fma(
              FloatVector.fromMemorySegment(F32, x, xAt + at, ORDER),
              FloatVector.fromMemorySegment(F32, y, yAt + at, ORDER))
          .intoMemorySegment(y, yAt + at, ORDER);
    }
    for (; i < n; i++) {
      long at = (long) i * Float.BYTES;
      y.set(ELEMENT, yAt + at, Math.fma(alpha, x.get(ELEMENT, xAt + at), y.get(ELEMENT, yAt + at)));
    }
  }

  static void scale(float alpha, MemorySegment x, long xAt, int n) {
    int bound = n - n % LANES;
    int i = 0;
    for (; i < bound; i += LANES) {
      long at = xAt + (long) i * Float.BYTES;
      FloatVector.fromMemorySegment(F32, x, at, ORDER).mul(alpha).intoMemorySegment(x, at, ORDER);
    }
    for (; i < n; i++) {
      long at = xAt + (long) i * Float.BYTES;
      x.set(ELEMENT, at, alpha * x.get(ELEMENT, at));
    }
  }

  static void multiply(MemorySegment x, long xAt, MemorySegment y, long yAt, int n) {
    int bound = n - n % LANES;
    int i = 0;
    for (; i < bound; i += LANES) {
      long at = (long) i * Float.BYTES;
      FloatVector.fromMemorySegment(F32, y, yAt + at, ORDER)
          .mul(FloatVector.fromMemorySegment(F32, x, xAt + at, ORDER))
          .intoMemorySegment(y, yAt + at, ORDER);
    }
    for (; i < n; i++) {
      long at = (long) i * Float.BYTES;
      y.set(ELEMENT, yAt + at, y.get(ELEMENT, yAt + at) * x.get(ELEMENT, xAt + at));
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
      FloatVector value =
          FloatVector.fromMemorySegment(F32, x, xAt + at, ORDER)
              .mul(FloatVector.fromMemorySegment(F32, mask, maskAt + at, ORDER));
      squares = value.fma(value, squares);
    }
    double squared = sumLanes(squares);
    for (; i < n; i++) {
      long at = (long) i * Float.BYTES;
      double value = x.get(ELEMENT, xAt + at) * mask.get(ELEMENT, maskAt + at);
      squared += value * value;
    }
    if (!(squared >= SAFE_SQUARED && squared <= Float.MAX_VALUE)) {
      squared = squaredInDouble(x, xAt, mask, maskAt, n);
    }
    float inverse = Norms.inverse(squared);
    for (i = 0; i < bound; i += LANES) {
      long at = (long) i * Float.BYTES;
      FloatVector.fromMemorySegment(F32, x, xAt + at, ORDER)
          .mul(FloatVector.fromMemorySegment(F32, mask, maskAt + at, ORDER))
          .mul(inverse)
          .intoMemorySegment(y, yAt + at, ORDER);
    }
    for (; i < n; i++) {
      long at = (long) i * Float.BYTES;
      y.set(ELEMENT, yAt + at, x.get(ELEMENT, xAt + at) * mask.get(ELEMENT, maskAt + at) * inverse);
    }
    return inverse;
  }

  /** The cold path of vectors so short or so long that squares leave the range of a float. */
  private static double squaredInDouble(
      MemorySegment x, long xAt, MemorySegment mask, long maskAt, int n) {
    double squared = 0;
    for (int i = 0; i < n; i++) {
      long at = (long) i * Float.BYTES;
      double value = x.get(ELEMENT, xAt + at) * mask.get(ELEMENT, maskAt + at);
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
      FloatVector tangent =
          minusAlong.fma(
              FloatVector.fromMemorySegment(F32, y, yAt + at, ORDER),
              FloatVector.fromMemorySegment(F32, gy, gyAt + at, ORDER));
      FloatVector g =
          FloatVector.fromMemorySegment(F32, mask, maskAt + at, ORDER)
              .mul(inverseNorm)
              .mul(tangent);
      FloatVector.fromMemorySegment(F32, gx, gxAt + at, ORDER)
          .add(g)
          .intoMemorySegment(gx, gxAt + at, ORDER);
    }
    for (; i < n; i++) {
      long at = (long) i * Float.BYTES;
      float tangent = Math.fma(-along, y.get(ELEMENT, yAt + at), gy.get(ELEMENT, gyAt + at));
      gx.set(
          ELEMENT,
          gxAt + at,
          gx.get(ELEMENT, gxAt + at) + mask.get(ELEMENT, maskAt + at) * inverseNorm * tangent);
    }
  }
}
