package org.concertina.kernel.scalar;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.concertina.kernel.Ranges.checkBytes;
import static org.concertina.kernel.Ranges.checkFloats;
import static org.concertina.kernel.scalar.Elements.at;
import static org.concertina.kernel.scalar.Elements.put;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.concertina.kernel.TileOps;

/** {@link TileOps} in plain Java. Thread-safe. */
final class ScalarTileOps implements TileOps {
  /** Little-endian, as all memory here; big-endian hosts are refused where it is allocated. */
  private static final ValueLayout.OfShort I16 = ValueLayout.JAVA_SHORT_UNALIGNED;

  @Override
  public void scoreTilesFp32(
      MemorySegment tiles,
      long tilesOffsetBytes,
      int tileCount,
      int dims,
      MemorySegment query,
      long queryOffsetBytes,
      MemorySegment out,
      long outOffsetBytes) {
    checkFloats(tiles, tilesOffsetBytes, (long) tileCount * dims * TILE_ROWS);
    checkFloats(query, queryOffsetBytes, dims);
    checkFloats(out, outOffsetBytes, (long) tileCount * TILE_ROWS);
    for (int row = 0; row < tileCount * TILE_ROWS; row++) {
      long first = (long) (row / TILE_ROWS) * dims * TILE_ROWS + row % TILE_ROWS;
      float sum = 0;
      for (int k = 0; k < dims; k++) {
        float value = at(tiles, tilesOffsetBytes, first + (long) k * TILE_ROWS);
        sum = Math.fma(at(query, queryOffsetBytes, k), value, sum);
      }
      put(out, outOffsetBytes, row, sum);
    }
  }

  @Override
  public void scoreTilesInt8(
      float scale,
      MemorySegment tiles,
      long tilesOffsetBytes,
      int tileCount,
      int dims,
      MemorySegment query,
      long queryOffsetBytes,
      MemorySegment out,
      long outOffsetBytes) {
    checkBytes(tiles, tilesOffsetBytes, (long) tileCount * dims * TILE_ROWS);
    checkFloats(query, queryOffsetBytes, dims);
    checkFloats(out, outOffsetBytes, (long) tileCount * TILE_ROWS);
    for (int row = 0; row < tileCount * TILE_ROWS; row++) {
      long first = (long) (row / TILE_ROWS) * dims * TILE_ROWS + row % TILE_ROWS;
      float sum = 0;
      for (int k = 0; k < dims; k++) {
        byte code = tiles.get(JAVA_BYTE, tilesOffsetBytes + first + (long) k * TILE_ROWS);
        sum = Math.fma(at(query, queryOffsetBytes, k), (float) code, sum);
      }
      put(out, outOffsetBytes, row, sum * scale);
    }
  }

  @Override
  public void scoreTilesInt4(
      MemorySegment tiles,
      long tilesOffsetBytes,
      int tileCount,
      int dims,
      MemorySegment query,
      long queryOffsetBytes,
      MemorySegment out,
      long outOffsetBytes) {
    checkFloats(query, queryOffsetBytes, dims);
    checkBytes(tiles, tilesOffsetBytes, tileCount * TileOps.int4TileBytes(dims));
    checkFloats(out, outOffsetBytes, (long) tileCount * TILE_ROWS);
    for (int row = 0; row < tileCount * TILE_ROWS; row++) {
      long tile = tilesOffsetBytes + row / TILE_ROWS * TileOps.int4TileBytes(dims);
      float sum = 0;
      float squared = 0;
      for (int k = 0; k < dims; k++) {
        long word = (long) (k / 4) * TILE_ROWS + row % TILE_ROWS;
        int codes = tiles.get(I16, tile + word * Short.BYTES);
        float code = codes << (Short.SIZE + 4 * (k % 4)) >> 28;
        sum = Math.fma(at(query, queryOffsetBytes, k), code, sum);
        squared = Math.fma(code, code, squared);
      }
      put(out, outOffsetBytes, row, sum * (1 / (float) Math.sqrt(Math.max(squared, 1))));
    }
  }

  @Override
  public void scoreTilesInt2(
      MemorySegment tiles,
      long tilesOffsetBytes,
      int tileCount,
      int dims,
      MemorySegment query,
      long queryOffsetBytes,
      MemorySegment out,
      long outOffsetBytes) {
    checkFloats(query, queryOffsetBytes, dims);
    checkBytes(tiles, tilesOffsetBytes, tileCount * TileOps.int2TileBytes(dims));
    checkFloats(out, outOffsetBytes, (long) tileCount * TILE_ROWS);
    for (int row = 0; row < tileCount * TILE_ROWS; row++) {
      long tile = tilesOffsetBytes + row / TILE_ROWS * TileOps.int2TileBytes(dims);
      float sum = 0;
      float squared = 0;
      for (int k = 0; k < dims; k++) {
        long word = (long) (k / 8) * TILE_ROWS + row % TILE_ROWS;
        int codes = tiles.get(I16, tile + word * Short.BYTES);
        float code = 2 * (codes << (Short.SIZE + 2 * (k % 8)) >> 30) + 1;
        sum = Math.fma(at(query, queryOffsetBytes, k), code, sum);
        squared = Math.fma(code, code, squared);
      }
      put(out, outOffsetBytes, row, sum * (1 / (float) Math.sqrt(Math.max(squared, 1))));
    }
  }
}
