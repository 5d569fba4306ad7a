package org.concertina.block;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import org.concertina.kernel.TileOps;

/**
 * Single elements of a tile of packed rows, for whoever does not stream through it.
 *
 * <p>Where an element lies is what {@link TileOps#scoreTilesFp32}, {@link TileOps#scoreTilesInt8},
 * {@link TileOps#scoreTilesInt4} and {@link TileOps#scoreTilesInt2} read. Stateless; allocates
 * nothing; ranges are not checked beyond the segment's own.
 */
public final class PackedElements {
  private static final ValueLayout.OfFloat F32 =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfShort WORD =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private PackedElements() {}

  private static long element(int row, int k) {
    return (long) k * TileOps.TILE_ROWS + row;
  }

  /** Offset of the word that holds code {@code k} of so many bits. */
  private static long wordBytes(int row, int k, int bits) {
    return element(row, k / (Short.SIZE / bits)) * Short.BYTES;
  }

  /** Bits of the word behind code {@code k}. */
  private static int shift(int k, int bits) {
    return Short.SIZE - bits * (k % (Short.SIZE / bits) + 1);
  }

  private static int signed(MemorySegment tiles, long tileOffsetBytes, int row, int k, int bits) {
    int word = tiles.get(WORD, tileOffsetBytes + wordBytes(row, k, bits));
    return word << (Integer.SIZE - bits - shift(k, bits)) >> (Integer.SIZE - bits);
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
    return signed(tiles, tileOffsetBytes, row, k, 4);
  }

  /** Code {@code k} of row {@code row} of a tile of two-bit codes. */
  public static int int2(MemorySegment tiles, long tileOffsetBytes, int row, int k) {
    return 2 * signed(tiles, tileOffsetBytes, row, k, 2) + 1;
  }

  /**
   * What a row's codes are multiplied by to be a unit vector; the kernel's bits.
   *
   * @param precision one of unit codes
   */
  public static float inverseNorm(
      MemorySegment tiles, long tileOffsetBytes, int row, int dims, Precision precision) {
    float squared = 0;
    for (int k = 0; k < dims; k++) {
      float code =
          precision == Precision.INT2
              ? int2(tiles, tileOffsetBytes, row, k)
              : int4(tiles, tileOffsetBytes, row, k);
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
      case INT4 -> setBits(tiles, tileOffsetBytes, row, k, 4, (int) value);
      case INT2 -> setBits(tiles, tileOffsetBytes, row, k, 2, ((int) value - 1) / 2);
    }
  }

  private static void setBits(
      MemorySegment tiles, long tileOffsetBytes, int row, int k, int bits, int number) {
    long at = tileOffsetBytes + wordBytes(row, k, bits);
    int code = number & ((1 << bits) - 1);
    tiles.set(WORD, at, (short) (tiles.get(WORD, at) | code << shift(k, bits)));
  }
}
