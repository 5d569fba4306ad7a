package org.concertina.kernel;

import java.lang.foreign.MemorySegment;

/**
 * Products of sparse matrices and tables.
 *
 * <p>Offsets are in bytes, strides and sizes in floats unless the name says otherwise; see {@link
 * VectorOps} for what holds of all operations.
 */
public interface SparseOps {
  /**
   * {@code out += sum over j < count of weights[j] * table[indices[j]]}, the rows of a sparse
   * product. Bit-exact: every element is {@code fma(weights[j], table[indices[j], k], out[k])} in
   * the order of {@code j}.
   *
   * <p>{@code out} may be other columns of the table's own rows.
   *
   * @param indices {@code count} ints
   * @param weights {@code count} floats
   * @param tableRows rows of the table
   * @param tableRowStride floats from one of its rows to the next
   * @param n floats of a row
   * @throws IndexOutOfBoundsException if an index is not below {@code tableRows}; if {@code n > 0},
   *     nothing was written then
   */
  void addWeightedRows(
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
      int n);

  /**
   * Rows of a sparse product: {@code out[r] = scale * (base[r] + sum over j of weights[j] *
   * table[indices[j]])} with {@code j} from {@code pointers[r]} to {@code pointers[r + 1] - 1}, for
   * {@code r < rows}. Bit-exact: every element is {@code fma(weights[j], table[indices[j], k],
   * sum)} in the order of {@code j}, then {@code scale * sum}.
   *
   * <p>{@code base} may be {@code out} itself, or one row for all with a stride of 0; {@code out}
   * may be other columns of the table's own rows.
   *
   * @param pointers {@code rows + 1} longs that do not descend; positions in indices and weights
   * @param indices ints from the segment's start
   * @param weights floats from the segment's start
   * @param tableRows rows of the table
   * @param tableRowStride floats from one of its rows to the next
   * @param n floats of a row
   * @throws IndexOutOfBoundsException if an index is not below {@code tableRows} or a pointer is
   *     outside; rows before the bad one may have been written then
   */
  void sparseMatmul(
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
      int n);
}
