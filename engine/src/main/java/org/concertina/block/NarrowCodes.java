package org.concertina.block;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.concertina.kernel.Norms;

/**
 * Rows in 1, 2, 4 or 8 bits an element, as unit vectors in the direction of their codes.
 *
 * <p>As with {@link UnitCodes}, the codes' own norm is the row's scale, so a row takes no byte
 * besides its codes. One bit is the sign, two are -3, -1, 1 or 3, four are {@link UnitCodes}, and
 * eight whole numbers in [-127, 127] with the largest element at 127. An element of exactly 0 is
 * taken to be masked and stays 0. Allocates nothing; thread-safe.
 */
public final class NarrowCodes {
  private static final ValueLayout.OfFloat F32 = ValueLayout.JAVA_FLOAT;
  private static final float OUTER_LEVEL = 3f;
  private static final float LARGEST_BYTE = 127f;

  /** Thresholds of the outer level that are tried, in eighths of the mean magnitude. */
  private static final int LEAST_EIGHTHS = 4;

  private static final int MOST_EIGHTHS = 20;

  private NarrowCodes() {}

  /**
   * Checks a number of bits.
   *
   * @throws IllegalArgumentException if no code has so many
   */
  public static int requireBits(int bits) {
    if (bits != 1 && bits != 2 && bits != 4 && bits != 8) {
      throw new IllegalArgumentException("bits of a code: expected 1, 2, 4 or 8, got " + bits);
    }
    return bits;
  }

  /**
   * Replaces a row by its codes, divided by their norm; a row of zeros, or one that is not finite,
   * stays as it is.
   *
   * @param row holds {@code dims} floats at the offset
   * @param bits 1, 2, 4 or 8
   */
  public static void quantizeInPlace(MemorySegment row, long offsetBytes, int dims, int bits) {
    requireBits(bits);
    if (codeInPlace(row, offsetBytes, dims, bits)) {
      normalizeInPlace(row, offsetBytes, dims);
    }
  }

  /** Replaces a row by two-bit codes, with 1 for elements of exactly 0. */
  static void packTwoBitsInPlace(MemorySegment row, long offsetBytes, int dims) {
    codeInPlace(row, offsetBytes, dims, 2);
    for (int k = 0; k < dims; k++) {
      if (magnitude(row, offsetBytes, k) == 0) {
        row.set(F32, offsetBytes + (long) k * Float.BYTES, 1f);
      }
    }
  }

  /** Returns whether the row has codes; it stays as it is if not. */
  private static boolean codeInPlace(MemorySegment row, long offsetBytes, int dims, int bits) {
    double total = 0;
    float largest = 0;
    int count = 0;
    for (int k = 0; k < dims; k++) {
      float magnitude = magnitude(row, offsetBytes, k);
      total += magnitude;
      largest = Math.max(largest, magnitude);
      count += magnitude > 0 ? 1 : 0;
    }
    if (!(largest > 0 && total <= Float.MAX_VALUE)) {
      return false;
    }
    if (bits == 4) {
      UnitCodes.quantizeInPlace(row, offsetBytes, dims);
    } else {
      float outerFrom = bits == 2 ? outerFrom(row, offsetBytes, dims, total, count) : 0;
      for (int k = 0; k < dims; k++) {
        float magnitude = magnitude(row, offsetBytes, k);
        float code =
            switch (bits) {
              case 1 -> 1;
              case 2 -> magnitude >= outerFrom ? OUTER_LEVEL : 1;
              default -> (float) Math.rint(magnitude / largest * LARGEST_BYTE);
            };
        long at = offsetBytes + (long) k * Float.BYTES;
        row.set(F32, at, magnitude == 0 ? 0 : Math.copySign(code, row.get(F32, at)));
      }
    }
    return true;
  }

  /** Of the thresholds, the one whose codes have the largest cosine with the row. */
  private static float outerFrom(
      MemorySegment row, long offsetBytes, int dims, double total, int count) {
    float eighth = (float) (total / count / 8);
    double bestCosine = -1;
    float best = 0;
    for (int eighths = LEAST_EIGHTHS; eighths <= MOST_EIGHTHS; eighths++) {
      double outer = 0;
      int outerCount = 0;
      for (int k = 0; k < dims; k++) {
        float magnitude = magnitude(row, offsetBytes, k);
        if (magnitude >= eighths * eighth && magnitude > 0) {
          outer += magnitude;
          outerCount++;
        }
      }
      double dot = total + (OUTER_LEVEL - 1) * outer;
      double squared = count + (OUTER_LEVEL * OUTER_LEVEL - 1) * outerCount;
      double cosine = dot / Math.sqrt(squared);
      if (cosine > bestCosine) {
        bestCosine = cosine;
        best = eighths * eighth;
      }
    }
    return best;
  }

  private static float magnitude(MemorySegment row, long offsetBytes, int k) {
    return Math.abs(row.get(F32, offsetBytes + (long) k * Float.BYTES));
  }

  private static void normalizeInPlace(MemorySegment row, long offsetBytes, int dims) {
    double squared = 0;
    for (int k = 0; k < dims; k++) {
      float code = row.get(F32, offsetBytes + (long) k * Float.BYTES);
      squared += (double) code * code;
    }
    float inverse = Norms.inverse(squared);
    for (int k = 0; k < dims; k++) {
      long at = offsetBytes + (long) k * Float.BYTES;
      row.set(F32, at, row.get(F32, at) * inverse);
    }
  }
}
