package org.concertina.judge;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.concertina.block.NormCodes;
import org.concertina.block.PackedElements;
import org.concertina.block.Precision;
import org.concertina.block.ScreenBounds;
import org.concertina.block.UnitCodes;
import org.concertina.kernel.ScreenOps;
import org.concertina.kernel.ScreenTask;
import org.concertina.kernel.TileOps;
import org.concertina.kernel.WorkerPool;
import org.concertina.memory.CappedArena;

/**
 * A {@link PackedGroup} in the tiles that {@link ScreenOps} reads, floats in bytes. One group at a
 * time; threads may read between two fillings.
 */
final class ScreenedGroup {
  private static final int TILE_ROWS = TileOps.TILE_ROWS;

  /** Tiles that a thread fills at a time. */
  private static final int TASK_TILES = 16;

  /** Inverses of unit norms may be rounded down, and so may every product with them. */
  private static final double LONGEST_UNIT = 1 + 0x1p-20;

  private final ScreenOps screenOps;
  private final WorkerPool pool;
  private final PackedGroup packed;
  private final MemorySegment tiles;
  private final MemorySegment norms;
  private final float[] inverse;
  private final double[] errorsOfTiles;
  private float normScale;
  private ScreenBounds.Rows rows;
  private double maxQueryNorm;

  /** Takes room for the largest group. */
  ScreenedGroup(
      CappedArena arena,
      ScreenOps screenOps,
      WorkerPool pool,
      PackedGroup packed,
      int largest,
      int dim) {
    this.screenOps = screenOps;
    this.pool = pool;
    this.packed = packed;
    int tileCount = Math.ceilDiv(largest, TILE_ROWS);
    // Of one dimension, or of two, words of codes take more than bytes do.
    long ofTile = Math.max(Precision.INT8.tileBytes(dim), Precision.INT4.tileBytes(dim));
    long bytes = tileCount * Math.max(ofTile, Precision.INT2.tileBytes(dim));
    this.tiles = arena.allocate(bytes, "judge: tiles to screen");
    this.norms = arena.allocate((long) tileCount * TILE_ROWS * Short.BYTES, "judge: their norms");
    this.inverse = new float[tileCount * TILE_ROWS];
    this.errorsOfTiles = new double[tileCount];
  }

  /** Fills the tiles with what has been packed; false if that cannot be screened. */
  boolean fill() {
    rows = null;
    boolean floats = packed.precision == Precision.FP32;
    float scale = floats ? byteScale() : packed.scale;
    if (packed.kept > ScreenOps.MAX_SCREEN_DIMS
        || !(scale >= Float.MIN_NORMAL && scale <= Float.MAX_VALUE)) {
      return false;
    }
    int tileCount = tileCount();
    Precision precision = floats ? Precision.INT8 : packed.precision;
    tiles.asSlice(0, tileCount * precision.tileBytes(packed.kept)).fill((byte) 0);
    pool.run(
        Math.ceilDiv(tileCount, TASK_TILES),
        (task, _) -> {
          int end = Math.min(tileCount, (task + 1) * TASK_TILES);
          for (int tile = task * TASK_TILES; tile < end; tile++) {
            fill(tile, precision, floats ? scale : 1);
          }
        });
    normScale = packed.precision.isUnitCodes() ? packNorms() : 0;
    double rounding = floats ? 0 : packed.scale * Math.sqrt(packed.kept) / 2;
    rows =
        new ScreenBounds.Rows(
            packed.precision,
            packed.kept,
            packed.scale,
            scale,
            packed.precision.isUnitCodes() ? 1 : LONGEST_UNIT + rounding,
            floats ? largestError() : 0);
    maxQueryNorm = rows.maxQueryNorm(screenOps, packed.kept);
    return isFine();
  }

  /** Whether the codes of most users' vectors may be as fine as it takes to rule rows out. */
  private boolean isFine() {
    double error = Math.sqrt(packed.kept / 12.0) / maxQueryNorm;
    return error >= 0 && error <= ScreenBounds.MAX_QUERY_ERROR;
  }

  /** What a byte has to count for the largest float to be the largest byte. */
  private float byteScale() {
    float largest = 0;
    long floats = (long) packed.size * packed.kept;
    for (long i = 0; i < floats; i++) {
      // NaN stays, and leaves the group without a scale.
      largest = Math.max(largest, Math.abs(packed.values.getAtIndex(ValueLayout.JAVA_FLOAT, i)));
    }
    return largest / ScreenBounds.MAX_CODE;
  }

  private void fill(int tile, Precision precision, float scale) {
    long at = tile * precision.tileBytes(packed.kept);
    int first = tile * TILE_ROWS;
    double most = 0;
    for (int r = 0; r < Math.min(TILE_ROWS, packed.size - first); r++) {
      long from = packed.rowBytes(first + r);
      double squared = 0;
      for (int k = 0; k < packed.kept; k++) {
        float value = packed.values.get(ValueLayout.JAVA_FLOAT, from + (long) k * Float.BYTES);
        int code = Math.round(value / scale);
        PackedElements.set(tiles, at, r, k, precision, code);
        double error = value - (double) code * scale;
        squared += error * error;
      }
      most = Math.max(most, squared);
    }
    errorsOfTiles[tile] = most;
  }

  private float packNorms() {
    int places = tileCount() * TILE_ROWS;
    // Zeros behind the last row are two-bit codes of 1.
    float behind = packed.precision == Precision.INT2 ? UnitCodes.inverse(packed.kept) : 0;
    for (int row = 0; row < places; row++) {
      inverse[row] =
          row < packed.size ? packed.factors.getAtIndex(ValueLayout.JAVA_FLOAT, row) : behind;
    }
    return NormCodes.pack(inverse, places, norms, 0);
  }

  private double largestError() {
    double most = 0;
    for (int tile = 0; tile < tileCount(); tile++) {
      most = Math.max(most, errorsOfTiles[tile]);
    }
    return Math.sqrt(most);
  }

  private int tileCount() {
    return Math.ceilDiv(packed.size, TILE_ROWS);
  }

  /** What the rows are to kernels; null if they cannot be screened. */
  ScreenBounds.Rows rows() {
    return rows;
  }

  /** The largest norm that the codes of a query may have; see {@link ScreenBounds.Rows}. */
  double maxQueryNorm() {
    return maxQueryNorm;
  }

  /** Asks for the rows of the group, whatever the query and the bar. */
  void describe(ScreenTask task) {
    task.tiles = tiles;
    task.tilesOffsetBytes = 0;
    task.tileCount = tileCount();
    task.dims = packed.kept;
    task.norms = norms;
    task.normsOffsetBytes = normScale > 0 ? 0 : ScreenTask.NONE;
    task.normScale = normScale;
    boolean coded = packed.prior != null && packed.prior.scale() != 0;
    task.priors = coded ? packed.codes : tiles;
    task.priorsOffsetBytes = coded ? 0 : ScreenTask.NONE;
    task.priorScale = packed.prior == null ? 0 : packed.prior.scale();
    task.priorBase = packed.prior == null ? 0 : packed.prior.base();
    task.capacity = task.tileCount * TILE_ROWS;
  }

  /** Screens them; returns the number of entries. */
  int screen(ScreenTask task, MemorySegment entries) {
    return switch (packed.precision) {
      case FP32, INT8 -> screenOps.screenTilesInt8(task, entries, 0);
      case INT4 -> screenOps.screenTilesInt4(task, entries, 0);
      case INT2 -> screenOps.screenTilesInt2(task, entries, 0);
    };
  }
}
