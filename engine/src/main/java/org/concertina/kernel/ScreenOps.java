package org.concertina.kernel;

import java.lang.foreign.MemorySegment;

/**
 * Fast scores of packed rows for a query of bytes, which tell the rows that are worth an exact
 * score by {@link TileOps}.
 *
 * <p>Offsets are in bytes, strides and sizes in floats unless the name says otherwise; see {@link
 * VectorOps} for what holds of all operations.
 */
public interface ScreenOps {
  /** The most dimensions that rows may have to be screened. */
  int MAX_SCREEN_DIMS = 1020;

  /** Bounds of a tile of unit codes: a float a row, then one for the tile. */
  int UNIT_BOUND_FLOATS = TileOps.TILE_ROWS + 1;

  /** How far the screening of unit codes may be off, as a share of its result. */
  double UNIT_SCREEN_ERROR = 0x1p-13;

  /**
   * Whether {@link #screenTilesInt8} and {@link #screenTilesInt4} are much faster than the exact
   * scores, so that it pays to ask them first which rows are worth an exact score.
   */
  boolean screens();

  /**
   * As {@link TileOps#scoreTilesInt8} for a query of signed bytes too: {@code out = factor *
   * (float) sum_k query[k] * code}. The sum is one of integers and so exact. Bit-exact.
   *
   * <p>Where the first dimensions show that no row of a tile is above a bar, a kernel may leave out
   * the rest and set all of its rows to negative infinity: if {@code factor * sum_(k < firstDims)
   * query[k] * code <= bar - restNorm * bound} for all of them. By Cauchy and Schwarz that is right
   * if {@code restNorm} is {@code factor} times the norm of the query's other dimensions, and the
   * bound at least the norm of any row's.
   *
   * @param dims at most {@link #MAX_SCREEN_DIMS}
   * @param query signed bytes in [-127, 127]
   * @param bounds a float a tile; not read without {@code firstDims}
   * @param firstDims a multiple of 8 below {@code dims}, or 0 for no bar
   * @param bar not NaN
   */
  void screenTilesInt8(
      float factor,
      MemorySegment tiles,
      long tilesOffsetBytes,
      int tileCount,
      int dims,
      MemorySegment query,
      long queryOffsetBytes,
      MemorySegment bounds,
      long boundsOffsetBytes,
      int firstDims,
      float restNorm,
      float bar,
      MemorySegment out,
      long outOffsetBytes);

  /**
   * As {@link TileOps#scoreTilesInt4} for a query of signed bytes: {@code out = (factor * (float)
   * sum_k query[k] * code) * (1 / sqrt(max(1, sum_k code^2)))}. The sums are of integers and so
   * exact; the root need not be, and {@code out} is within {@link #UNIT_SCREEN_ERROR} of its size.
   *
   * <p>Bounds have {@link #UNIT_BOUND_FLOATS} a tile: for every row the inverse norm by which its
   * sum is multiplied, which a kernel may take instead of computing it, and then the bound, that of
   * rows so multiplied.
   *
   * @param dims at most {@link #MAX_SCREEN_DIMS}
   * @param query signed bytes in [-127, 127]
   * @param boundsOffsetBytes -1 if there are none; {@code firstDims} is 0 then
   * @see #screenTilesInt8
   */
  void screenTilesInt4(
      float factor,
      MemorySegment tiles,
      long tilesOffsetBytes,
      int tileCount,
      int dims,
      MemorySegment query,
      long queryOffsetBytes,
      MemorySegment bounds,
      long boundsOffsetBytes,
      int firstDims,
      float restNorm,
      float bar,
      MemorySegment out,
      long outOffsetBytes);

  /**
   * As {@link #screenTilesInt4} for rows of two-bit codes; bits behind the last dimension must be
   * 0.
   *
   * @param dims at most {@link #MAX_SCREEN_DIMS}
   * @param query signed bytes in [-127, 127]
   */
  void screenTilesInt2(
      float factor,
      MemorySegment tiles,
      long tilesOffsetBytes,
      int tileCount,
      int dims,
      MemorySegment query,
      long queryOffsetBytes,
      MemorySegment bounds,
      long boundsOffsetBytes,
      int firstDims,
      float restNorm,
      float bar,
      MemorySegment out,
      long outOffsetBytes);
}
