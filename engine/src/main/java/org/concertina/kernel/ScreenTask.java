package org.concertina.kernel;

import java.lang.foreign.MemorySegment;

/**
 * What {@link ScreenOps} asks of a run of tiles. Filled anew for every call, by one thread, which
 * keeps it so that nothing is allocated; owns no memory.
 */
public final class ScreenTask {
  /** Stands for an offset of what is not there. */
  public static final long NONE = -1;

  /** What a unit of the sum of integer products counts. */
  public float factor;

  /** Packed rows, in tiles of {@link TileOps#TILE_ROWS}. */
  public MemorySegment tiles;

  /** Where the first tile stands. */
  public long tilesOffsetBytes;

  /** How many tiles. */
  public int tileCount;

  /** Elements of a row, at most {@link ScreenOps#MAX_SCREEN_DIMS}. */
  public int dims;

  /** {@code dims} signed bytes in [-127, 127]; see {@link ScreenOps#maxSum} for more. */
  public MemorySegment query;

  /** Where they stand. */
  public long queryOffsetBytes;

  /**
   * Inverse norms of rows of unit codes in shorts on one scale, each at least 0 and within {@link
   * ScreenOps#UNIT_SCREEN_ERROR} of the norm; any memory if there are none.
   */
  public MemorySegment norms;

  /** Where that of the first row stands; {@link #NONE} if there are none. */
  public long normsOffsetBytes = NONE;

  /** What such a short counts. */
  public float normScale;

  /** Priors of the rows in signed bytes, a whole tile's for the last; any memory if none are. */
  public MemorySegment priors;

  /** Where that of the first row stands; {@link #NONE} if all rows have {@link #priorBase}. */
  public long priorsOffsetBytes = NONE;

  /** What a unit of such a byte counts. */
  public float priorScale;

  /** The prior of a byte of zero. */
  public float priorBase;

  /** Rows above this are reported; not NaN. */
  public float bar;

  /**
   * What a row's score without its prior is above, if with it it is above the bar; negative
   * infinity will do. Not NaN.
   */
  public float productBar;

  /** How many entries there is room for, at least a tile's rows. */
  public int capacity;

  /**
   * How many tiles the call has done: fewer than there are if there might have been no room for the
   * entries of the next.
   */
  public int tilesDone;
}
