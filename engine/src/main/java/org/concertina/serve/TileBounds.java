package org.concertina.serve;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.concertina.block.PackedElements;
import org.concertina.block.Precision;
import org.concertina.kernel.ScreenOps;
import org.concertina.kernel.TileOps;
import org.concertina.memory.CappedArena;

/**
 * What screening knows of the tiles ahead of requests: how much the later dimensions of any row of
 * a tile can add to what the first ones say, and the inverse norms of rows of unit codes. No result
 * shows it.
 *
 * <p>The first blocks of a row hold most of it, so half of the dimensions rule out most tiles. See
 * {@link ScreenOps#screenTilesInt8} for the form of the bounds.
 *
 * <p>Immutable and thread-safe; the memory belongs to the arena.
 */
final class TileBounds {
  private static final int TILE_ROWS = TileOps.TILE_ROWS;

  /** Of fewer dimensions than this, half would save less than asking takes. */
  private static final int LEAST_DIMS = 32;

  /** Kernels take first dimensions by so many. */
  private static final int SPLIT_DIMS = 8;

  private final ServingPlan plan;
  private final FloatCodes coded;
  private final MemorySegment bounds;
  private final long[] offsets;

  /**
   * Takes {@link #bytes} and measures all rows that can be screened.
   *
   * @param coded the rows of floats
   */
  TileBounds(ServingPlan plan, FloatCodes coded, CappedArena arena) {
    this.plan = plan;
    this.coded = coded;
    this.bounds = arena.allocate(bytes(plan), "bounds of tiles");
    this.offsets = new long[plan.groups];
    long next = 0;
    for (int g : plan.kept) {
      offsets[g] = -1;
      boolean isScreened = plan.precisions[g] != Precision.FP32 || coded.scale(g) != 0;
      if (isScreened && bytes(plan, g) > 0) {
        offsets[g] = next;
        measure(g);
      }
      next += bytes(plan, g);
    }
  }

  /** How many it takes; 0 if no group has any. */
  static long bytes(ServingPlan plan) {
    long sum = 0;
    for (int g : plan.kept) {
      sum += bytes(plan, g);
    }
    return sum;
  }

  private static long bytes(ServingPlan plan, int group) {
    int rows = plan.starts[group + 1] - plan.starts[group];
    return Math.ceilDiv(rows, TILE_ROWS) * tileFloats(plan, group) * Float.BYTES;
  }

  private static long tileFloats(ServingPlan plan, int group) {
    if (!plan.screenable[group]) {
      return 0;
    }
    if (plan.precisions[group].isUnitCodes()) {
      return ScreenOps.UNIT_BOUND_FLOATS;
    }
    return split(plan.dims[group]) == 0 ? 0 : 1;
  }

  private static int split(int dims) {
    return dims < LEAST_DIMS ? 0 : dims / (2 * SPLIT_DIMS) * SPLIT_DIMS;
  }

  private void measure(int group) {
    int end = plan.starts[group + 1];
    for (int first = plan.starts[group]; first < end; first += TILE_ROWS) {
      double most = 0;
      for (int row = 0; row < TILE_ROWS; row++) {
        most = Math.max(most, measureRow(group, first, row));
      }
      long last = offsetBytes(group, first) + (tileFloats(plan, group) - 1) * Float.BYTES;
      bounds.set(ValueLayout.JAVA_FLOAT, last, Math.nextUp((float) most));
    }
  }

  /** Returns the norm of a row's later dimensions, by the factor of its sum. */
  private double measureRow(int group, int firstRow, int rowInTile) {
    int dims = plan.dims[group];
    Precision precision = plan.precisions[group];
    boolean floats = precision == Precision.FP32;
    MemorySegment tiles = floats ? coded.codes() : plan.bytes;
    long tileAt = floats ? coded.tileOffset(group, firstRow) : plan.tileOffset(group, firstRow);
    double squared = 0;
    for (int k = split(dims); k < dims; k++) {
      double code =
          switch (precision) {
            case FP32, INT8 -> PackedElements.int8(tiles, tileAt, rowInTile, k);
            case INT4 -> PackedElements.int4(tiles, tileAt, rowInTile, k);
            case INT2 -> PackedElements.int2(tiles, tileAt, rowInTile, k);
          };
      squared += code * code;
    }
    if (!precision.isUnitCodes()) {
      return Math.sqrt(squared);
    }
    float inverse = PackedElements.inverseNorm(tiles, tileAt, rowInTile, dims, precision);
    long at = offsetBytes(group, firstRow) + (long) rowInTile * Float.BYTES;
    bounds.set(ValueLayout.JAVA_FLOAT, at, inverse);
    return Math.sqrt(squared) * inverse;
  }

  MemorySegment bounds() {
    return bounds;
  }

  /** Where the bounds of the tile that holds a row of the group stand; -1 if there are none. */
  long offsetBytes(int group, int row) {
    if (offsets[group] < 0) {
      return -1;
    }
    int tile = (row - plan.starts[group]) / TILE_ROWS;
    return offsets[group] + tile * tileFloats(plan, group) * Float.BYTES;
  }

  /** How many dimensions come first; 0 if the group's rows are not cut. */
  int firstDims(int group) {
    return offsets[group] < 0 ? 0 : split(plan.dims[group]);
  }
}
