package org.concertina.artifact;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Users' vectors in bytes: whole numbers in [-127, 127] that count as the vector in their
 * direction, whose length no score depends on; so there is no scale to store.
 */
final class UserCodes {
  static final int LARGEST_CODE = 127;

  private static final ValueLayout.OfFloat F32 = ValueLayout.JAVA_FLOAT_UNALIGNED;

  private UserCodes() {}

  /**
   * Encodes a vector of finite floats: the largest element becomes 127 or -127; zeros stay zeros.
   *
   * @param codes receives {@code dim} bytes
   */
  static void encode(
      MemorySegment vector, long vectorOffsetBytes, int dim, MemorySegment codes, long codesAt) {
    float largest = 0;
    for (int k = 0; k < dim; k++) {
      float value = vector.get(F32, vectorOffsetBytes + (long) k * Float.BYTES);
      largest = Math.max(largest, Math.abs(value));
    }
    if (largest == 0) {
      return;
    }
    for (int k = 0; k < dim; k++) {
      double value = vector.get(F32, vectorOffsetBytes + (long) k * Float.BYTES);
      // In doubles, which hold the product of the smallest and the quotient of the largest float.
      codes.set(
          ValueLayout.JAVA_BYTE, codesAt + k, (byte) Math.rint(value * LARGEST_CODE / largest));
    }
  }

  /** Turns codes into the floats of the same values. */
  static void decode(MemorySegment codes, long codesAt, int dim, MemorySegment out, long outAt) {
    for (int k = 0; k < dim; k++) {
      out.set(F32, outAt + (long) k * Float.BYTES, codes.get(ValueLayout.JAVA_BYTE, codesAt + k));
    }
  }
}
