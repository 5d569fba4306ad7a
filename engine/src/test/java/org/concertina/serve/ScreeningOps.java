package org.concertina.serve;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.concertina.kernel.ScreenOps;
import org.concertina.kernel.ScreenTask;
import org.concertina.kernel.TileOps;
import org.concertina.kernel.VectorOps;
import org.concertina.kernel.VectorOpsProvider;

/**
 * The kernels of this JVM, made to screen, with the limits of kernels that hold small sums; counts
 * tiles, and refuses what such kernels could not do.
 */
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
    scored += tileCount;
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
    scored += tileCount;
    jvm.tiles()
        .scoreTilesInt2(
            tiles, tilesOffsetBytes, tileCount, dims, query, queryOffsetBytes, out, outOffsetBytes);
  }

  @Override
  public boolean screens() {
    return true;
  }

  @Override
  public int maxSum() {
    return Short.MAX_VALUE;
  }

  @Override
  public int maxByteQuery() {
    return 64;
  }

  @Override
  public int screenTilesInt8(ScreenTask task, MemorySegment out, long outOffsetBytes) {
    screened += task.tileCount;
    for (int k = 0; k < task.dims; k++) {
      int code = task.query.get(ValueLayout.JAVA_BYTE, task.queryOffsetBytes + k);
      if (Math.abs(code) > maxByteQuery()) {
        throw new AssertionError("code " + code + " for rows of bytes");
      }
    }
    return jvm.screen().screenTilesInt8(task, out, outOffsetBytes);
  }

  @Override
  public int screenTilesInt4(ScreenTask task, MemorySegment out, long outOffsetBytes) {
    screened += task.tileCount;
    return jvm.screen().screenTilesInt4(task, out, outOffsetBytes);
  }

  @Override
  public int screenTilesInt2(ScreenTask task, MemorySegment out, long outOffsetBytes) {
    screened += task.tileCount;
    return jvm.screen().screenTilesInt2(task, out, outOffsetBytes);
  }
}
