package org.concertina.kernel.scalar;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.concertina.kernel.Ranges.checkBytes;
import static org.concertina.kernel.Ranges.checkFloats;
import static org.concertina.kernel.Ranges.checkRows;
import static org.concertina.kernel.Ranges.checkSparse;
import static org.concertina.kernel.Ranges.spanFloats;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Objects;
import org.concertina.kernel.AdamStep;
import org.concertina.kernel.FastExp;
import org.concertina.kernel.Norms;
import org.concertina.kernel.VectorOps;

/** {@link VectorOps} in plain Java: the definition of what each operation means. Thread-safe. */
public final class ScalarVectorOps implements VectorOps {
  private static final ValueLayout.OfFloat F32 = ValueLayout.JAVA_FLOAT_UNALIGNED;
  private static final ValueLayout.OfInt I32 = ValueLayout.JAVA_INT_UNALIGNED;
  private static final ValueLayout.OfLong I64 = ValueLayout.JAVA_LONG_UNALIGNED;

  /** Little-endian, as all memory here; big-endian hosts are refused where it is allocated. */
  private static final ValueLayout.OfShort I16 = ValueLayout.JAVA_SHORT_UNALIGNED;

  static float at(MemorySegment s, long offsetBytes, long index) {
    return s.get(F32, offsetBytes + index * Float.BYTES);
  }

  static void put(MemorySegment s, long offsetBytes, long index, float value) {
    s.set(F32, offsetBytes + index * Float.BYTES, value);
  }

  static long index(MemorySegment s, long offsetBytes, long k) {
    return s.get(ValueLayout.JAVA_INT_UNALIGNED, offsetBytes + k * Integer.BYTES);
  }

  @Override
  public String name() {
    return "scalar";
  }

  @Override
  public int vectorBits() {
    return Float.SIZE;
  }

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
    for (int k = 0; k < n; k++) {
      float sum = at(out, outOffsetBytes, k);
      for (int j = 0; j < count; j++) {
        long row =
            Objects.checkIndex(
                indices.get(I32, indicesOffsetBytes + (long) j * Integer.BYTES), tableRows);
        sum =
            Math.fma(
                at(weights, weightsOffsetBytes, j),
                at(table, tableOffsetBytes, row * tableRowStride + k),
                sum);
      }
      put(out, outOffsetBytes, k, sum);
    }
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
    for (int r = 0; r < rows; r++) {
      long pointer = pointersOffsetBytes + (long) r * Long.BYTES;
      long begin = pointers.get(I64, pointer);
      long baseRow = baseOffsetBytes + r * baseRowStride * Float.BYTES;
      long outRow = outOffsetBytes + r * outRowStride * Float.BYTES;
      MemorySegment.copy(base, baseRow, out, outRow, (long) n * Float.BYTES);
      addWeightedRows(
          Math.toIntExact(pointers.get(I64, pointer + Long.BYTES) - begin),
          indices,
          begin * Integer.BYTES,
          weights,
          begin * Float.BYTES,
          table,
          tableOffsetBytes,
          tableRows,
          tableRowStride,
          out,
          outRow,
          n);
      scaleInPlace(scale, out, outRow, n);
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
    for (int row = 0; row < rows; row++) {
      for (int col = 0; col < cols; col++) {
        float sum = at(c, cOffsetBytes, row * cRowStride + col);
        for (int k = 0; k < depth; k++) {
          sum =
              Math.fma(
                  at(a, aOffsetBytes, row * aRowStride + k * aDepthStride),
                  at(b, bOffsetBytes, k * bRowStride + col),
                  sum);
        }
        put(c, cOffsetBytes, row * cRowStride + col, sum);
      }
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
    for (int i = 0; i < n; i++) {
      float weight = at(w, wOffsetBytes, i);
      float g = Math.fma(step.l2(), weight, at(gradient, gradientOffsetBytes, i));
      float first = Math.fma(step.beta1(), at(m, mOffsetBytes, i) - g, g);
      float second = Math.fma(step.beta2(), at(v, vOffsetBytes, i) - g * g, g * g);
      put(m, mOffsetBytes, i, first);
      put(v, vOffsetBytes, i, second);
      float root = (float) Math.sqrt(second);
      put(w, wOffsetBytes, i, weight - step.stepSize() * first / (root + step.epsilon()));
    }
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
    double squared = 0;
    for (int i = 0; i < n; i++) {
      float g = Math.fma(l2, at(w, wOffsetBytes, i), at(gradient, gradientOffsetBytes, i));
      squared += (double) g * g;
    }
    float total = at(accumulator, accumulatorOffsetBytes, 0) + (float) (squared / n);
    put(accumulator, accumulatorOffsetBytes, 0, total);
    float step = learningRate / ((float) Math.sqrt(total) + epsilon);
    for (int i = 0; i < n; i++) {
      float weight = at(w, wOffsetBytes, i);
      float g = Math.fma(l2, weight, at(gradient, gradientOffsetBytes, i));
      put(w, wOffsetBytes, i, Math.fma(-step, g, weight));
    }
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
    for (int row = 0; row < tileCount * TILE_ROWS; row++) {
      long first = (long) (row / TILE_ROWS) * dims * TILE_ROWS + row % TILE_ROWS;
      float sum = 0;
      for (int k = 0; k < dims; k++) {
        float value = at(tiles, tilesOffsetBytes, first + (long) k * TILE_ROWS);
        sum = Math.fma(at(query, queryOffsetBytes, k), value, sum);
      }
      put(out, outOffsetBytes, row, sum);
    }
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
    for (int row = 0; row < tileCount * TILE_ROWS; row++) {
      long first = (long) (row / TILE_ROWS) * dims * TILE_ROWS + row % TILE_ROWS;
      float sum = 0;
      for (int k = 0; k < dims; k++) {
        byte code = tiles.get(JAVA_BYTE, tilesOffsetBytes + first + (long) k * TILE_ROWS);
        sum = Math.fma(at(query, queryOffsetBytes, k), (float) code, sum);
      }
      put(out, outOffsetBytes, row, sum * scale);
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
    checkFloats(query, queryOffsetBytes, dims);
    checkBytes(tiles, tilesOffsetBytes, tileCount * VectorOps.int4TileBytes(dims));
    checkFloats(out, outOffsetBytes, (long) tileCount * TILE_ROWS);
    for (int row = 0; row < tileCount * TILE_ROWS; row++) {
      long tile = tilesOffsetBytes + row / TILE_ROWS * VectorOps.int4TileBytes(dims);
      float sum = 0;
      float squared = 0;
      for (int k = 0; k < dims; k++) {
        long word = (long) (k / 4) * TILE_ROWS + row % TILE_ROWS;
        int codes = tiles.get(I16, tile + word * Short.BYTES);
        float code = codes << (Short.SIZE + 4 * (k % 4)) >> 28;
        sum = Math.fma(at(query, queryOffsetBytes, k), code, sum);
        squared = Math.fma(code, code, squared);
      }
      put(out, outOffsetBytes, row, sum * (1 / (float) Math.sqrt(Math.max(squared, 1))));
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
    checkFloats(query, queryOffsetBytes, dims);
    checkBytes(tiles, tilesOffsetBytes, tileCount * VectorOps.int2TileBytes(dims));
    checkFloats(out, outOffsetBytes, (long) tileCount * TILE_ROWS);
    for (int row = 0; row < tileCount * TILE_ROWS; row++) {
      long tile = tilesOffsetBytes + row / TILE_ROWS * VectorOps.int2TileBytes(dims);
      float sum = 0;
      float squared = 0;
      for (int k = 0; k < dims; k++) {
        long word = (long) (k / 8) * TILE_ROWS + row % TILE_ROWS;
        int codes = tiles.get(I16, tile + word * Short.BYTES);
        float code = 2 * (codes << (Short.SIZE + 2 * (k % 8)) >> 30) + 1;
        sum = Math.fma(at(query, queryOffsetBytes, k), code, sum);
        squared = Math.fma(code, code, squared);
      }
      put(out, outOffsetBytes, row, sum * (1 / (float) Math.sqrt(Math.max(squared, 1))));
    }
  }

  @Override
  public int indexAbove(float threshold, MemorySegment x, long xOffsetBytes, int from, int n) {
    checkFloats(x, xOffsetBytes, n);
    int i = from;
    while (i < n && !(at(x, xOffsetBytes, i) > threshold)) {
      i++;
    }
    return i;
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
    for (int j = 0; j < count; j++) {
      float largest = Float.NEGATIVE_INFINITY;
      for (int i = j; i < n; i += count) {
        float value = at(x, xOffsetBytes, i);
        largest = value > largest ? value : largest;
      }
      put(out, outOffsetBytes, j, largest);
    }
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
    return ScalarBpr.steps(
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
    return ScalarBpr.cosineSteps(
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
