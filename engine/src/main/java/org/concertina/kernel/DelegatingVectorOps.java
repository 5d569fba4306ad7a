package org.concertina.kernel;

import java.lang.foreign.MemorySegment;

/**
 * Operations that another provider does; a subclass does some of them itself.
 *
 * <p>Thread-safe if the delegate and the subclass are.
 */
public abstract class DelegatingVectorOps implements VectorOps {
  private final VectorOps delegate;

  /**
   * Passes everything on to {@code delegate}.
   *
   * @param delegate does what the subclass does not override
   */
  protected DelegatingVectorOps(VectorOps delegate) {
    this.delegate = delegate;
  }

  /** Who does what the subclass does not. */
  protected final VectorOps delegate() {
    return delegate;
  }

  @Override
  public int vectorBits() {
    return delegate.vectorBits();
  }

  @Override
  public float dot(MemorySegment x, long xOffsetBytes, MemorySegment y, long yOffsetBytes, int n) {
    return delegate.dot(x, xOffsetBytes, y, yOffsetBytes, n);
  }

  @Override
  public float rectifiedDot(
      MemorySegment x, long xOffsetBytes, MemorySegment w, long wOffsetBytes, int n) {
    return delegate.rectifiedDot(x, xOffsetBytes, w, wOffsetBytes, n);
  }

  @Override
  public void axpyInPlace(
      float alpha, MemorySegment x, long xOffsetBytes, MemorySegment y, long yOffsetBytes, int n) {
    delegate.axpyInPlace(alpha, x, xOffsetBytes, y, yOffsetBytes, n);
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
    delegate.addWeightedRows(
        count,
        indices,
        indicesOffsetBytes,
        weights,
        weightsOffsetBytes,
        table,
        tableOffsetBytes,
        tableRows,
        tableRowStride,
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
    delegate.sparseMatmul(
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

  @Override
  public void scaleInPlace(float alpha, MemorySegment x, long xOffsetBytes, int n) {
    delegate.scaleInPlace(alpha, x, xOffsetBytes, n);
  }

  @Override
  public void multiplyInPlace(
      MemorySegment x, long xOffsetBytes, MemorySegment y, long yOffsetBytes, int n) {
    delegate.multiplyInPlace(x, xOffsetBytes, y, yOffsetBytes, n);
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
    delegate.addCodesInPlace(scale, base, codes, codesOffsetBytes, x, xOffsetBytes, n);
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
    delegate.matmulAdd(
        rows,
        cols,
        depth,
        a,
        aOffsetBytes,
        aRowStride,
        aDepthStride,
        b,
        bOffsetBytes,
        bRowStride,
        c,
        cOffsetBytes,
        cRowStride);
  }

  @Override
  public float expSumInPlace(float scale, float shift, MemorySegment x, long xOffsetBytes, int n) {
    return delegate.expSumInPlace(scale, shift, x, xOffsetBytes, n);
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
    return delegate.normalizeMasked(x, xOffsetBytes, mask, maskOffsetBytes, y, yOffsetBytes, n);
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
    delegate.normalizeMaskedBackward(
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
    delegate.adamInPlace(
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
    delegate.adagradInPlace(
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
    delegate.scoreTilesFp32(
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
    delegate.scoreTilesInt8(
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
  public boolean screens() {
    return delegate.screens();
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
    delegate.screenTilesInt8(
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
    delegate.screenTilesInt4(
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
    delegate.screenTilesInt2(
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
  public void scoreTilesInt4(
      MemorySegment tiles,
      long tilesOffsetBytes,
      int tileCount,
      int dims,
      MemorySegment query,
      long queryOffsetBytes,
      MemorySegment out,
      long outOffsetBytes) {
    delegate.scoreTilesInt4(
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
    delegate.scoreTilesInt2(
        tiles, tilesOffsetBytes, tileCount, dims, query, queryOffsetBytes, out, outOffsetBytes);
  }

  @Override
  public int indexAbove(float threshold, MemorySegment x, long xOffsetBytes, int from, int n) {
    return delegate.indexAbove(threshold, x, xOffsetBytes, from, n);
  }

  @Override
  public void maxima(
      MemorySegment x,
      long xOffsetBytes,
      int n,
      MemorySegment out,
      long outOffsetBytes,
      int count) {
    delegate.maxima(x, xOffsetBytes, n, out, outOffsetBytes, count);
  }

  @Override
  public float hingeSumInPlace(float margin, MemorySegment x, long xOffsetBytes, int n) {
    return delegate.hingeSumInPlace(margin, x, xOffsetBytes, n);
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
    return delegate.bprInPlace(
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
    return delegate.bprCosineInPlace(
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
