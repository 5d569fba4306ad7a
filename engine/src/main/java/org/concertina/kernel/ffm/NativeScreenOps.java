package org.concertina.kernel.ffm;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.concertina.kernel.Ranges.checkBytes;
import static org.concertina.kernel.Ranges.checkFloats;
import static org.concertina.kernel.Ranges.checkScreenBounds;
import static org.concertina.kernel.ffm.NativeKernels.bind;
import static org.concertina.kernel.ffm.NativeKernels.checkAligned;
import static org.concertina.kernel.ffm.NativeKernels.checkWritable;
import static org.concertina.kernel.ffm.NativeKernels.unexpected;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import org.concertina.kernel.ScreenOps;
import org.concertina.kernel.TileOps;

/** {@link ScreenOps} by native kernels. Thread-safe. */
final class NativeScreenOps implements ScreenOps {
  private static final FunctionDescriptor SCREEN =
      FunctionDescriptor.ofVoid(
          JAVA_FLOAT,
          ADDRESS,
          JAVA_LONG,
          JAVA_LONG,
          JAVA_LONG,
          ADDRESS,
          JAVA_LONG,
          ADDRESS,
          JAVA_LONG,
          JAVA_LONG,
          JAVA_FLOAT,
          JAVA_FLOAT,
          ADDRESS,
          JAVA_LONG);

  private static final MethodHandle SCREEN_TILES_INT8 = bind("cnct_screen_tiles_int8", SCREEN);

  private static final MethodHandle SCREEN_TILES_INT4 = bind("cnct_screen_tiles_int4", SCREEN);

  private static final MethodHandle SCREEN_TILES_INT2 = bind("cnct_screen_tiles_int2", SCREEN);

  /** Whether this tier has the kernels. */
  static boolean available() {
    return SCREEN_TILES_INT8 != null && SCREEN_TILES_INT4 != null && SCREEN_TILES_INT2 != null;
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
    checkBytes(tiles, tilesOffsetBytes, (long) tileCount * dims * TileOps.TILE_ROWS);
    checkScreen(query, queryOffsetBytes, out, outOffsetBytes, tileCount, dims);
    checkScreenBounds(bounds, boundsOffsetBytes, firstDims, dims, tileCount);
    try {
      SCREEN_TILES_INT8.invokeExact(
          factor,
          tiles,
          tilesOffsetBytes,
          (long) tileCount,
          (long) dims,
          query,
          queryOffsetBytes,
          bounds,
          boundsOffsetBytes,
          (long) firstDims,
          restNorm,
          bar,
          out,
          outOffsetBytes);
    } catch (Throwable e) {
      throw unexpected(e);
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
    checkBytes(tiles, tilesOffsetBytes, tileCount * TileOps.int4TileBytes(dims));
    checkScreen(query, queryOffsetBytes, out, outOffsetBytes, tileCount, dims);
    checkScreenBounds(
        bounds, boundsOffsetBytes, firstDims, dims, (long) tileCount * UNIT_BOUND_FLOATS);
    try {
      SCREEN_TILES_INT4.invokeExact(
          factor,
          tiles,
          tilesOffsetBytes,
          (long) tileCount,
          (long) dims,
          query,
          queryOffsetBytes,
          bounds,
          boundsOffsetBytes,
          (long) firstDims,
          restNorm,
          bar,
          out,
          outOffsetBytes);
    } catch (Throwable e) {
      throw unexpected(e);
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
    checkBytes(tiles, tilesOffsetBytes, tileCount * TileOps.int2TileBytes(dims));
    checkScreen(query, queryOffsetBytes, out, outOffsetBytes, tileCount, dims);
    checkScreenBounds(
        bounds, boundsOffsetBytes, firstDims, dims, (long) tileCount * UNIT_BOUND_FLOATS);
    try {
      SCREEN_TILES_INT2.invokeExact(
          factor,
          tiles,
          tilesOffsetBytes,
          (long) tileCount,
          (long) dims,
          query,
          queryOffsetBytes,
          bounds,
          boundsOffsetBytes,
          (long) firstDims,
          restNorm,
          bar,
          out,
          outOffsetBytes);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  /** What all kinds of screening need. */
  private static void checkScreen(
      MemorySegment query,
      long queryOffsetBytes,
      MemorySegment out,
      long outOffsetBytes,
      int tileCount,
      int dims) {
    if (dims > MAX_SCREEN_DIMS) {
      throw new IllegalArgumentException(
          "dims: expected at most %d, got %d".formatted(MAX_SCREEN_DIMS, dims));
    }
    checkBytes(query, queryOffsetBytes, dims);
    checkFloats(out, outOffsetBytes, (long) tileCount * TileOps.TILE_ROWS);
    checkAligned(out, outOffsetBytes);
    checkWritable(out);
  }
}
