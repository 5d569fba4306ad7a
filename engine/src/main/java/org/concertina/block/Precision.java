package org.concertina.block;

import org.concertina.kernel.TileOps;

/** How many bits a packed element takes. */
public enum Precision {
  /** 32-bit floats. */
  FP32(1, 32),
  /** Signed bytes in [-127, 127] with one scale a group. */
  INT8(2, 8),
  /** Four-bit codes in [-7, 7]; a row is its codes divided by their norm. */
  INT4(3, 4),
  /** Two-bit codes -3, -1, 1 and 3; a row is its codes divided by their norm. */
  INT2(4, 2);

  private final int code;
  private final int bits;

  Precision(int code, int bits) {
    this.code = code;
    this.bits = bits;
  }

  /** The number that stands for this precision on disk; never reused. */
  public int code() {
    return code;
  }

  /** Bits of one packed element. */
  public int bits() {
    return bits;
  }

  /** Whether a row is codes that count as the unit vector in their direction, without a scale. */
  public boolean isUnitCodes() {
    return this == INT4 || this == INT2;
  }

  /** Bytes of a packed row; rows of unit codes are whole 16-bit words long. */
  public long rowBytes(int dims) {
    return tileBytes(dims) / TileOps.TILE_ROWS;
  }

  /** Bytes of a tile of {@link TileOps#TILE_ROWS} rows. */
  public long tileBytes(int dims) {
    return switch (this) {
      case FP32 -> (long) dims * TileOps.TILE_ROWS * Float.BYTES;
      case INT8 -> (long) dims * TileOps.TILE_ROWS;
      case INT4 -> TileOps.int4TileBytes(dims);
      case INT2 -> TileOps.int2TileBytes(dims);
    };
  }

  /**
   * The precision of a code on disk.
   *
   * @throws IllegalArgumentException for a code of no known precision
   */
  public static Precision ofCode(int code) {
    for (Precision precision : values()) {
      if (precision.code == code) {
        return precision;
      }
    }
    throw new IllegalArgumentException("precision code: expected 1 to 4, got " + code);
  }
}
