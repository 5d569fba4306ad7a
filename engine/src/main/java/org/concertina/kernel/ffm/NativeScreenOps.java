package org.concertina.kernel.ffm;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.concertina.kernel.Ranges.checkScreen;
import static org.concertina.kernel.ffm.NativeKernels.bind;
import static org.concertina.kernel.ffm.NativeKernels.checkWritable;
import static org.concertina.kernel.ffm.NativeKernels.unexpected;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import org.concertina.kernel.ScreenOps;
import org.concertina.kernel.ScreenTask;
import org.concertina.kernel.TileOps;

/** {@link ScreenOps} by native kernels. Thread-safe. */
final class NativeScreenOps implements ScreenOps {
  private static final FunctionDescriptor LIMIT = FunctionDescriptor.of(JAVA_INT);

  private static final FunctionDescriptor SCREEN_BYTES =
      FunctionDescriptor.of(
          JAVA_LONG,
          JAVA_FLOAT,
          ADDRESS,
          JAVA_LONG,
          JAVA_LONG,
          JAVA_LONG,
          ADDRESS,
          JAVA_LONG,
          ADDRESS,
          JAVA_LONG,
          JAVA_FLOAT,
          JAVA_FLOAT,
          JAVA_FLOAT,
          JAVA_FLOAT,
          ADDRESS,
          JAVA_LONG,
          JAVA_LONG);

  /** The same with norms before the output. */
  private static final FunctionDescriptor SCREEN_UNITS =
      SCREEN_BYTES.insertArgumentLayouts(13, ADDRESS, JAVA_LONG, JAVA_FLOAT);

  private static final MethodHandle SCREEN_TILES_INT8 =
      bind("cnct_screen_tiles_int8", SCREEN_BYTES);

  private static final MethodHandle SCREEN_TILES_INT4 =
      bind("cnct_screen_tiles_int4", SCREEN_UNITS);

  private static final MethodHandle SCREEN_TILES_INT2 =
      bind("cnct_screen_tiles_int2", SCREEN_UNITS);

  private static final MethodHandle MAX_SUM = bind("cnct_screen_max_sum", LIMIT);

  private static final MethodHandle MAX_BYTE_QUERY = bind("cnct_screen_max_byte_query", LIMIT);

  private final int maxSum = limit(MAX_SUM);
  private final int maxByteQuery = limit(MAX_BYTE_QUERY);

  /** Whether this tier has the kernels. */
  static boolean available() {
    return SCREEN_TILES_INT8 != null
        && SCREEN_TILES_INT4 != null
        && SCREEN_TILES_INT2 != null
        && MAX_SUM != null
        && MAX_BYTE_QUERY != null;
  }

  private static int limit(MethodHandle function) {
    try {
      return (int) function.invokeExact();
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  @Override
  public boolean screens() {
    return true;
  }

  @Override
  public int maxSum() {
    return maxSum;
  }

  @Override
  public int maxByteQuery() {
    return maxByteQuery;
  }

  @Override
  public int screenTilesInt8(ScreenTask task, MemorySegment out, long outOffsetBytes) {
    check(task, (long) task.dims * TileOps.TILE_ROWS, out, outOffsetBytes);
    try {
      return counted(
          task,
          (long)
              SCREEN_TILES_INT8.invokeExact(
                  task.factor,
                  task.tiles,
                  task.tilesOffsetBytes,
                  (long) task.tileCount,
                  (long) task.dims,
                  task.query,
                  task.queryOffsetBytes,
                  task.priors,
                  task.priorsOffsetBytes,
                  task.priorScale,
                  task.priorBase,
                  task.bar,
                  task.productBar,
                  out,
                  outOffsetBytes,
                  (long) task.capacity));
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  @Override
  public int screenTilesInt4(ScreenTask task, MemorySegment out, long outOffsetBytes) {
    check(task, TileOps.int4TileBytes(task.dims), out, outOffsetBytes);
    try {
      return counted(
          task,
          (long)
              SCREEN_TILES_INT4.invokeExact(
                  task.factor,
                  task.tiles,
                  task.tilesOffsetBytes,
                  (long) task.tileCount,
                  (long) task.dims,
                  task.query,
                  task.queryOffsetBytes,
                  task.priors,
                  task.priorsOffsetBytes,
                  task.priorScale,
                  task.priorBase,
                  task.bar,
                  task.productBar,
                  task.norms,
                  task.normsOffsetBytes,
                  task.normScale,
                  out,
                  outOffsetBytes,
                  (long) task.capacity));
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  @Override
  public int screenTilesInt2(ScreenTask task, MemorySegment out, long outOffsetBytes) {
    check(task, TileOps.int2TileBytes(task.dims), out, outOffsetBytes);
    try {
      return counted(
          task,
          (long)
              SCREEN_TILES_INT2.invokeExact(
                  task.factor,
                  task.tiles,
                  task.tilesOffsetBytes,
                  (long) task.tileCount,
                  (long) task.dims,
                  task.query,
                  task.queryOffsetBytes,
                  task.priors,
                  task.priorsOffsetBytes,
                  task.priorScale,
                  task.priorBase,
                  task.bar,
                  task.productBar,
                  task.norms,
                  task.normsOffsetBytes,
                  task.normScale,
                  out,
                  outOffsetBytes,
                  (long) task.capacity));
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  /** The tiles stand above the entries. */
  private static int counted(ScreenTask task, long done) {
    task.tilesDone = (int) (done >>> Integer.SIZE);
    return (int) done;
  }

  private static void check(
      ScreenTask task, long tileBytes, MemorySegment out, long outOffsetBytes) {
    checkScreen(task, tileBytes, out, outOffsetBytes);
    checkWritable(out);
  }
}
