package org.concertina.kernel.scalar;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Reads and writes one element of a segment. */
final class Elements {
  private static final ValueLayout.OfFloat F32 = ValueLayout.JAVA_FLOAT_UNALIGNED;
  private static final ValueLayout.OfInt I32 = ValueLayout.JAVA_INT_UNALIGNED;

  private Elements() {}

  static float at(MemorySegment s, long offsetBytes, long index) {
    return s.get(F32, offsetBytes + index * Float.BYTES);
  }

  static void put(MemorySegment s, long offsetBytes, long index, float value) {
    s.set(F32, offsetBytes + index * Float.BYTES, value);
  }

  static long index(MemorySegment s, long offsetBytes, long k) {
    return s.get(I32, offsetBytes + k * Integer.BYTES);
  }
}
