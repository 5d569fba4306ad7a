package org.concertina.kernel;

import static org.junit.jupiter.api.Assertions.assertThrows;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import org.concertina.block.Precision;
import org.junit.jupiter.api.Test;

/** {@code screenTilesInt8}, {@code screenTilesInt4} and {@code screenTilesInt2}. */
interface ScreenContract extends OpsContract {
  List<Integer> DIMS = List.of(0, 1, 2, 3, 4, 5, 6, 7, 8, 11, 12, 15, 16, 17, 64, 100, 207, 1020);

  List<Precision> PRECISIONS = List.of(Precision.INT8, Precision.INT4, Precision.INT2);

  @Test
  default void rowsAboveTheBarAreReported() {
    Samples samples = new Samples(23);
    for (Precision precision : PRECISIONS) {
      for (int tiles = 0; tiles <= 3; tiles++) {
        for (int dims : DIMS) {
          try (Arena arena = Arena.ofConfined()) {
            ScreenCase random = new ScreenCase(arena, ops().screen(), precision, tiles, dims);
            random.fill(samples);
            random.checkAllBars();
          }
        }
      }
    }
  }

  /** Codes and query point the same way, so that the sum is as large as their norms allow. */
  @Test
  default void sumsMayBeAsLargeAsKernelsHold() {
    for (Precision precision : PRECISIONS) {
      int code =
          switch (precision) {
            case INT8 -> 127;
            case INT4 -> 7;
            default -> 3;
          };
      for (int dims : new int[] {1, 2, 3, 4, 7, 8, 16, 64}) {
        for (int sign : new int[] {-1, 1}) {
          try (Arena arena = Arena.ofConfined()) {
            ScreenCase aligned = new ScreenCase(arena, ops().screen(), precision, 2, dims);
            int most = (int) (aligned.sumLimit() / ((double) code * dims));
            int query = Math.min(most, aligned.maxQuery());
            aligned.fill(
                k -> (k % 3 == 0 ? -1 : 1) * code, k -> (k % 3 == 0 ? -sign : sign) * query);
            aligned.checkAllBars();
          }
        }
      }
    }
  }

  /** No writer makes such codes, but a file may have them. */
  @Test
  default void codesMayBeTheLowestOfTheirBits() {
    for (int dims : new int[] {1, 2, 4, 5}) {
      try (Arena arena = Arena.ofConfined()) {
        ScreenCase bytes = new ScreenCase(arena, ops().screen(), Precision.INT8, 1, dims);
        int query = Math.min(bytes.maxQuery(), 50);
        bytes.fill(k -> Byte.MIN_VALUE, k -> k % 2 == 0 ? query : 1 - query);
        bytes.checkAllBars();
        ScreenCase nibbles = new ScreenCase(arena, ops().screen(), Precision.INT4, 1, dims);
        nibbles.fill(k -> -8, k -> k % 2 == 0 ? 127 : -126);
        nibbles.checkAllBars();
      }
    }
  }

  @Test
  default void rowsOfTooManyDimensionsAreNotScreened() {
    ScreenOps screen = ops().screen();
    try (Arena arena = Arena.ofConfined()) {
      ScreenTask task = new ScreenTask();
      task.dims = ScreenOps.MAX_SCREEN_DIMS + 1;
      task.tileCount = 1;
      task.capacity = TileOps.TILE_ROWS;
      MemorySegment s = arena.allocate((long) task.dims * TileOps.TILE_ROWS, 64);
      task.tiles = s;
      task.query = s;
      task.priors = s;
      task.norms = s;
      assertThrows(IllegalArgumentException.class, () -> screen.screenTilesInt8(task, s, 0));
      assertThrows(IllegalArgumentException.class, () -> screen.screenTilesInt4(task, s, 0));
      assertThrows(IllegalArgumentException.class, () -> screen.screenTilesInt2(task, s, 0));
    }
  }
}
