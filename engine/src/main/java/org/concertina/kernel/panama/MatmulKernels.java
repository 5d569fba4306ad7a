package org.concertina.kernel.panama;

import static org.concertina.kernel.panama.PanamaSpecies.LANES;
import static org.concertina.kernel.panama.PanamaSpecies.ORDER;
import static org.concertina.kernel.panama.PanamaSpecies.VECTOR_BYTES;
import static org.concertina.kernel.panama.PanamaSpecies.broadcast;
import static org.concertina.kernel.panama.PanamaSpecies.get;
import static org.concertina.kernel.panama.PanamaSpecies.load;
import static org.concertina.kernel.panama.PanamaSpecies.set;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;

/**
 * Register-tiled {@code C += A * B}. Strides are in bytes here.
 *
 * <p>Results are stored by {@code intoMemorySegment} itself, not by a helper: past its node limit
 * C2 inlines only methods of the JDK that are marked so, and a vector that is passed to a call is
 * boxed.
 *
 * <p>Two forms of the 6 x 2 tile: one for {@code A} whose rows are adjacent (one address stream,
 * 115 GFLOP/s on one core at 512 bits), one for any strides (six address streams, 105).
 */
final class MatmulKernels {
  private static final int TILE_ROWS = 6;

  private MatmulKernels() {}

  static void matmulAdd(
      int rows,
      int cols,
      int depth,
      MemorySegment a,
      long aOffset,
      long aRow,
      long aDepth,
      MemorySegment b,
      long bOffset,
      long bRow,
      MemorySegment c,
      long cOffset,
      long cRow) {
    int wideCols = cols - cols % (2 * LANES);
    int vectorCols = cols - cols % LANES;
    int tiledRows = rows - rows % TILE_ROWS;
    boolean adjacentRows = aRow == Float.BYTES;
    for (int j = 0; j < wideCols; j += 2 * LANES) {
      long bTile = bOffset + (long) j * Float.BYTES;
      long cTile = cOffset + (long) j * Float.BYTES;
      for (int i = 0; i < tiledRows; i += TILE_ROWS) {
        long aTile = aOffset + i * aRow;
        if (adjacentRows) {
          tileAdjacent(a, aTile, aDepth, b, bTile, bRow, c, cTile + i * cRow, cRow, depth);
        } else {
          tileStrided(a, aTile, aRow, aDepth, b, bTile, bRow, c, cTile + i * cRow, cRow, depth);
        }
      }
      for (int i = tiledRows; i < rows; i++) {
        oneByTwo(a, aOffset + i * aRow, aDepth, b, bTile, bRow, c, cTile + i * cRow, depth);
      }
    }
    for (int j = wideCols; j < vectorCols; j += LANES) {
      long bTile = bOffset + (long) j * Float.BYTES;
      long cTile = cOffset + (long) j * Float.BYTES;
      for (int i = 0; i < tiledRows; i += TILE_ROWS) {
        sixByOne(
            a, aOffset + i * aRow, aRow, aDepth, b, bTile, bRow, c, cTile + i * cRow, cRow, depth);
      }
      for (int i = tiledRows; i < rows; i++) {
        oneByOne(a, aOffset + i * aRow, aDepth, b, bTile, bRow, c, cTile + i * cRow, depth);
      }
    }
    for (int j = vectorCols; j < cols; j++) {
      long bTile = bOffset + (long) j * Float.BYTES;
      long cTile = cOffset + (long) j * Float.BYTES;
      for (int i = 0; i < rows; i++) {
        scalar(a, aOffset + i * aRow, aDepth, b, bTile, bRow, c, cTile + i * cRow, depth);
      }
    }
  }

  private static void tileAdjacent(
      MemorySegment a,
      long aOffset,
      long aDepth,
      MemorySegment b,
      long bOffset,
      long bRow,
      MemorySegment c,
      long cOffset,
      long cRow,
      int depth) {
    int vb = VECTOR_BYTES;
    FloatVector c00 = load(c, cOffset), c01 = load(c, cOffset + vb);
    FloatVector c10 = load(c, cOffset + cRow), c11 = load(c, cOffset + cRow + vb);
    FloatVector c20 = load(c, cOffset + 2 * cRow), c21 = load(c, cOffset + 2 * cRow + vb);
    FloatVector c30 = load(c, cOffset + 3 * cRow), c31 = load(c, cOffset + 3 * cRow + vb);
    FloatVector c40 = load(c, cOffset + 4 * cRow), c41 = load(c, cOffset + 4 * cRow + vb);
    FloatVector c50 = load(c, cOffset + 5 * cRow), c51 = load(c, cOffset + 5 * cRow + vb);
    long aAt = aOffset;
    long bAt = bOffset;
    for (int k = 0; k < depth; k++) {
      FloatVector b0 = load(b, bAt), b1 = load(b, bAt + vb);
      FloatVector x = broadcast(a, aAt);
      c00 = x.fma(b0, c00);
      c01 = x.fma(b1, c01);
      x = broadcast(a, aAt + 4);
      c10 = x.fma(b0, c10);
      c11 = x.fma(b1, c11);
      x = broadcast(a, aAt + 8);
      c20 = x.fma(b0, c20);
      c21 = x.fma(b1, c21);
      x = broadcast(a, aAt + 12);
      c30 = x.fma(b0, c30);
      c31 = x.fma(b1, c31);
      x = broadcast(a, aAt + 16);
      c40 = x.fma(b0, c40);
      c41 = x.fma(b1, c41);
      x = broadcast(a, aAt + 20);
      c50 = x.fma(b0, c50);
      c51 = x.fma(b1, c51);
      aAt += aDepth;
      bAt += bRow;
    }
    c00.intoMemorySegment(c, cOffset, ORDER);
    c01.intoMemorySegment(c, cOffset + vb, ORDER);
    c10.intoMemorySegment(c, cOffset + cRow, ORDER);
    c11.intoMemorySegment(c, cOffset + cRow + vb, ORDER);
    c20.intoMemorySegment(c, cOffset + 2 * cRow, ORDER);
    c21.intoMemorySegment(c, cOffset + 2 * cRow + vb, ORDER);
    c30.intoMemorySegment(c, cOffset + 3 * cRow, ORDER);
    c31.intoMemorySegment(c, cOffset + 3 * cRow + vb, ORDER);
    c40.intoMemorySegment(c, cOffset + 4 * cRow, ORDER);
    c41.intoMemorySegment(c, cOffset + 4 * cRow + vb, ORDER);
    c50.intoMemorySegment(c, cOffset + 5 * cRow, ORDER);
    c51.intoMemorySegment(c, cOffset + 5 * cRow + vb, ORDER);
  }

  private static void tileStrided(
      MemorySegment a,
      long aOffset,
      long aRow,
      long aDepth,
      MemorySegment b,
      long bOffset,
      long bRow,
      MemorySegment c,
      long cOffset,
      long cRow,
      int depth) {
    int vb = VECTOR_BYTES;
    FloatVector c00 = load(c, cOffset), c01 = load(c, cOffset + vb);
    FloatVector c10 = load(c, cOffset + cRow), c11 = load(c, cOffset + cRow + vb);
    FloatVector c20 = load(c, cOffset + 2 * cRow), c21 = load(c, cOffset + 2 * cRow + vb);
    FloatVector c30 = load(c, cOffset + 3 * cRow), c31 = load(c, cOffset + 3 * cRow + vb);
    FloatVector c40 = load(c, cOffset + 4 * cRow), c41 = load(c, cOffset + 4 * cRow + vb);
    FloatVector c50 = load(c, cOffset + 5 * cRow), c51 = load(c, cOffset + 5 * cRow + vb);
    long a0 = aOffset, a1 = aOffset + aRow, a2 = aOffset + 2 * aRow;
    long a3 = aOffset + 3 * aRow, a4 = aOffset + 4 * aRow, a5 = aOffset + 5 * aRow;
    long bAt = bOffset;
    for (int k = 0; k < depth; k++) {
      FloatVector b0 = load(b, bAt), b1 = load(b, bAt + vb);
      FloatVector x = broadcast(a, a0);
      c00 = x.fma(b0, c00);
      c01 = x.fma(b1, c01);
      x = broadcast(a, a1);
      c10 = x.fma(b0, c10);
      c11 = x.fma(b1, c11);
      x = broadcast(a, a2);
      c20 = x.fma(b0, c20);
      c21 = x.fma(b1, c21);
      x = broadcast(a, a3);
      c30 = x.fma(b0, c30);
      c31 = x.fma(b1, c31);
      x = broadcast(a, a4);
      c40 = x.fma(b0, c40);
      c41 = x.fma(b1, c41);
      x = broadcast(a, a5);
      c50 = x.fma(b0, c50);
      c51 = x.fma(b1, c51);
      a0 += aDepth;
      a1 += aDepth;
      a2 += aDepth;
      a3 += aDepth;
      a4 += aDepth;
      a5 += aDepth;
      bAt += bRow;
    }
    c00.intoMemorySegment(c, cOffset, ORDER);
    c01.intoMemorySegment(c, cOffset + vb, ORDER);
    c10.intoMemorySegment(c, cOffset + cRow, ORDER);
    c11.intoMemorySegment(c, cOffset + cRow + vb, ORDER);
    c20.intoMemorySegment(c, cOffset + 2 * cRow, ORDER);
    c21.intoMemorySegment(c, cOffset + 2 * cRow + vb, ORDER);
    c30.intoMemorySegment(c, cOffset + 3 * cRow, ORDER);
    c31.intoMemorySegment(c, cOffset + 3 * cRow + vb, ORDER);
    c40.intoMemorySegment(c, cOffset + 4 * cRow, ORDER);
    c41.intoMemorySegment(c, cOffset + 4 * cRow + vb, ORDER);
    c50.intoMemorySegment(c, cOffset + 5 * cRow, ORDER);
    c51.intoMemorySegment(c, cOffset + 5 * cRow + vb, ORDER);
  }

  private static void sixByOne(
      MemorySegment a,
      long aOffset,
      long aRow,
      long aDepth,
      MemorySegment b,
      long bOffset,
      long bRow,
      MemorySegment c,
      long cOffset,
      long cRow,
      int depth) {
    FloatVector c0 = load(c, cOffset), c1 = load(c, cOffset + cRow);
    FloatVector c2 = load(c, cOffset + 2 * cRow), c3 = load(c, cOffset + 3 * cRow);
    FloatVector c4 = load(c, cOffset + 4 * cRow), c5 = load(c, cOffset + 5 * cRow);
    long aAt = aOffset;
    long bAt = bOffset;
    for (int k = 0; k < depth; k++) {
      FloatVector b0 = load(b, bAt);
      c0 = broadcast(a, aAt).fma(b0, c0);
      c1 = broadcast(a, aAt + aRow).fma(b0, c1);
      c2 = broadcast(a, aAt + 2 * aRow).fma(b0, c2);
      c3 = broadcast(a, aAt + 3 * aRow).fma(b0, c3);
      c4 = broadcast(a, aAt + 4 * aRow).fma(b0, c4);
      c5 = broadcast(a, aAt + 5 * aRow).fma(b0, c5);
      aAt += aDepth;
      bAt += bRow;
    }
    c0.intoMemorySegment(c, cOffset, ORDER);
    c1.intoMemorySegment(c, cOffset + cRow, ORDER);
    c2.intoMemorySegment(c, cOffset + 2 * cRow, ORDER);
    c3.intoMemorySegment(c, cOffset + 3 * cRow, ORDER);
    c4.intoMemorySegment(c, cOffset + 4 * cRow, ORDER);
    c5.intoMemorySegment(c, cOffset + 5 * cRow, ORDER);
  }

  private static void oneByTwo(
      MemorySegment a,
      long aOffset,
      long aDepth,
      MemorySegment b,
      long bOffset,
      long bRow,
      MemorySegment c,
      long cOffset,
      int depth) {
    FloatVector c0 = load(c, cOffset), c1 = load(c, cOffset + VECTOR_BYTES);
    for (int k = 0; k < depth; k++) {
      FloatVector x = broadcast(a, aOffset + k * aDepth);
      c0 = x.fma(load(b, bOffset + k * bRow), c0);
      c1 = x.fma(load(b, bOffset + k * bRow + VECTOR_BYTES), c1);
    }
    c0.intoMemorySegment(c, cOffset, ORDER);
    c1.intoMemorySegment(c, cOffset + VECTOR_BYTES, ORDER);
  }

  private static void oneByOne(
      MemorySegment a,
      long aOffset,
      long aDepth,
      MemorySegment b,
      long bOffset,
      long bRow,
      MemorySegment c,
      long cOffset,
      int depth) {
    FloatVector c0 = load(c, cOffset);
    for (int k = 0; k < depth; k++) {
      c0 = broadcast(a, aOffset + k * aDepth).fma(load(b, bOffset + k * bRow), c0);
    }
    c0.intoMemorySegment(c, cOffset, ORDER);
  }

  private static void scalar(
      MemorySegment a,
      long aOffset,
      long aDepth,
      MemorySegment b,
      long bOffset,
      long bRow,
      MemorySegment c,
      long cOffset,
      int depth) {
    float sum = get(c, cOffset);
    for (int k = 0; k < depth; k++) {
      sum = Math.fma(get(a, aOffset + k * aDepth), get(b, bOffset + k * bRow), sum);
    }
    set(c, cOffset, sum);
  }
}
