package org.concertina.kernel.ffm;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.concertina.kernel.Ranges.checkBytes;
import static org.concertina.kernel.Ranges.checkFloats;
import static org.concertina.kernel.ffm.NativeKernels.bind;
import static org.concertina.kernel.ffm.NativeKernels.checkAligned;
import static org.concertina.kernel.ffm.NativeKernels.checkWritable;
import static org.concertina.kernel.ffm.NativeKernels.unexpected;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import org.concertina.kernel.TileOps;

/** {@link TileOps} with a native kernel for four-bit codes; the rest is another's. Thread-safe. */
final class NativeTileOps implements TileOps {
  /** Of four-bit codes: their squares are summed in 16 bits. */
  private static final int MAX_INT4_DIMS = 1020;

  private static final MethodHandle SCORE_TILES_INT4 =
      bind(
          "cnct_score_tiles_int4",
          FunctionDescriptor.ofVoid(
              ADDRESS, JAVA_LONG, JAVA_LONG, JAVA_LONG, ADDRESS, JAVA_LONG, ADDRESS, JAVA_LONG));

  private final TileOps rest;

  /**
   * Takes the native kernel.
   *
   * @param rest does what no native kernel does
   */
  NativeTileOps(TileOps rest) {
    this.rest = rest;
  }

  /** Whether this tier has the kernel. */
  static boolean available() {
    return SCORE_TILES_INT4 != null;
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
    rest.scoreTilesFp32(
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
    rest.scoreTilesInt8(
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
    if (dims > MAX_INT4_DIMS) {
      rest.scoreTilesInt4(
          tiles, tilesOffsetBytes, tileCount, dims, query, queryOffsetBytes, out, outOffsetBytes);
      return;
    }
    checkFloats(query, queryOffsetBytes, dims);
    checkBytes(tiles, tilesOffsetBytes, tileCount * TileOps.int4TileBytes(dims));
    checkFloats(out, outOffsetBytes, (long) tileCount * TILE_ROWS);
    checkAligned(query, queryOffsetBytes);
    checkAligned(out, outOffsetBytes);
    checkWritable(out);
    try {
      SCORE_TILES_INT4.invokeExact(
          tiles,
          tilesOffsetBytes,
          (long) tileCount,
          (long) dims,
          query,
          queryOffsetBytes,
          out,
          outOffsetBytes);
    } catch (Throwable e) {
      throw unexpected(e);
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
    rest.scoreTilesInt2(
        tiles, tilesOffsetBytes, tileCount, dims, query, queryOffsetBytes, out, outOffsetBytes);
  }
}
