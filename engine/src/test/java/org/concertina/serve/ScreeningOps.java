package org.concertina.serve;

import java.lang.foreign.MemorySegment;
import org.concertina.kernel.ScreenOps;
import org.concertina.kernel.TileOps;
import org.concertina.kernel.VectorOps;
import org.concertina.kernel.VectorOpsProvider;

/** The kernels of this JVM, made to screen; counts tiles of floats and bytes. */
final class ScreeningOps implements TileOps, ScreenOps {
  private final VectorOps jvm = VectorOpsProvider.get();

  long screened;
  long scored;

  /** All operations, these among them. */
  VectorOps all() {
    return new VectorOps(
        "screening",
        jvm.vectorBits(),
        jvm.rows(),
        jvm.optimizers(),
        jvm.matmul(),
        jvm.sparse(),
        this,
        this,
        jvm.scan(),
        jvm.bpr());
  }

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
    scored += tileCount;
    jvm.tiles()
        .scoreTilesFp32(
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
    scored += tileCount;
    jvm.tiles()
        .scoreTilesInt8(
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
    jvm.tiles()
        .scoreTilesInt4(
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
    jvm.tiles()
        .scoreTilesInt2(
            tiles, tilesOffsetBytes, tileCount, dims, query, queryOffsetBytes, out, outOffsetBytes);
  }

  @Override
  public boolean screens() {
    return true;
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
    screened += tileCount;
    jvm.screen()
        .screenTilesInt8(
            factor,
            tiles,
            tilesOffsetBytes,
            tileCount,
            dims,
            query,
            queryOffsetBytes,
            bounds,
            boundsOffsetBytes,
            firstDims,
            restNorm,
            bar,
            out,
            outOffsetBytes);
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
    jvm.screen()
        .screenTilesInt4(
            factor,
            tiles,
            tilesOffsetBytes,
            tileCount,
            dims,
            query,
            queryOffsetBytes,
            bounds,
            boundsOffsetBytes,
            firstDims,
            restNorm,
            bar,
            out,
            outOffsetBytes);
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
    jvm.screen()
        .screenTilesInt2(
            factor,
            tiles,
            tilesOffsetBytes,
            tileCount,
            dims,
            query,
            queryOffsetBytes,
            bounds,
            boundsOffsetBytes,
            firstDims,
            restNorm,
            bar,
            out,
            outOffsetBytes);
  }
}
