package org.concertina.kernel.panama;

import static org.concertina.kernel.panama.PanamaSpecies.ELEMENT;
import static org.concertina.kernel.panama.PanamaSpecies.F32;
import static org.concertina.kernel.panama.PanamaSpecies.LANES;
import static org.concertina.kernel.panama.PanamaSpecies.ORDER;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** Kernels over runs of signed bytes beside floats. */
final class CodeKernels {
  /** As many bytes as a vector has floats, from eight on; the API has no shape below 64 bits. */
  private static final VectorSpecies<Byte> I8 =
      LANES == 16 ? ByteVector.SPECIES_128 : ByteVector.SPECIES_64;

  private CodeKernels() {}

  static void add(
      float scale,
      float base,
      MemorySegment codes,
      long codesAt,
      MemorySegment x,
      long xAt,
      int n) {
    // Vectors of four floats have no byte vector to come from, so that all of it is their tail.
    int bound = LANES < 8 ? 0 : n - n % LANES;
    FloatVector scales = FloatVector.broadcast(F32, scale);
    FloatVector bases = FloatVector.broadcast(F32, base);
    int i = 0;
    for (; i < bound; i += LANES) {
      long at = xAt + (long) i * Float.BYTES;
      FloatVector code =
          (FloatVector)
              ByteVector.fromMemorySegment(I8, codes, codesAt + i, ORDER)
                  .convertShape(VectorOperators.B2F, F32, 0);
      FloatVector.fromMemorySegment(F32, x, at, ORDER)
          .add(scales.fma(code, bases))
          .intoMemorySegment(x, at, ORDER);
    }
    for (; i < n; i++) {
      long at = xAt + (long) i * Float.BYTES;
      float decoded = Math.fma(scale, (float) codes.get(ValueLayout.JAVA_BYTE, codesAt + i), base);
      x.set(ELEMENT, at, x.get(ELEMENT, at) + decoded);
    }
  }
}
