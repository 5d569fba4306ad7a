package org.concertina.kernel.panama;

import static org.concertina.kernel.Ranges.checkBytes;
import static org.concertina.kernel.Ranges.checkFloats;
import static org.concertina.kernel.Ranges.checkSparse;
import static org.concertina.kernel.Ranges.spanFloats;

import java.lang.foreign.MemorySegment;
import org.concertina.kernel.SparseOps;

/** {@link SparseOps} in the JDK Vector API. Checks ranges, then calls the kernel. Thread-safe. */
final class PanamaSparseOps implements SparseOps {
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
}
