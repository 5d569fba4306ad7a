package org.concertina.kernel.panama;

import static org.concertina.kernel.Ranges.checkBytes;
import static org.concertina.kernel.Ranges.checkFloats;

import java.lang.foreign.MemorySegment;
import org.concertina.kernel.TileOps;

/** {@link TileOps} in the JDK Vector API. Checks ranges, then calls the kernel. Thread-safe. */
final class PanamaTileOps implements TileOps {
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
    TileKernels.scoreFp32(
        tiles, tilesOffsetBytes, tileCount, dims, query, queryOffsetBytes, out, outOffsetBytes);
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
    TileKernels.scoreInt8(
        scale,
        tiles,
        tilesOffsetBytes,
        tileCount,
        dims,
        query,
        queryOffsetBytes,
        out,
        outOffsetBytes);
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
    Int4TileKernels.score(
        tiles, tilesOffsetBytes, tileCount, dims, query, queryOffsetBytes, out, outOffsetBytes);
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
    Int2TileKernels.score(
        tiles, tilesOffsetBytes, tileCount, dims, query, queryOffsetBytes, out, outOffsetBytes);
  }
}
