package org.concertina.kernel.panama;

import static org.concertina.kernel.Ranges.checkBytes;
import static org.concertina.kernel.Ranges.checkFloats;

import java.lang.foreign.MemorySegment;
import org.concertina.kernel.RowOps;

/** {@link RowOps} in the JDK Vector API. Checks ranges, then calls the kernel. Thread-safe. */
final class PanamaRowOps implements RowOps {
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
  public float expSumInPlace(float scale, float shift, MemorySegment x, long xOffsetBytes, int n) {
    checkFloats(x, xOffsetBytes, n);
    return ExpKernels.expSum(scale, shift, x, xOffsetBytes, n);
  }

  @Override
  public float hingeSumInPlace(float margin, MemorySegment x, long xOffsetBytes, int n) {
    checkFloats(x, xOffsetBytes, n);
    return ScanKernels.hingeSum(margin, x, xOffsetBytes, n);
  }
}
