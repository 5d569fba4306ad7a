package org.concertina.kernel.panama;

import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;
import org.concertina.kernel.RuntimeFlags;
import org.concertina.kernel.VectorOps;

/**
 * The one vector shape of this JVM.
 *
 * <p>There are no helpers for loads and stores on purpose: C2 inlines {@code fromMemorySegment} and
 * {@code intoMemorySegment} at any size, but stops inlining methods of ours once a kernel has
 * 18,000 nodes (NodeCountInliningCutoff), and a vector that is passed to a call is boxed; that made
 * the matrix product twelve times slower.
 */
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
}
