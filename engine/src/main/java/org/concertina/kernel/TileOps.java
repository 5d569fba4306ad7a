package org.concertina.kernel;

import java.lang.foreign.MemorySegment;

/**
 * Scores of rows that are stored as tiles, the packed layout.
 *
 * <p>Offsets are in bytes, strides and sizes in floats unless the name says otherwise; see {@link
 * VectorOps} for what holds of all operations.
 */
public interface TileOps {
  /** Rows of one tile, the unit of the packed layout that {@link #scoreTilesFp32} reads. */
  int TILE_ROWS = 16;

  /**
   * Scores rows that are stored as tiles: {@code out[t*16 + r] = sum_k query[k] * tiles[(t*dims +
   * k)*16 + r]}.
   *
   * <p>A tile holds {@link #TILE_ROWS} rows, dimension by dimension, so that scoring is a stream of
   * multiply-adds with no sum across lanes. Bit-exact.
   */
  void scoreTilesFp32(
      MemorySegment tiles,
      long tilesOffsetBytes,
      int tileCount,
      int dims,
      MemorySegment query,
      long queryOffsetBytes,
      MemorySegment out,
      long outOffsetBytes);

  /**
   * As {@link #scoreTilesFp32} for rows of signed bytes: {@code out = scale * sum_k query[k] *
   * (float) code}. Bit-exact.
   */
  void scoreTilesInt8(
      float scale,
      MemorySegment tiles,
      long tilesOffsetBytes,
      int tileCount,
      int dims,
      MemorySegment query,
      long queryOffsetBytes,
      MemorySegment out,
      long outOffsetBytes);

  /**
   * As {@link #scoreTilesFp32} for rows of four-bit codes that count as unit vectors: {@code out =
   * (sum_k query[k] * (float) code) * (1 / sqrt(max(1, sum_k code^2)))}, so a row of zeros scores
   * 0. Bit-exact, both sums being multiply-adds in the order of {@code k}.
   *
   * <p>Four dimensions of a row are one little-endian 16-bit word, the first in its top four bits,
   * in two's complement; word {@code m} of row {@code r} of tile {@code t} is word {@code (t *
   * ceil(dims / 4) + m) * 16 + r}. Codes behind the last dimension must be 0.
   *
   * @param tiles {@code tileCount} times {@link #int4TileBytes}
   */
  void scoreTilesInt4(
      MemorySegment tiles,
      long tilesOffsetBytes,
      int tileCount,
      int dims,
      MemorySegment query,
      long queryOffsetBytes,
      MemorySegment out,
      long outOffsetBytes);

  /**
   * As {@link #scoreTilesInt4} for rows of two-bit codes -3, -1, 1 and 3: {@code out = (sum_k
   * query[k] * (float) code) * (1 / sqrt(max(1, sum_k code^2)))}. Bit-exact, both sums being
   * multiply-adds in the order of {@code k}.
   *
   * <p>Eight dimensions of a row are one little-endian 16-bit word, the first in its top two bits;
   * two bits are a number {@code t} in [-2, 1] in two's complement, and the code is {@code 2 t +
   * 1}. Word {@code m} of row {@code r} of tile {@code t} is word {@code (t * ceil(dims / 8) + m) *
   * 16 + r}. Bits behind the last dimension count for nothing.
   *
   * @param tiles {@code tileCount} times {@link #int2TileBytes}
   */
  void scoreTilesInt2(
      MemorySegment tiles,
      long tilesOffsetBytes,
      int tileCount,
      int dims,
      MemorySegment query,
      long queryOffsetBytes,
      MemorySegment out,
      long outOffsetBytes);

  /** Bytes of one tile that {@link #scoreTilesInt4} reads. */
  static long int4TileBytes(int dims) {
    return (dims + 3L) / 4 * TILE_ROWS * Short.BYTES;
  }

  /** Bytes of one tile that {@link #scoreTilesInt2} reads. */
  static long int2TileBytes(int dims) {
    return (dims + 7L) / 8 * TILE_ROWS * Short.BYTES;
  }
}
