package org.concertina.kernel.scalar;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.concertina.kernel.Ranges.checkBytes;
import static org.concertina.kernel.Ranges.checkFloats;
import static org.concertina.kernel.scalar.Elements.at;
import static org.concertina.kernel.scalar.Elements.put;

import java.lang.foreign.MemorySegment;
import org.concertina.kernel.FastExp;
import org.concertina.kernel.Norms;
import org.concertina.kernel.RowOps;

/** {@link RowOps} in plain Java. Thread-safe. */
final class ScalarRowOps implements RowOps {
  @Override
  public float dot(MemorySegment x, long xOffsetBytes, MemorySegment y, long yOffsetBytes, int n) {
    checkFloats(x, xOffsetBytes, n);
    checkFloats(y, yOffsetBytes, n);
    double sum = 0;
    for (int i = 0; i < n; i++) {
      sum += (double) at(x, xOffsetBytes, i) * at(y, yOffsetBytes, i);
    }
    return (float) sum;
  }

  @Override
  public float rectifiedDot(
      MemorySegment x, long xOffsetBytes, MemorySegment w, long wOffsetBytes, int n) {
    checkFloats(x, xOffsetBytes, n);
    checkFloats(w, wOffsetBytes, n);
    double sum = 0;
    for (int i = 0; i < n; i++) {
      float value = at(x, xOffsetBytes, i);
      sum += (double) (value > 0 ? value : 0) * at(w, wOffsetBytes, i);
    }
    return (float) sum;
  }

  @Override
  public void axpyInPlace(
      float alpha, MemorySegment x, long xOffsetBytes, MemorySegment y, long yOffsetBytes, int n) {
    checkFloats(x, xOffsetBytes, n);
    checkFloats(y, yOffsetBytes, n);
    for (int i = 0; i < n; i++) {
      put(y, yOffsetBytes, i, Math.fma(alpha, at(x, xOffsetBytes, i), at(y, yOffsetBytes, i)));
    }
  }

  @Override
  public void scaleInPlace(float alpha, MemorySegment x, long xOffsetBytes, int n) {
    checkFloats(x, xOffsetBytes, n);
    for (int i = 0; i < n; i++) {
      put(x, xOffsetBytes, i, alpha * at(x, xOffsetBytes, i));
    }
  }

  @Override
  public void multiplyInPlace(
      MemorySegment x, long xOffsetBytes, MemorySegment y, long yOffsetBytes, int n) {
    checkFloats(x, xOffsetBytes, n);
    checkFloats(y, yOffsetBytes, n);
    for (int i = 0; i < n; i++) {
      put(y, yOffsetBytes, i, at(y, yOffsetBytes, i) * at(x, xOffsetBytes, i));
    }
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
    for (int i = 0; i < n; i++) {
      float decoded = Math.fma(scale, (float) codes.get(JAVA_BYTE, codesOffsetBytes + i), base);
      put(x, xOffsetBytes, i, at(x, xOffsetBytes, i) + decoded);
    }
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
    double squared = 0;
    for (int i = 0; i < n; i++) {
      double value = at(x, xOffsetBytes, i) * at(mask, maskOffsetBytes, i);
      squared += value * value;
    }
    float inverse = Norms.inverse(squared);
    for (int i = 0; i < n; i++) {
      put(y, yOffsetBytes, i, at(x, xOffsetBytes, i) * at(mask, maskOffsetBytes, i) * inverse);
    }
    return inverse;
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
    float along = dot(gy, gyOffsetBytes, y, yOffsetBytes, n);
    for (int i = 0; i < n; i++) {
      float g =
          at(mask, maskOffsetBytes, i)
              * inverseNorm
              * Math.fma(-along, at(y, yOffsetBytes, i), at(gy, gyOffsetBytes, i));
      put(gx, gxOffsetBytes, i, at(gx, gxOffsetBytes, i) + g);
    }
  }

  @Override
  public float expSumInPlace(float scale, float shift, MemorySegment x, long xOffsetBytes, int n) {
    checkFloats(x, xOffsetBytes, n);
    double sum = 0;
    for (int i = 0; i < n; i++) {
      float e = FastExp.exp(scale * (at(x, xOffsetBytes, i) - shift));
      put(x, xOffsetBytes, i, e);
      sum += e;
    }
    return (float) sum;
  }

  @Override
  public float hingeSumInPlace(float margin, MemorySegment x, long xOffsetBytes, int n) {
    checkFloats(x, xOffsetBytes, n);
    double sum = 0;
    for (int i = 0; i < n; i++) {
      float value = at(x, xOffsetBytes, i);
      boolean above = value > margin;
      sum += above ? value - margin : 0;
      put(x, xOffsetBytes, i, above ? 1 : 0);
    }
    return (float) sum;
  }
}
