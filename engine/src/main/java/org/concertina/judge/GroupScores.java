package org.concertina.judge;

import java.lang.foreign.MemorySegment;
import org.concertina.kernel.MatmulOps;
import org.concertina.kernel.RowOps;
import org.concertina.kernel.Transpose;
import org.concertina.kernel.VectorOps;
import org.concertina.memory.CappedArena;
import org.concertina.metric.ScoreScan;
import org.concertina.metric.TopK;

/**
 * Scores every row of a packed group for a tile of users by a product of matrices, and selects the
 * best. Scratch of one thread.
 */
final class GroupScores {
  /** Their scores of a group of 2,000 rows, 100 kB, stay in the L2 cache until they are scanned. */
  static final int TILE_USERS = 12;

  private static final int PANEL_ROWS = 512;

  /** Scores of so many rows wait for a selection: the more, the fewer of them enter it in vain. */
  private static final int SPAN_ROWS = 8 * PANEL_ROWS;

  private final RowOps rowOps;
  private final MatmulOps matmulOps;
  private final PackedGroup packed;
  private final Panels panels;
  private final int spanRows;
  private final MemorySegment userTile;
  private final MemorySegment scores;
  private final ScoreScan scan;

  /** The packed rows transposed, panel by panel; all threads read them. */
  static final class Panels {
    private final MemorySegment floats;
    private final PackedGroup packed;

    /** Takes room for a group of so many rows. */
    Panels(CappedArena arena, PackedGroup packed, int largest, int dim) {
      this.packed = packed;
      this.floats =
          arena.allocateFloats(
              (long) Math.ceilDiv(largest, PANEL_ROWS) * PANEL_ROWS * dim, "judge: group panels");
    }

    /** Transposes what has been packed. */
    void transpose() {
      for (int first = 0; first < packed.size; first += PANEL_ROWS) {
        Transpose.transpose(
            Math.min(PANEL_ROWS, packed.size - first),
            packed.kept,
            packed.values,
            packed.rowBytes(first),
            packed.kept,
            floats,
            packed.rowBytes(first),
            PANEL_ROWS);
      }
    }
  }

  GroupScores(
      CappedArena arena,
      VectorOps ops,
      PackedGroup packed,
      Panels panels,
      int largest,
      int dim,
      int k) {
    this.rowOps = ops.rows();
    this.matmulOps = ops.matmul();
    this.packed = packed;
    this.panels = panels;
    this.spanRows = Math.min(Math.ceilDiv(largest, PANEL_ROWS) * PANEL_ROWS, SPAN_ROWS);
    this.userTile = arena.allocateFloats((long) dim * TILE_USERS, "judge: user tile");
    this.scores = arena.allocateFloats((long) TILE_USERS * spanRows, "judge: score tile");
    this.scan = new ScoreScan(ops.scan(), arena, k);
  }

  /**
   * Takes the vector of a user of the tile.
   *
   * @param user {@code kept} floats
   */
  void set(int userOfTile, MemorySegment user) {
    long column = (long) userOfTile * Float.BYTES;
    Transpose.transpose(1, packed.kept, user, 0, packed.kept, userTile, column, TILE_USERS);
  }

  /**
   * Offers all rows but those that are left out to the first {@code count} users of the tile.
   *
   * @param leftOut rows of the group, by user of the tile
   * @param floors what scores have to reach, by user of the tile
   */
  void offer(int count, RowSet[] leftOut, float[] floors, TopK[] best) {
    for (int row = 0; row < packed.size; row += spanRows) {
      int width = Math.min(spanRows, packed.size - row);
      multiply(count, row, width);
      for (int i = 0; i < count; i++) {
        long at = (long) i * spanRows * Float.BYTES;
        toScores(row, width, at);
        leftOut[i].fill(scores, at, row, width);
        if (floors[i] == Float.NEGATIVE_INFINITY) {
          scan.offer(best[i], packed.start + row, scores, at, width);
        } else {
          scan.offerFrom(floors[i], best[i], packed.start + row, scores, at, width);
        }
      }
    }
  }

  private void multiply(int count, int firstRow, int rows) {
    scores.fill((byte) 0);
    for (int panel = 0; panel < rows; panel += PANEL_ROWS) {
      matmulOps.matmulAdd(
          count,
          Math.min(PANEL_ROWS, rows - panel),
          packed.kept,
          userTile,
          0,
          1,
          TILE_USERS,
          panels.floats,
          packed.rowBytes(firstRow + panel),
          PANEL_ROWS,
          scores,
          (long) panel * Float.BYTES,
          spanRows);
    }
  }

  private void toScores(int row, int width, long at) {
    if (packed.precision.isUnitCodes()) {
      rowOps.multiplyInPlace(packed.factors, (long) row * Float.BYTES, scores, at, width);
    } else if (packed.scale != 1f) {
      rowOps.scaleInPlace(packed.scale, scores, at, width);
    }
    if (packed.prior != null) {
      rowOps.addCodesInPlace(
          packed.prior.scale(), packed.prior.base(), packed.codes, row, scores, at, width);
    }
  }
}
