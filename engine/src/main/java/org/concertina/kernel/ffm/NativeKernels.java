package org.concertina.kernel.ffm;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.concertina.kernel.Ranges.checkBytes;
import static org.concertina.kernel.Ranges.checkFloats;
import static org.concertina.kernel.Ranges.checkRows;
import static org.concertina.kernel.Ranges.checkScreenBounds;
import static org.concertina.kernel.Ranges.checkSparse;
import static org.concertina.kernel.Ranges.spanFloats;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import org.concertina.kernel.VectorOps;
import org.concertina.kernel.ffm.NativeLibrary.Absent;
import org.concertina.kernel.ffm.NativeLibrary.Loaded;

/**
 * The functions of the native library, each behind a method that checks every size.
 *
 * <p>Owns no memory; segments are off-heap and the caller's, and cannot be closed while a function
 * runs. Stateless, so any number of threads may call. The calls are ordinary ones: a function may
 * run for milliseconds without holding up a safepoint.
 */
final class NativeKernels {
  private static final NativeLibrary.Result LIBRARY = NativeLibrary.load();

  private static final FunctionDescriptor STEPS =
      FunctionDescriptor.of(
          JAVA_DOUBLE,
          JAVA_FLOAT,
          JAVA_FLOAT,
          ADDRESS,
          JAVA_LONG,
          ADDRESS,
          JAVA_LONG,
          JAVA_LONG,
          ADDRESS,
          JAVA_LONG,
          ADDRESS,
          JAVA_LONG,
          JAVA_LONG,
          JAVA_LONG);

  /** Null handles are kernels that no tier of this processor has. */
  private static final MethodHandle BPR = bind("cnct_bpr_f32", STEPS);

  private static final MethodHandle BPR_COSINE = bind("cnct_bpr_cosine_f32", STEPS);

  private static final MethodHandle SPARSE_MATMUL =
      bind(
          "cnct_sparse_matmul_f32",
          FunctionDescriptor.of(
              JAVA_LONG,
              JAVA_LONG,
              ADDRESS,
              JAVA_LONG,
              ADDRESS,
              ADDRESS,
              ADDRESS,
              JAVA_LONG,
              JAVA_LONG,
              JAVA_LONG,
              JAVA_FLOAT,
              ADDRESS,
              JAVA_LONG,
              JAVA_LONG,
              ADDRESS,
              JAVA_LONG,
              JAVA_LONG,
              JAVA_LONG));

  private static final MethodHandle SCORE_TILES_INT4 =
      bind(
          "cnct_score_tiles_int4",
          FunctionDescriptor.ofVoid(
              ADDRESS, JAVA_LONG, JAVA_LONG, JAVA_LONG, ADDRESS, JAVA_LONG, ADDRESS, JAVA_LONG));

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

  private NativeKernels() {}

  /** What came of looking for the library. */
  static NativeLibrary.Result library() {
    return LIBRARY;
  }

  static boolean hasBpr() {
    return BPR != null && BPR_COSINE != null;
  }

  static boolean hasSparse() {
    return SPARSE_MATMUL != null;
  }

  static boolean hasTiles() {
    return SCORE_TILES_INT4 != null;
  }

  static boolean hasScreen() {
    return SCREEN_TILES_INT8 != null && SCREEN_TILES_INT4 != null && SCREEN_TILES_INT2 != null;
  }

  /** {@link VectorOps#bprInPlace}. Offsets are arguments: a slice would be an allocation. */
  static double bpr(
      float learningRate,
      float l2,
      MemorySegment user,
      long userOffsetBytes,
      MemorySegment items,
      long itemsOffsetBytes,
      long itemStride,
      MemorySegment positives,
      long positivesOffsetBytes,
      MemorySegment negatives,
      long negativesOffsetBytes,
      int count,
      int n) {
    checkSteps(
        user,
        userOffsetBytes,
        items,
        itemsOffsetBytes,
        itemStride,
        positives,
        positivesOffsetBytes,
        negatives,
        negativesOffsetBytes,
        count,
        n);
    try {
      return (double)
          BPR.invokeExact(
              learningRate,
              l2,
              user,
              userOffsetBytes,
              items,
              itemsOffsetBytes,
              itemStride,
              positives,
              positivesOffsetBytes,
              negatives,
              negativesOffsetBytes,
              (long) count,
              (long) n);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  /** What both kinds of BPR steps need. */
  private static void checkSteps(
      MemorySegment user,
      long userOffsetBytes,
      MemorySegment items,
      long itemsOffsetBytes,
      long itemStride,
      MemorySegment positives,
      long positivesOffsetBytes,
      MemorySegment negatives,
      long negativesOffsetBytes,
      int count,
      int n) {
    checkFloats(user, userOffsetBytes, n);
    checkRows(positives, positivesOffsetBytes, count, items, itemsOffsetBytes, itemStride, n);
    checkRows(negatives, negativesOffsetBytes, count, items, itemsOffsetBytes, itemStride, n);
    checkAligned(user, userOffsetBytes);
    checkAligned(items, itemsOffsetBytes);
    checkAligned(positives, positivesOffsetBytes);
    checkAligned(negatives, negativesOffsetBytes);
    checkWritable(user);
    checkWritable(items);
  }

  /** {@link VectorOps#bprCosineInPlace}. */
  static double bprCosine(
      float learningRate,
      float temperature,
      MemorySegment user,
      long userOffsetBytes,
      MemorySegment items,
      long itemsOffsetBytes,
      long itemStride,
      MemorySegment positives,
      long positivesOffsetBytes,
      MemorySegment negatives,
      long negativesOffsetBytes,
      int count,
      int n) {
    checkSteps(
        user,
        userOffsetBytes,
        items,
        itemsOffsetBytes,
        itemStride,
        positives,
        positivesOffsetBytes,
        negatives,
        negativesOffsetBytes,
        count,
        n);
    try {
      return (double)
          BPR_COSINE.invokeExact(
              learningRate,
              temperature,
              user,
              userOffsetBytes,
              items,
              itemsOffsetBytes,
              itemStride,
              positives,
              positivesOffsetBytes,
              negatives,
              negativesOffsetBytes,
              (long) count,
              (long) n);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  /** {@link VectorOps#sparseMatmul}. */
  static void sparseMatmul(
      int rows,
      MemorySegment pointers,
      long pointersOffsetBytes,
      MemorySegment indices,
      MemorySegment weights,
      MemorySegment table,
      long tableOffsetBytes,
      long tableRows,
      long tableRowStride,
      float scale,
      MemorySegment base,
      long baseOffsetBytes,
      long baseRowStride,
      MemorySegment out,
      long outOffsetBytes,
      long outRowStride,
      int n) {
    checkSparse(
        rows,
        pointers,
        pointersOffsetBytes,
        indices,
        weights,
        base,
        baseOffsetBytes,
        baseRowStride,
        out,
        outOffsetBytes,
        outRowStride,
        n);
    checkFloats(table, tableOffsetBytes, spanFloats(tableRows, tableRowStride, n, 1));
    checkAligned(pointers, pointersOffsetBytes, Long.BYTES);
    checkAligned(indices, 0);
    checkAligned(weights, 0);
    checkAligned(table, tableOffsetBytes);
    checkAligned(base, baseOffsetBytes);
    checkAligned(out, outOffsetBytes);
    checkWritable(out);
    long outside;
    try {
      outside =
          (long)
              SPARSE_MATMUL.invokeExact(
                  (long) rows,
                  pointers,
                  pointersOffsetBytes,
                  indices,
                  weights,
                  table,
                  tableOffsetBytes,
                  tableRows,
                  tableRowStride,
                  scale,
                  base,
                  baseOffsetBytes,
                  baseRowStride,
                  out,
                  outOffsetBytes,
                  outRowStride,
                  (long) n);
    } catch (Throwable e) {
      throw unexpected(e);
    }
    if (outside >= 0) {
      throw new IndexOutOfBoundsException(
          "entry %d: expected an index below %d".formatted(outside, tableRows));
    }
  }

  /** {@link VectorOps#scoreTilesInt4}, of at most 1,020 dimensions. */
  static void scoreTilesInt4(
      MemorySegment tiles,
      long tilesOffsetBytes,
      int tileCount,
      int dims,
      MemorySegment query,
      long queryOffsetBytes,
      MemorySegment out,
      long outOffsetBytes) {
    checkFloats(query, queryOffsetBytes, dims);
    checkBytes(tiles, tilesOffsetBytes, tileCount * VectorOps.int4TileBytes(dims));
    checkFloats(out, outOffsetBytes, (long) tileCount * VectorOps.TILE_ROWS);
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

  /** {@link VectorOps#screenTilesInt8}. */
  static void screenTilesInt8(
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
    checkBytes(tiles, tilesOffsetBytes, (long) tileCount * dims * VectorOps.TILE_ROWS);
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

  /** {@link VectorOps#screenTilesInt4}. */
  static void screenTilesInt4(
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
    checkBytes(tiles, tilesOffsetBytes, tileCount * VectorOps.int4TileBytes(dims));
    checkScreen(query, queryOffsetBytes, out, outOffsetBytes, tileCount, dims);
    checkScreenBounds(
        bounds, boundsOffsetBytes, firstDims, dims, (long) tileCount * VectorOps.UNIT_BOUND_FLOATS);
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

  /** {@link VectorOps#screenTilesInt2}. */
  static void screenTilesInt2(
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
    checkBytes(tiles, tilesOffsetBytes, tileCount * VectorOps.int2TileBytes(dims));
    checkScreen(query, queryOffsetBytes, out, outOffsetBytes, tileCount, dims);
    checkScreenBounds(
        bounds, boundsOffsetBytes, firstDims, dims, (long) tileCount * VectorOps.UNIT_BOUND_FLOATS);
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
    if (dims > VectorOps.MAX_SCREEN_DIMS) {
      throw new IllegalArgumentException(
          "dims: expected at most %d, got %d".formatted(VectorOps.MAX_SCREEN_DIMS, dims));
    }
    checkBytes(query, queryOffsetBytes, dims);
    checkFloats(out, outOffsetBytes, (long) tileCount * VectorOps.TILE_ROWS);
    checkAligned(out, outOffsetBytes);
    checkWritable(out);
  }

  private static void checkAligned(MemorySegment segment, long offsetBytes, long alignment) {
    if ((segment.address() + offsetBytes) % alignment != 0) {
      throw new IllegalArgumentException(
          "native kernels: expected memory aligned to %d bytes, got byte %d of %s"
              .formatted(alignment, offsetBytes, segment));
    }
  }

  private static void checkAligned(MemorySegment floats, long offsetBytes) {
    checkAligned(floats, offsetBytes, Float.BYTES);
  }

  private static void checkWritable(MemorySegment segment) {
    if (segment.isReadOnly()) {
      throw new UnsupportedOperationException("expected a writable segment, got " + segment);
    }
  }

  /** A segment that its owner closed, or of another thread, or on the heap; else a bug of ours. */
  private static RuntimeException unexpected(Throwable e) {
    if (e instanceof RuntimeException refused) {
      return refused;
    }
    throw new AssertionError("a native kernel threw", e);
  }

  private static MethodHandle bind(String name, FunctionDescriptor descriptor) {
    return switch (LIBRARY) {
      case Loaded loaded ->
          loaded
              .kernel(name)
              .map(address -> Linker.nativeLinker().downcallHandle(address, descriptor))
              .orElse(null);
      case Absent _ -> null;
    };
  }
}
