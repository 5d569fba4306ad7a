package org.concertina.kernel.panama;

import static org.concertina.kernel.Ranges.checkBytes;
import static org.concertina.kernel.Ranges.checkFloats;
import static org.concertina.kernel.Ranges.checkRows;
import static org.concertina.kernel.Ranges.checkSparse;
import static org.concertina.kernel.Ranges.spanFloats;

import java.lang.foreign.MemorySegment;
import org.concertina.kernel.AdamStep;
import org.concertina.kernel.VectorOps;

/** {@link VectorOps} in the JDK Vector API. Checks ranges, then calls the kernel. Thread-safe. */
public final class PanamaVectorOps implements VectorOps {
  /** Loads the kernels; throws a {@link LinkageError} if the incubator module is absent. */
  public PanamaVectorOps() {
    if (PanamaSpecies.LANES < 4) {
      throw new IllegalStateException("the CPU has no vectors: " + PanamaSpecies.F32);
    }
  }

  @Override
  public String name() {
    return "panama-" + vectorBits();
  }

  @Override
  public int vectorBits() {
    return PanamaSpecies.F32.vectorBitSize();
  }

  @Override
  public float dot(MemorySegment x, long xOffsetBytes, MemorySegment y, long yOffsetBytes, int n) {
    checkFloats(x, xOffsetBytes, n);
    checkFloats(y, yOffsetBytes, n);
    return RowKernels.dot(x, xOffsetBytes, y, yOffsetBytes, n);
  }

  @Override
  public float rectifiedDot(
      MemorySegment x, long xOffsetBytes, MemorySegment w, long wOffsetBytes, int n) {
    checkFloats(x, xOffsetBytes, n);
    checkFloats(w, wOffsetBytes, n);
    return RowKernels.rectifiedDot(x, xOffsetBytes, w, wOffsetBytes, n);
  }

  @Override
  public void axpyInPlace(
      float alpha, MemorySegment x, long xOffsetBytes, MemorySegment y, long yOffsetBytes, int n) {
    checkFloats(x, xOffsetBytes, n);
    checkFloats(y, yOffsetBytes, n);
    RowKernels.axpy(alpha, x, xOffsetBytes, y, yOffsetBytes, n);
  }

  @Override
  public void addWeightedRows(
      int count,
      MemorySegment indices,
      long indicesOffsetBytes,
      MemorySegment weights,
      long weightsOffsetBytes,
      MemorySegment table,
      long tableOffsetBytes,
      long tableRows,
      long tableRowStride,
      MemorySegment out,
      long outOffsetBytes,
      int n) {
    checkBytes(indices, indicesOffsetBytes, Math.multiplyExact((long) count, Integer.BYTES));
    checkFloats(weights, weightsOffsetBytes, count);
    checkFloats(table, tableOffsetBytes, spanFloats(tableRows, tableRowStride, n, 1));
    checkFloats(out, outOffsetBytes, n);
    SparseKernels.row(
        0,
        count,
        indices,
        indicesOffsetBytes,
        weights,
        weightsOffsetBytes,
        table,
        tableOffsetBytes,
        tableRows,
        tableRowStride * Float.BYTES,
        1,
        out,
        outOffsetBytes,
        out,
        outOffsetBytes,
        n);
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
    SparseKernels.matmul(
        rows,
        pointers,
        pointersOffsetBytes,
        indices,
        weights,
        table,
        tableOffsetBytes,
        tableRows,
        tableRowStride * Float.BYTES,
        scale,
        base,
        baseOffsetBytes,
        baseRowStride * Float.BYTES,
        out,
        outOffsetBytes,
        outRowStride * Float.BYTES,
        n);
  }

  @Override
  public void scaleInPlace(float alpha, MemorySegment x, long xOffsetBytes, int n) {
    checkFloats(x, xOffsetBytes, n);
    RowKernels.scale(alpha, x, xOffsetBytes, n);
  }

  @Override
  public void multiplyInPlace(
      MemorySegment x, long xOffsetBytes, MemorySegment y, long yOffsetBytes, int n) {
    checkFloats(x, xOffsetBytes, n);
    checkFloats(y, yOffsetBytes, n);
    RowKernels.multiply(x, xOffsetBytes, y, yOffsetBytes, n);
  }

  @Override
  public void addCodesInPlace(
      float scale,
      float base,
      MemorySegment codes,
      long codesOffsetBytes,
      MemorySegment x,
      long xOffsetBytes,
      int n) {
    checkBytes(codes, codesOffsetBytes, n);
    checkFloats(x, xOffsetBytes, n);
    CodeKernels.add(scale, base, codes, codesOffsetBytes, x, xOffsetBytes, n);
  }

  @Override
  public void matmulAdd(
      int rows,
      int cols,
      int depth,
      MemorySegment a,
      long aOffsetBytes,
      long aRowStride,
      long aDepthStride,
      MemorySegment b,
      long bOffsetBytes,
      long bRowStride,
      MemorySegment c,
      long cOffsetBytes,
      long cRowStride) {
    checkFloats(a, aOffsetBytes, spanFloats(rows, aRowStride, depth, aDepthStride));
    checkFloats(b, bOffsetBytes, spanFloats(depth, bRowStride, cols, 1));
    checkFloats(c, cOffsetBytes, spanFloats(rows, cRowStride, cols, 1));
    MatmulKernels.matmulAdd(
        rows,
        cols,
        depth,
        a,
        aOffsetBytes,
        aRowStride * Float.BYTES,
        aDepthStride * Float.BYTES,
        b,
        bOffsetBytes,
        bRowStride * Float.BYTES,
        c,
        cOffsetBytes,
        cRowStride * Float.BYTES);
  }

  @Override
  public float expSumInPlace(float scale, float shift, MemorySegment x, long xOffsetBytes, int n) {
    checkFloats(x, xOffsetBytes, n);
    return ExpKernels.expSum(scale, shift, x, xOffsetBytes, n);
  }

  @Override
  public float normalizeMasked(
      MemorySegment x,
      long xOffsetBytes,
      MemorySegment mask,
      long maskOffsetBytes,
      MemorySegment y,
      long yOffsetBytes,
      int n) {
    checkFloats(x, xOffsetBytes, n);
    checkFloats(mask, maskOffsetBytes, n);
    checkFloats(y, yOffsetBytes, n);
    return RowKernels.normalizeMasked(x, xOffsetBytes, mask, maskOffsetBytes, y, yOffsetBytes, n);
  }

  @Override
  public void normalizeMaskedBackward(
      float inverseNorm,
      MemorySegment y,
      long yOffsetBytes,
      MemorySegment mask,
      long maskOffsetBytes,
      MemorySegment gy,
      long gyOffsetBytes,
      MemorySegment gx,
      long gxOffsetBytes,
      int n) {
    checkFloats(y, yOffsetBytes, n);
    checkFloats(mask, maskOffsetBytes, n);
    checkFloats(gy, gyOffsetBytes, n);
    checkFloats(gx, gxOffsetBytes, n);
    RowKernels.normalizeMaskedBackward(
        inverseNorm,
        y,
        yOffsetBytes,
        mask,
        maskOffsetBytes,
        gy,
        gyOffsetBytes,
        gx,
        gxOffsetBytes,
        n);
  }

  @Override
  public void adamInPlace(
      AdamStep step,
      MemorySegment w,
      long wOffsetBytes,
      MemorySegment m,
      long mOffsetBytes,
      MemorySegment v,
      long vOffsetBytes,
      MemorySegment gradient,
      long gradientOffsetBytes,
      int n) {
    checkFloats(w, wOffsetBytes, n);
    checkFloats(m, mOffsetBytes, n);
    checkFloats(v, vOffsetBytes, n);
    checkFloats(gradient, gradientOffsetBytes, n);
    OptimizerKernels.adam(
        step, w, wOffsetBytes, m, mOffsetBytes, v, vOffsetBytes, gradient, gradientOffsetBytes, n);
  }

  @Override
  public void adagradInPlace(
      float learningRate,
      float epsilon,
      float l2,
      MemorySegment w,
      long wOffsetBytes,
      MemorySegment accumulator,
      long accumulatorOffsetBytes,
      MemorySegment gradient,
      long gradientOffsetBytes,
      int n) {
    checkFloats(w, wOffsetBytes, n);
    checkFloats(accumulator, accumulatorOffsetBytes, 1);
    checkFloats(gradient, gradientOffsetBytes, n);
    if (n == 0) {
      return;
    }
    OptimizerKernels.adagrad(
        learningRate,
        epsilon,
        l2,
        w,
        wOffsetBytes,
        accumulator,
        accumulatorOffsetBytes,
        gradient,
        gradientOffsetBytes,
        n);
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
    checkBytes(tiles, tilesOffsetBytes, tileCount * VectorOps.int4TileBytes(dims));
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
    checkBytes(tiles, tilesOffsetBytes, tileCount * VectorOps.int2TileBytes(dims));
    checkFloats(out, outOffsetBytes, (long) tileCount * TILE_ROWS);
    Int2TileKernels.score(
        tiles, tilesOffsetBytes, tileCount, dims, query, queryOffsetBytes, out, outOffsetBytes);
  }

  @Override
  public int indexAbove(float threshold, MemorySegment x, long xOffsetBytes, int from, int n) {
    checkFloats(x, xOffsetBytes, n);
    return ScanKernels.indexAbove(threshold, x, xOffsetBytes, from, n);
  }

  @Override
  public void maxima(
      MemorySegment x,
      long xOffsetBytes,
      int n,
      MemorySegment out,
      long outOffsetBytes,
      int count) {
    checkFloats(x, xOffsetBytes, n);
    checkFloats(out, outOffsetBytes, count);
    ScanKernels.maxima(x, xOffsetBytes, n, out, outOffsetBytes, count);
  }

  @Override
  public float hingeSumInPlace(float margin, MemorySegment x, long xOffsetBytes, int n) {
    checkFloats(x, xOffsetBytes, n);
    return ScanKernels.hingeSum(margin, x, xOffsetBytes, n);
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
    checkFloats(user, userOffsetBytes, n);
    checkRows(positives, positivesOffsetBytes, count, items, itemsOffsetBytes, itemStride, n);
    checkRows(negatives, negativesOffsetBytes, count, items, itemsOffsetBytes, itemStride, n);
    if (n == BprRegisterKernels.FLOATS) {
      return BprRegisterKernels.steps(
          learningRate,
          l2,
          user,
          userOffsetBytes,
          items,
          itemsOffsetBytes,
          itemStride * Float.BYTES,
          positives,
          positivesOffsetBytes,
          negatives,
          negativesOffsetBytes,
          count);
    }
    return BprKernels.steps(
        learningRate,
        l2,
        user,
        userOffsetBytes,
        items,
        itemsOffsetBytes,
        itemStride * Float.BYTES,
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
    checkFloats(user, userOffsetBytes, n);
    checkRows(positives, positivesOffsetBytes, count, items, itemsOffsetBytes, itemStride, n);
    checkRows(negatives, negativesOffsetBytes, count, items, itemsOffsetBytes, itemStride, n);
    return BprCosineKernels.steps(
        learningRate,
        temperature,
        user,
        userOffsetBytes,
        items,
        itemsOffsetBytes,
        itemStride * Float.BYTES,
        positives,
        positivesOffsetBytes,
        negatives,
        negativesOffsetBytes,
        count,
        n);
  }
}
