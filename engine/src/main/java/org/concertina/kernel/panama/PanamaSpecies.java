package org.concertina.kernel.panama;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;
import org.concertina.kernel.RuntimeFlags;
import org.concertina.kernel.VectorOps;

/** The one vector shape of this JVM and the loads that every kernel shares. */
final class PanamaSpecies {
  /**
   * Little-endian like everything on disk; big-endian hosts are refused where memory is allocated.
   */
  static final ByteOrder ORDER = ByteOrder.LITTLE_ENDIAN;

  static final ValueLayout.OfFloat ELEMENT = ValueLayout.JAVA_FLOAT_UNALIGNED;

  static final VectorSpecies<Float> F32 =
      switch (RuntimeFlags.current().vectorBits()) {
        case 128 -> FloatVector.SPECIES_128;
        case 256 -> FloatVector.SPECIES_256;
        case 512 -> FloatVector.SPECIES_512;
        default -> preferred();
      };

  static final int LANES = F32.length();

  static final int VECTOR_BYTES = F32.vectorByteSize();

  private PanamaSpecies() {}

  /** A tile has 16 rows, so wider vectors, which SVE may have, are of no use. */
  private static VectorSpecies<Float> preferred() {
    return FloatVector.SPECIES_PREFERRED.length() > VectorOps.TILE_ROWS
        ? FloatVector.SPECIES_512
        : FloatVector.SPECIES_PREFERRED;
  }

  static FloatVector load(MemorySegment segment, long offsetBytes) {
    return FloatVector.fromMemorySegment(F32, segment, offsetBytes, ORDER);
  }

  static FloatVector broadcast(MemorySegment segment, long offsetBytes) {
    return FloatVector.broadcast(F32, segment.get(ELEMENT, offsetBytes));
  }

  static void store(FloatVector vector, MemorySegment segment, long offsetBytes) {
    vector.intoMemorySegment(segment, offsetBytes, ORDER);
  }

  static float get(MemorySegment segment, long offsetBytes) {
    return segment.get(ELEMENT, offsetBytes);
  }

  static void set(MemorySegment segment, long offsetBytes, float value) {
    segment.set(ELEMENT, offsetBytes, value);
  }
}
