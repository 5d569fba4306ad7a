package org.concertina.block;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import org.concertina.kernel.VectorOps;

/**
 * Single elements of a tile of packed rows, for whoever does not stream through it.
 *
 * <p>Where an element lies is what {@link VectorOps#scoreTilesFp32}, {@link
 * VectorOps#scoreTilesInt8} and {@link VectorOps#scoreTilesInt4} read. Stateless; allocates
 * nothing; ranges are not checked beyond the segment's own.
 */
public final class PackedElements {
  private static final ValueLayout.OfFloat F32 =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfShort WORD =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  /** Dimensions in one word of four-bit codes. */
  private static final int WORD_DIMS = 4;

  private PackedElements() {}

  private static long element(int row, int k) {
    return (long) k * VectorOps.TILE_ROWS + row;
  }

  private static long wordBytes(int row, int k) {
    return element(row, k / WORD_DIMS) * Short.BYTES;
  }

  private static int shift(int k) {
    return Short.SIZE - WORD_DIMS * (k % WORD_DIMS + 1);
  }

  /** Element {@code k} of row {@code row} of a tile of floats. */
  public static float fp32(MemorySegment tiles, long tileOffsetBytes, int row, int k) {
    return tiles.get(F32, tileOffsetBytes + element(row, k) * Float.BYTES);
  }

  /** Code {@code k} of row {@code row} of a tile of bytes. */
  public static byte int8(MemorySegment tiles, long tileOffsetBytes, int row, int k) {
    return tiles.get(ValueLayout.JAVA_BYTE, tileOffsetBytes + element(row, k));
  }

  /** Code {@code k} of row {@code row} of a tile of four-bit codes. */
  public static int int4(MemorySegment tiles, long tileOffsetBytes, int row, int k) {
    int word = tiles.get(WORD, tileOffsetBytes + wordBytes(row, k));
    return word << (Integer.SIZE - WORD_DIMS - shift(k)) >> (Integer.SIZE - WORD_DIMS);
  }

  /** What a row's four-bit codes are multiplied by to be a unit vector; the kernel's bits. */
  public static float inverseNormInt4(
      MemorySegment tiles, long tileOffsetBytes, int row, int dims) {
    float squared = 0;
    for (int k = 0; k < dims; k++) {
      float code = int4(tiles, tileOffsetBytes, row, k);
      squared = Math.fma(code, code, squared);
    }
    return UnitCodes.inverse(squared);
  }

  /**
   * Stores an element of a zeroed tile.
   *
   * @param value a whole number in the precision's range, unless it is fp32
   */
  public static void set(
      MemorySegment tiles, long tileOffsetBytes, int row, int k, Precision precision, float value) {
    switch (precision) {
      case FP32 -> tiles.set(F32, tileOffsetBytes + element(row, k) * Float.BYTES, value);
      case INT8 ->
          tiles.set(ValueLayout.JAVA_BYTE, tileOffsetBytes + element(row, k), (byte) value);
      case INT4 -> {
        long at = tileOffsetBytes + wordBytes(row, k);
        int code = (int) value & 0xF;
        tiles.set(WORD, at, (short) (tiles.get(WORD, at) | code << shift(k)));
      }
    }
  }
}
