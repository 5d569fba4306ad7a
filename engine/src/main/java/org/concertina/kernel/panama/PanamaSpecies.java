package org.concertina.kernel.panama;

import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;
import org.concertina.kernel.RuntimeFlags;
import org.concertina.kernel.TileOps;

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

  private static final VectorShuffle<Float> XOR8 = xor(8);
  private static final VectorShuffle<Float> XOR4 = xor(4);
  private static final VectorShuffle<Float> XOR2 = xor(2);

  private PanamaSpecies() {}

  /** A tile has 16 rows, so wider vectors, which SVE may have, are of no use. */
  private static VectorSpecies<Float> preferred() {
    return FloatVector.SPECIES_PREFERRED.length() > TileOps.TILE_ROWS
        ? FloatVector.SPECIES_512
        : FloatVector.SPECIES_PREFERRED;
  }

  private static VectorShuffle<Float> xor(int distance) {
    int[] from = new int[LANES];
    for (int lane = 0; lane < LANES; lane++) {
      from[lane] = (lane ^ distance) % LANES;
    }
    return VectorShuffle.fromArray(F32, from, 0);
  }

  /**
   * The sum of all lanes, halves folded onto each other.
   *
   * <p>Not {@code reduceLanes}: its order is unspecified, and differs between interpreter and
   * compiled code, so that a training run would depend on when C2 is done.
   */
  static float sumLanes(FloatVector v) {
    FloatVector sum = v;
    if (LANES >= 16) {
      sum = sum.add(sum.rearrange(XOR8));
    }
    if (LANES >= 8) {
      sum = sum.add(sum.rearrange(XOR4));
    }
    sum = sum.add(sum.rearrange(XOR2));
    return sum.lane(0) + sum.lane(1);
  }
}
