package org.concertina.kernel.scalar;

import static org.concertina.kernel.Ranges.checkBytes;
import static org.concertina.kernel.Ranges.checkFloats;
import static org.concertina.kernel.Ranges.checkSparse;
import static org.concertina.kernel.Ranges.spanFloats;
import static org.concertina.kernel.scalar.Elements.at;
import static org.concertina.kernel.scalar.Elements.put;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Objects;
import org.concertina.kernel.SparseOps;

/** {@link SparseOps} in plain Java. Thread-safe. */
final class ScalarSparseOps implements SparseOps {
  private static final ValueLayout.OfInt I32 = ValueLayout.JAVA_INT_UNALIGNED;
  private static final ValueLayout.OfLong I64 = ValueLayout.JAVA_LONG_UNALIGNED;

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
      for (int k = 0; k < n; k++) {
        put(out, outRow, k, scale * at(out, outRow, k));
      }
    }
  }
}
