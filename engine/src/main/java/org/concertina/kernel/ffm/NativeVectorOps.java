package org.concertina.kernel.ffm;

import java.lang.foreign.MemorySegment;
import org.concertina.kernel.DelegatingVectorOps;
import org.concertina.kernel.VectorOps;
import org.concertina.kernel.ffm.NativeLibrary.Absent;
import org.concertina.kernel.ffm.NativeLibrary.Loaded;

/**
 * {@link VectorOps} with native kernels for what they were measured to do faster than the Vector
 * API by 1.15x and more, and another provider for the rest. Thread-safe.
 */
public final class NativeVectorOps extends DelegatingVectorOps {
  /** Of four-bit codes: their squares are summed in 16 bits. */
  private static final int MAX_INT4_DIMS = 1020;

  private final String name;

  /**
   * Takes the native kernels.
   *
   * @param rest does what no native kernel does
   * @throws IllegalStateException if there are none; {@link #status} has the reason
   */
  public NativeVectorOps(VectorOps rest) {
    super(rest);
    if (!(NativeKernels.library() instanceof Loaded loaded)) {
      throw new IllegalStateException(status());
    }
    this.name = "native-" + loaded.tier().shortName();
  }

  /** Whether the native library is there and this processor runs it. */
  public static boolean available() {
    return NativeKernels.library() instanceof Loaded;
  }

  /** Whether there is a native library, or was to be one, that cannot be used. */
  public static boolean broken() {
    return NativeKernels.library() instanceof Absent absent && absent.broken();
  }

  /** One line for logs: the library's path and tier, or why there is none. */
  public static String status() {
    return switch (NativeKernels.library()) {
      case Loaded loaded -> "native kernels " + loaded.tier() + " from " + loaded.path();
      case Absent absent -> "no native kernels: " + absent.reason();
    };
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public void sparseMatmul(
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
    if (NativeKernels.hasSparse()) {
      NativeKernels.sparseMatmul(
          rows,
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
          n);
    } else {
      super.sparseMatmul(
          rows,
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
          n);
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
    if (NativeKernels.hasTiles() && dims <= MAX_INT4_DIMS) {
      NativeKernels.scoreTilesInt4(
          tiles, tilesOffsetBytes, tileCount, dims, query, queryOffsetBytes, out, outOffsetBytes);
    } else {
      super.scoreTilesInt4(
          tiles, tilesOffsetBytes, tileCount, dims, query, queryOffsetBytes, out, outOffsetBytes);
    }
  }

  @Override
  public boolean screens() {
    return NativeKernels.hasScreen();
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
    if (NativeKernels.hasScreen()) {
      NativeKernels.screenTilesInt8(
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
    } else {
      super.screenTilesInt8(
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
    if (NativeKernels.hasScreen()) {
      NativeKernels.screenTilesInt4(
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
    } else {
      super.screenTilesInt4(
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
    if (NativeKernels.hasScreen()) {
      NativeKernels.screenTilesInt2(
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
    } else {
      super.screenTilesInt2(
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

  @Override
  public double bprInPlace(
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
    return NativeKernels.bpr(
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
        count,
        n);
  }

  @Override
  public double bprCosineInPlace(
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
    return NativeKernels.bprCosine(
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
        count,
        n);
  }
}
