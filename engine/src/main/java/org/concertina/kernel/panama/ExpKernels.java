package org.concertina.kernel.panama;

import static org.concertina.kernel.panama.PanamaSpecies.ELEMENT;
import static org.concertina.kernel.panama.PanamaSpecies.F32;
import static org.concertina.kernel.panama.PanamaSpecies.LANES;
import static org.concertina.kernel.panama.PanamaSpecies.ORDER;
import static org.concertina.kernel.panama.PanamaSpecies.sumLanes;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import org.concertina.kernel.FastExp;

/** Vectorised {@link FastExp}. */
final class ExpKernels {
  private ExpKernels() {}

  private static FloatVector exp(FloatVector x) {
    FloatVector clamped = x.max(FastExp.MIN_ARGUMENT).min(FastExp.MAX_ARGUMENT);
    FloatVector magic = FloatVector.broadcast(F32, FastExp.ROUNDING_MAGIC);
    FloatVector shifted = clamped.fma(FloatVector.broadcast(F32, FastExp.LOG2_E), magic);
    FloatVector n = shifted.sub(magic);
    FloatVector r = n.fma(FloatVector.broadcast(F32, -FastExp.LN2_HIGH), clamped);
    r = n.fma(FloatVector.broadcast(F32, -FastExp.LN2_LOW), r);
    FloatVector p =
        FloatVector.broadcast(F32, FastExp.C0).fma(r, FloatVector.broadcast(F32, FastExp.C1));
    p = p.fma(r, FloatVector.broadcast(F32, FastExp.C2));
    p = p.fma(r, FloatVector.broadcast(F32, FastExp.C3));
    p = p.fma(r, FloatVector.broadcast(F32, FastExp.C4));
    p = p.fma(r, FloatVector.broadcast(F32, FastExp.C5));
    p = p.fma(r.mul(r), r.add(1f));
    IntVector power = shifted.reinterpretAsInts().lanewise(VectorOperators.LSHL, 23);
    return p.mul(power.reinterpretAsFloats());
  }

  static float expSum(float scale, float shift, MemorySegment x, long xAt, int n) {
    FloatVector s0 = FloatVector.zero(F32);
    int bound = n - n % LANES;
    int i = 0;
    for (; i < bound; i += LANES) {
      long at = xAt + (long) i * Float.BYTES;
      FloatVector e = exp(FloatVector.fromMemorySegment(F32, x, at, ORDER).sub(shift).mul(scale));
      e.intoMemorySegment(x, at, ORDER);
      s0 = s0.add(e);
    }
    float sum = sumLanes(s0);
    for (; i < n; i++) {
      long at = xAt + (long) i * Float.BYTES;
      float e = FastExp.exp(scale * (x.get(ELEMENT, at) - shift));
      x.set(ELEMENT, at, e);
      sum += e;
    }
    return sum;
  }
}
