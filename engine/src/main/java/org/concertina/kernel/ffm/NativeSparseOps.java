package org.concertina.kernel.ffm;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.concertina.kernel.Ranges.checkFloats;
import static org.concertina.kernel.Ranges.checkSparse;
import static org.concertina.kernel.Ranges.spanFloats;
import static org.concertina.kernel.ffm.NativeKernels.bind;
import static org.concertina.kernel.ffm.NativeKernels.checkAligned;
import static org.concertina.kernel.ffm.NativeKernels.checkWritable;
import static org.concertina.kernel.ffm.NativeKernels.unexpected;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import org.concertina.kernel.SparseOps;

/** {@link SparseOps} with a native product; rows one by one are another's. Thread-safe. */
final class NativeSparseOps implements SparseOps {
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

  private final SparseOps rest;

  /**
   * Takes the native kernel.
   *
   * @param rest does what no native kernel does
   */
  NativeSparseOps(SparseOps rest) {
    this.rest = rest;
  }

  /** Whether this tier has the kernel. */
  static boolean available() {
    return SPARSE_MATMUL != null;
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
    rest.addWeightedRows(
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
}
