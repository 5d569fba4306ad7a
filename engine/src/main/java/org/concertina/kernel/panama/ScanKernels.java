package org.concertina.kernel.panama;

import static org.concertina.kernel.panama.PanamaSpecies.ELEMENT;
import static org.concertina.kernel.panama.PanamaSpecies.F32;
import static org.concertina.kernel.panama.PanamaSpecies.LANES;
import static org.concertina.kernel.panama.PanamaSpecies.ORDER;
import static org.concertina.kernel.panama.PanamaSpecies.VECTOR_BYTES;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/**
 * Scans for the rare score that beats a threshold; four vectors a step, since most steps find none.
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
        break;
      }
    }
    while (i < n && !(x.get(ELEMENT, xAt + (long) i * Float.BYTES) > threshold)) {
      i++;
    }
    return i;
  }
}
