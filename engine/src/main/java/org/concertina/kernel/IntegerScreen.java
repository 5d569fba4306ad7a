package org.concertina.kernel;

import static org.concertina.kernel.TileOps.TILE_ROWS;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * {@link ScreenOps} by plain integer products: what a provider does that has no dot-product
 * instruction for bytes, as the Vector API has none. Norms are computed. Thread-safe.
 */
public final class IntegerScreen implements ScreenOps {
  private static final ValueLayout.OfByte I8 = ValueLayout.JAVA_BYTE;
  private static final ValueLayout.OfShort I16 = ValueLayout.JAVA_SHORT_UNALIGNED;
  private static final ValueLayout.OfLong I64 = ValueLayout.JAVA_LONG_UNALIGNED;

  @Override
  public boolean screens() {
    return false;
  }

  @Override
  public int maxSum() {
    return Integer.MAX_VALUE;
  }

  @Override
  public int maxByteQuery() {
    return Byte.MAX_VALUE;
  }

  @Override
  public int screenTilesInt8(ScreenTask task, MemorySegment out, long outOffsetBytes) {
    Ranges.checkScreen(task, (long) task.dims * TILE_ROWS, out, outOffsetBytes);
    return screen(task, out, outOffsetBytes, IntegerScreen::int8);
  }

  @Override
  public int screenTilesInt4(ScreenTask task, MemorySegment out, long outOffsetBytes) {
    Ranges.checkScreen(task, TileOps.int4TileBytes(task.dims), out, outOffsetBytes);
    return screen(task, out, outOffsetBytes, IntegerScreen::int4);
  }

  @Override
  public int screenTilesInt2(ScreenTask task, MemorySegment out, long outOffsetBytes) {
    Ranges.checkScreen(task, TileOps.int2TileBytes(task.dims), out, outOffsetBytes);
    return screen(task, out, outOffsetBytes, IntegerScreen::int2);
  }

  private interface Product {
    float of(ScreenTask task, int row);
  }

  private static int screen(ScreenTask task, MemorySegment out, long outAt, Product product) {
    int reported = 0;
    int tile = 0;
    for (; tile < task.tileCount && reported + TILE_ROWS <= task.capacity; tile++) {
      for (int row = tile * TILE_ROWS; row < (tile + 1) * TILE_ROWS; row++) {
        float score = product.of(task, row) + prior(task, row);
        if (score > task.bar) {
          long entry = (long) Float.floatToRawIntBits(score) << Integer.SIZE | row;
          out.set(I64, outAt + (long) reported * ENTRY_BYTES, entry);
          reported++;
        }
      }
    }
    task.tilesDone = tile;
    return reported;
  }

  private static float prior(ScreenTask task, int row) {
    long codes = task.priorsOffsetBytes;
    int code = codes == ScreenTask.NONE ? 0 : task.priors.get(I8, codes + row);
    return Math.fma(task.priorScale, (float) code, task.priorBase);
  }

  private static float int8(ScreenTask task, int row) {
    long tile = task.tilesOffsetBytes + (long) (row / TILE_ROWS) * task.dims * TILE_ROWS;
    int sum = 0;
    for (int k = 0; k < task.dims; k++) {
      sum += query(task, k) * task.tiles.get(I8, tile + (long) k * TILE_ROWS + row % TILE_ROWS);
    }
    return task.factor * sum;
  }

  private static float int4(ScreenTask task, int row) {
    int sum = 0;
    int squared = 0;
    for (int k = 0; k < task.dims; k++) {
      int code = word(task, row, k, 4, TileOps.int4TileBytes(task.dims)) >> 28;
      sum += query(task, k) * code;
      squared += code * code;
    }
    return unit(task, sum, squared);
  }

  private static float int2(ScreenTask task, int row) {
    int sum = 0;
    int squared = 0;
    for (int k = 0; k < task.dims; k++) {
      int code = 2 * (word(task, row, k, 8, TileOps.int2TileBytes(task.dims)) >> 30) + 1;
      sum += query(task, k) * code;
      squared += code * code;
    }
    return unit(task, sum, squared);
  }

  private static int query(ScreenTask task, int k) {
    return task.query.get(I8, task.queryOffsetBytes + k);
  }

  /** A row's word of several codes, the code of dimension {@code k} in its top bits. */
  private static int word(ScreenTask task, int row, int k, int codes, long tileBytes) {
    long tile = task.tilesOffsetBytes + row / TILE_ROWS * tileBytes;
    long word = (long) (k / codes) * TILE_ROWS + row % TILE_ROWS;
    int bits = Short.SIZE / codes;
    return task.tiles.get(I16, tile + word * Short.BYTES) << (Short.SIZE + bits * (k % codes));
  }

  private static float unit(ScreenTask task, int sum, int squared) {
    return task.factor * sum * (1 / (float) Math.sqrt(Math.max(squared, 1)));
  }
}
