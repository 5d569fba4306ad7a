package org.concertina.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import org.concertina.block.PackedElements;
import org.concertina.block.Precision;
import org.junit.jupiter.api.Test;

/** Screening with bounds of tiles: what is left out has no row above the bar, all else is there. */
interface ScreenBoundsContract extends OpsContract {
  int TILES = 3;
  float FACTOR = 0.003f;

  @Test
  default void whatIsLeftOutIsNotAboveTheBar() {
    Samples samples = new Samples(31);
    for (Precision precision : List.of(Precision.INT8, Precision.INT4, Precision.INT2)) {
      for (int dims : new int[] {1, 7, 9, 16, 17, 23, 32, 40, 64, 100, 207, 1020}) {
        for (int firstDims = dims > 8 ? 8 : 0; firstDims < dims; firstDims += 8 * dims / 16 + 8) {
          try (Arena arena = Arena.ofConfined()) {
            new Case(arena, samples, precision, dims, firstDims / 8 * 8).check(ops());
          }
        }
      }
    }
  }

  @Test
  default void dimensionsThatDoNotComeFirstAreRefused() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment s = arena.allocate(4096, 64);
      for (int firstDims : new int[] {-8, 4, 16, 24}) {
        assertThrows(
            IllegalArgumentException.class,
            () ->
                ops().screen().screenTilesInt8(1, s, 0, 1, 16, s, 0, s, 0, firstDims, 0, 0, s, 0));
        assertThrows(
            IllegalArgumentException.class,
            () ->
                ops().screen().screenTilesInt4(1, s, 0, 1, 16, s, 0, s, 0, firstDims, 0, 0, s, 0));
        assertThrows(
            IllegalArgumentException.class,
            () ->
                ops().screen().screenTilesInt2(1, s, 0, 1, 16, s, 0, s, 0, firstDims, 0, 0, s, 0));
      }
    }
  }

  /** Random tiles and a query, and what plain loops say of them. */
  final class Case {
    private final Precision precision;
    private final int dims;
    private final int firstDims;
    private final MemorySegment tiles;
    private final MemorySegment query;
    private final MemorySegment bounds;
    private final MemorySegment out;
    private final float[] expected = new float[TILES * TileOps.TILE_ROWS];
    private final float restNorm;

    Case(Arena arena, Samples samples, Precision precision, int dims, int firstDims) {
      this.precision = precision;
      this.dims = dims;
      this.firstDims = firstDims;
      this.tiles = arena.allocate(TILES * precision.tileBytes(dims), 64);
      this.query = arena.allocate(dims);
      this.bounds = arena.allocate(TILES * boundFloats() * Float.BYTES, 4);
      this.out = arena.allocate((long) expected.length * Float.BYTES, 4);
      double restSquared = 0;
      for (int k = 0; k < dims; k++) {
        byte code = (byte) (samples.below(255) - 127);
        query.set(ValueLayout.JAVA_BYTE, k, code);
        restSquared += k < firstDims ? 0 : code * code;
      }
      restNorm = Math.nextUp((float) (FACTOR * Math.sqrt(restSquared)));
      for (int tile = 0; tile < TILES; tile++) {
        fill(samples, tile);
      }
    }

    private long boundFloats() {
      return precision.isUnitCodes() ? ScreenOps.UNIT_BOUND_FLOATS : 1;
    }

    private void fill(Samples samples, int tile) {
      long tileAt = tile * precision.tileBytes(dims);
      long boundAt = tile * boundFloats();
      double most = 0;
      for (int row = 0; row < TileOps.TILE_ROWS; row++) {
        int sum = 0;
        double squared = 0;
        double rest = 0;
        for (int k = 0; k < dims; k++) {
          int code =
              switch (precision) {
                case INT8 -> samples.below(255) - 127;
                case INT4 -> samples.below(15) - 7;
                default -> 2 * samples.below(4) - 3;
              };
          PackedElements.set(tiles, tileAt, row, k, precision, code);
          sum += query.get(ValueLayout.JAVA_BYTE, k) * code;
          squared += (double) code * code;
          rest += k < firstDims ? 0 : (double) code * code;
        }
        float unit = precision.isUnitCodes() ? 1 / (float) Math.sqrt(Math.max(1, squared)) : 1;
        expected[tile * TileOps.TILE_ROWS + row] = FACTOR * sum * unit;
        if (precision.isUnitCodes()) {
          bounds.setAtIndex(ValueLayout.JAVA_FLOAT, boundAt + row, unit);
        }
        most = Math.max(most, Math.sqrt(rest) * unit);
      }
      float bound = Math.nextUp((float) most);
      bounds.setAtIndex(ValueLayout.JAVA_FLOAT, boundAt + boundFloats() - 1, bound);
    }

    void check(VectorOps ops) {
      float largest = 0;
      for (float value : expected) {
        largest = Math.max(largest, Math.abs(value));
      }
      for (float share : new float[] {Float.NEGATIVE_INFINITY, 0, 0.5f, 1, 2, 4, 1000}) {
        check(ops, share == Float.NEGATIVE_INFINITY ? share : share * largest);
      }
    }

    private void check(VectorOps ops, float bar) {
      float f = FACTOR;
      switch (precision) {
        case INT4 ->
            ops.screen()
                .screenTilesInt4(
                    f, tiles, 0, TILES, dims, query, 0, bounds, 0, firstDims, restNorm, bar, out,
                    0);
        case INT2 ->
            ops.screen()
                .screenTilesInt2(
                    f, tiles, 0, TILES, dims, query, 0, bounds, 0, firstDims, restNorm, bar, out,
                    0);
        default ->
            ops.screen()
                .screenTilesInt8(
                    f, tiles, 0, TILES, dims, query, 0, bounds, 0, firstDims, restNorm, bar, out,
                    0);
      }
      String what = "%s of %d, first %d, bar %s".formatted(precision, dims, firstDims, bar);
      for (int row = 0; row < expected.length; row++) {
        float actual = out.getAtIndex(ValueLayout.JAVA_FLOAT, row);
        int first = row / TileOps.TILE_ROWS * TileOps.TILE_ROWS;
        boolean leftOut = out.getAtIndex(ValueLayout.JAVA_FLOAT, first) == Float.NEGATIVE_INFINITY;
        if (leftOut) {
          assertEquals(Float.NEGATIVE_INFINITY, actual, what);
          assertTrue(expected[row] <= bar * (1 + 1e-5), what + ", left out " + expected[row]);
        } else {
          double tolerance = Math.abs(expected[row]) * ScreenOps.UNIT_SCREEN_ERROR;
          FloatRun.assertNear(expected[row], actual, tolerance, what, row);
        }
      }
    }
  }
}
