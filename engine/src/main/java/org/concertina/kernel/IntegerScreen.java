package org.concertina.kernel;

import static org.concertina.kernel.Ranges.checkBytes;
import static org.concertina.kernel.Ranges.checkFloats;
import static org.concertina.kernel.Ranges.checkScreenBounds;
import static org.concertina.kernel.TileOps.TILE_ROWS;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * {@link ScreenOps} by plain integer products: what a provider does that has no dot-product
 * instruction for bytes, as the Vector API has none. Thread-safe.
 */
public final class IntegerScreen implements ScreenOps {
  private static final ValueLayout.OfShort I16 = ValueLayout.JAVA_SHORT_UNALIGNED;
  private static final ValueLayout.OfFloat F32 = ValueLayout.JAVA_FLOAT_UNALIGNED;

  @Override
  public boolean screens() {
    return false;
  }

  @Override
  public void screenTilesInt8(
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
      long outOffsetBytes) {
    checkScreenBounds(bounds, boundsOffsetBytes, firstDims, dims, tileCount);
    check(tiles, tilesOffsetBytes, (long) tileCount * dims * TILE_ROWS, tileCount, dims);
    checkOperands(query, queryOffsetBytes, out, outOffsetBytes, tileCount, dims);
    for (int row = 0; row < tileCount * TILE_ROWS; row++) {
      long first = tilesOffsetBytes + (long) (row / TILE_ROWS) * dims * TILE_ROWS + row % TILE_ROWS;
      int sum = 0;
      for (int k = 0; k < dims; k++) {
        byte code = tiles.get(ValueLayout.JAVA_BYTE, first + (long) k * TILE_ROWS);
        sum += query.get(ValueLayout.JAVA_BYTE, queryOffsetBytes + k) * code;
      }
      out.set(F32, outOffsetBytes + (long) row * Float.BYTES, factor * sum);
    }
  }

  @Override
  public void screenTilesInt4(
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
      long outOffsetBytes) {
    checkScreenBounds(
        bounds, boundsOffsetBytes, firstDims, dims, (long) tileCount * UNIT_BOUND_FLOATS);
    long tileBytes = TileOps.int4TileBytes(dims);
    check(tiles, tilesOffsetBytes, tileCount * tileBytes, tileCount, dims);
    checkOperands(query, queryOffsetBytes, out, outOffsetBytes, tileCount, dims);
    for (int row = 0; row < tileCount * TILE_ROWS; row++) {
      long tile = tilesOffsetBytes + row / TILE_ROWS * tileBytes;
      int sum = 0;
      int squared = 0;
      for (int k = 0; k < dims; k++) {
        long word = (long) (k / 4) * TILE_ROWS + row % TILE_ROWS;
        int code = tiles.get(I16, tile + word * Short.BYTES) << (Short.SIZE + 4 * (k % 4)) >> 28;
        sum += query.get(ValueLayout.JAVA_BYTE, queryOffsetBytes + k) * code;
        squared += code * code;
      }
      float unit = 1 / (float) Math.sqrt(Math.max(squared, 1));
      out.set(F32, outOffsetBytes + (long) row * Float.BYTES, factor * sum * unit);
    }
  }

  @Override
  public void screenTilesInt2(
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
      long outOffsetBytes) {
    checkScreenBounds(
        bounds, boundsOffsetBytes, firstDims, dims, (long) tileCount * UNIT_BOUND_FLOATS);
    long tileBytes = TileOps.int2TileBytes(dims);
    check(tiles, tilesOffsetBytes, tileCount * tileBytes, tileCount, dims);
    checkOperands(query, queryOffsetBytes, out, outOffsetBytes, tileCount, dims);
    for (int row = 0; row < tileCount * TILE_ROWS; row++) {
      long tile = tilesOffsetBytes + row / TILE_ROWS * tileBytes;
      int sum = 0;
      int squared = 0;
      for (int k = 0; k < dims; k++) {
        long word = (long) (k / 8) * TILE_ROWS + row % TILE_ROWS;
        int codes = tiles.get(I16, tile + word * Short.BYTES);
        int code = 2 * (codes << (Short.SIZE + 2 * (k % 8)) >> 30) + 1;
        sum += query.get(ValueLayout.JAVA_BYTE, queryOffsetBytes + k) * code;
        squared += code * code;
      }
      float unit = 1 / (float) Math.sqrt(Math.max(squared, 1));
      out.set(F32, outOffsetBytes + (long) row * Float.BYTES, factor * sum * unit);
    }
  }

  private static void check(
      MemorySegment tiles, long offsetBytes, long bytes, int tileCount, int dims) {
    if (tileCount < 0 || dims < 0 || dims > MAX_SCREEN_DIMS) {
      throw new IllegalArgumentException(
          "tileCount, dims: expected >= 0 and 0 to %d, got %d and %d"
              .formatted(MAX_SCREEN_DIMS, tileCount, dims));
    }
    checkBytes(tiles, offsetBytes, bytes);
  }

  private static void checkOperands(
      MemorySegment query,
      long queryOffsetBytes,
      MemorySegment out,
      long outOffsetBytes,
      int tileCount,
      int dims) {
    checkBytes(query, queryOffsetBytes, dims);
    checkFloats(out, outOffsetBytes, (long) tileCount * TILE_ROWS);
  }
}
