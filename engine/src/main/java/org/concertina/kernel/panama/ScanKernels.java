package org.concertina.kernel.panama;

import static org.concertina.kernel.panama.PanamaSpecies.ELEMENT;
import static org.concertina.kernel.panama.PanamaSpecies.F32;
import static org.concertina.kernel.panama.PanamaSpecies.LANES;
import static org.concertina.kernel.panama.PanamaSpecies.ORDER;
import static org.concertina.kernel.panama.PanamaSpecies.VECTOR_BYTES;
import static org.concertina.kernel.panama.PanamaSpecies.sumLanes;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/**
 * Comparisons of scores with a threshold. The scan takes four vectors a step, since most steps find
 * none that beats it.
 */
final class ScanKernels {
  private ScanKernels() {}

  static int indexAbove(float threshold, MemorySegment x, long xAt, int from, int n) {
    FloatVector limit = FloatVector.broadcast(F32, threshold);
    int i = from;
    for (; i + 4 * LANES <= n; i += 4 * LANES) {
      long at = xAt + (long) i * Float.BYTES;
      VectorMask<Float> m0 =
          FloatVector.fromMemorySegment(F32, x, at, ORDER).compare(VectorOperators.GT, limit);
      VectorMask<Float> m1 =
          FloatVector.fromMemorySegment(F32, x, at + VECTOR_BYTES, ORDER)
              .compare(VectorOperators.GT, limit);
      VectorMask<Float> m2 =
          FloatVector.fromMemorySegment(F32, x, at + 2L * VECTOR_BYTES, ORDER)
              .compare(VectorOperators.GT, limit);
      VectorMask<Float> m3 =
          FloatVector.fromMemorySegment(F32, x, at + 3L * VECTOR_BYTES, ORDER)
              .compare(VectorOperators.GT, limit);
      if (m0.or(m1).or(m2.or(m3)).anyTrue()) {
        // In place: masks that go to a method which C2 finds too cold to inline are allocated.
        long first = m0.toLong() | m1.toLong() << LANES;
        long last = m2.toLong() | m3.toLong() << LANES;
        return i
            + (first != 0
                ? Long.numberOfTrailingZeros(first)
                : 2 * LANES + Long.numberOfTrailingZeros(last));
      }
    }
    while (i < n && !(x.get(ELEMENT, xAt + (long) i * Float.BYTES) > threshold)) {
      i++;
    }
    return i;
  }

  static void maxima(MemorySegment x, long xAt, int n, MemorySegment out, long outAt, int count) {
    int bound = count - count % LANES;
    FloatVector none = FloatVector.broadcast(F32, Float.NEGATIVE_INFINITY);
    int j = 0;
    for (; j < bound; j += LANES) {
      FloatVector largest = none;
      int i = j;
      for (; i + LANES <= n; i += count) {
        FloatVector value =
            FloatVector.fromMemorySegment(F32, x, xAt + (long) i * Float.BYTES, ORDER);
        largest = largest.blend(value, value.compare(VectorOperators.GT, largest));
      }
      largest.intoMemorySegment(out, outAt + (long) j * Float.BYTES, ORDER);
      for (; i < n; i++) {
        long at = outAt + (long) (i % count) * Float.BYTES;
        float value = x.get(ELEMENT, xAt + (long) i * Float.BYTES);
        if (value > out.get(ELEMENT, at)) {
          out.set(ELEMENT, at, value);
        }
      }
    }
    for (; j < count; j++) {
      float largest = Float.NEGATIVE_INFINITY;
      for (int i = j; i < n; i += count) {
        float value = x.get(ELEMENT, xAt + (long) i * Float.BYTES);
        largest = value > largest ? value : largest;
      }
      out.set(ELEMENT, outAt + (long) j * Float.BYTES, largest);
    }
  }

  static float hingeSum(float margin, MemorySegment x, long xAt, int n) {
    FloatVector limit = FloatVector.broadcast(F32, margin);
    FloatVector zero = FloatVector.zero(F32);
    FloatVector one = FloatVector.broadcast(F32, 1f);
    FloatVector s0 = zero;
    int bound = n - n % LANES;
    int i = 0;
    for (; i < bound; i += LANES) {
      long at = xAt + (long) i * Float.BYTES;
      FloatVector value = FloatVector.fromMemorySegment(F32, x, at, ORDER);
      VectorMask<Float> above = value.compare(VectorOperators.GT, limit);
      s0 = s0.add(zero.blend(value.sub(limit), above));
      zero.blend(one, above).intoMemorySegment(x, at, ORDER);
    }
    float sum = sumLanes(s0);
    for (; i < n; i++) {
      long at = xAt + (long) i * Float.BYTES;
      float value = x.get(ELEMENT, at);
      boolean above = value > margin;
      sum += above ? value - margin : 0;
      x.set(ELEMENT, at, above ? 1 : 0);
    }
    return sum;
  }
}
