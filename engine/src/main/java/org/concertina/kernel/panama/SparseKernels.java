package org.concertina.kernel.panama;

import static org.concertina.kernel.panama.PanamaSpecies.ELEMENT;
import static org.concertina.kernel.panama.PanamaSpecies.F32;
import static org.concertina.kernel.panama.PanamaSpecies.LANES;
import static org.concertina.kernel.panama.PanamaSpecies.ORDER;
import static org.concertina.kernel.panama.PanamaSpecies.VECTOR_BYTES;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Objects;
import jdk.incubator.vector.FloatVector;

/**
 * Rows of sparse products, vectorised over the feature axis: a strip of the result stays in
 * registers while its row's entries go by. One call takes many rows, because checks and the call
 * cost as much as a short row.
 */
final class SparseKernels {
  private static final ValueLayout.OfInt INDEX = ValueLayout.JAVA_INT_UNALIGNED;
  private static final ValueLayout.OfLong POINTER = ValueLayout.JAVA_LONG_UNALIGNED;

  private SparseKernels() {}

  /** {@code out = scale (base + W table)}, rows of W as compressed sparse rows. */
  static void matmul(
      int rows,
      MemorySegment pointers,
      long pointersAt,
      MemorySegment indices,
      MemorySegment weights,
      MemorySegment table,
      long tableAt,
      long tableRows,
      long tableRowBytes,
      float scale,
      MemorySegment base,
      long baseAt,
      long baseRowBytes,
      MemorySegment out,
      long outAt,
      long outRowBytes,
      int n) {
    long begin = pointers.get(POINTER, pointersAt);
    for (int r = 0; r < rows; r++) {
      long end = pointers.get(POINTER, pointersAt + (r + 1L) * Long.BYTES);
      row(
          begin,
          end,
          indices,
          0,
          weights,
          0,
          table,
          tableAt,
          tableRows,
          tableRowBytes,
          scale,
          base,
          baseAt + r * baseRowBytes,
          out,
          outAt + r * outRowBytes,
          n);
      begin = end;
    }
  }

  /**
   * One row, of the entries {@code begin} to {@code end}; {@code base} may be {@code out}. Every
   * strip checks the indices, so that the first one does before anything is written.
   */
  static void row(
      long begin,
      long end,
      MemorySegment indices,
      long indicesAt,
      MemorySegment weights,
      long weightsAt,
      MemorySegment table,
      long tableAt,
      long tableRows,
      long tableRowBytes,
      float scale,
      MemorySegment base,
      long baseAt,
      MemorySegment out,
      long outAt,
      int n) {
    int i = 0;
    for (; i + 8 * LANES <= n; i += 8 * LANES) {
      long at = (long) i * Float.BYTES;
      strip8(
          begin,
          end,
          indices,
          indicesAt,
          weights,
          weightsAt,
          table,
          tableAt + at,
          tableRows,
          tableRowBytes,
          scale,
          base,
          baseAt + at,
          out,
          outAt + at);
    }
    for (; i + 4 * LANES <= n; i += 4 * LANES) {
      long at = (long) i * Float.BYTES;
      strip4(
          begin,
          end,
          indices,
          indicesAt,
          weights,
          weightsAt,
          table,
          tableAt + at,
          tableRows,
          tableRowBytes,
          scale,
          base,
          baseAt + at,
          out,
          outAt + at);
    }
    for (; i + LANES <= n; i += LANES) {
      long at = (long) i * Float.BYTES;
      strip1(
          begin,
          end,
          indices,
          indicesAt,
          weights,
          weightsAt,
          table,
          tableAt + at,
          tableRows,
          tableRowBytes,
          scale,
          base,
          baseAt + at,
          out,
          outAt + at);
    }
    for (; i < n; i++) {
      long at = (long) i * Float.BYTES;
      float sum = base.get(ELEMENT, baseAt + at);
      for (long j = begin; j < end; j++) {
        long row = Objects.checkIndex(indices.get(INDEX, indicesAt + j * Integer.BYTES), tableRows);
        float weight = weights.get(ELEMENT, weightsAt + j * Float.BYTES);
        sum = Math.fma(weight, table.get(ELEMENT, tableAt + row * tableRowBytes + at), sum);
      }
      out.set(ELEMENT, outAt + at, scale * sum);
    }
  }

  private static void strip8(
      long begin,
      long end,
      MemorySegment indices,
      long indicesAt,
      MemorySegment weights,
      long weightsAt,
      MemorySegment table,
      long tableAt,
      long tableRows,
      long tableRowBytes,
      float scale,
      MemorySegment base,
      long baseAt,
      MemorySegment out,
      long outAt) {
    FloatVector s0 = FloatVector.fromMemorySegment(F32, base, baseAt, ORDER);
    FloatVector s1 = FloatVector.fromMemorySegment(F32, base, baseAt + 1L * VECTOR_BYTES, ORDER);
    FloatVector s2 = FloatVector.fromMemorySegment(F32, base, baseAt + 2L * VECTOR_BYTES, ORDER);
    FloatVector s3 = FloatVector.fromMemorySegment(F32, base, baseAt + 3L * VECTOR_BYTES, ORDER);
    FloatVector s4 = FloatVector.fromMemorySegment(F32, base, baseAt + 4L * VECTOR_BYTES, ORDER);
    FloatVector s5 = FloatVector.fromMemorySegment(F32, base, baseAt + 5L * VECTOR_BYTES, ORDER);
    FloatVector s6 = FloatVector.fromMemorySegment(F32, base, baseAt + 6L * VECTOR_BYTES, ORDER);
    FloatVector s7 = FloatVector.fromMemorySegment(F32, base, baseAt + 7L * VECTOR_BYTES, ORDER);
    for (long j = begin; j < end; j++) {
      long row = Objects.checkIndex(indices.get(INDEX, indicesAt + j * Integer.BYTES), tableRows);
      long at = tableAt + row * tableRowBytes;
      FloatVector w = FloatVector.broadcast(F32, weights.get(ELEMENT, weightsAt + j * Float.BYTES));
      s0 = w.fma(FloatVector.fromMemorySegment(F32, table, at, ORDER), s0);
      s1 = w.fma(FloatVector.fromMemorySegment(F32, table, at + 1L * VECTOR_BYTES, ORDER), s1);
      s2 = w.fma(FloatVector.fromMemorySegment(F32, table, at + 2L * VECTOR_BYTES, ORDER), s2);
      s3 = w.fma(FloatVector.fromMemorySegment(F32, table, at + 3L * VECTOR_BYTES, ORDER), s3);
      s4 = w.fma(FloatVector.fromMemorySegment(F32, table, at + 4L * VECTOR_BYTES, ORDER), s4);
      s5 = w.fma(FloatVector.fromMemorySegment(F32, table, at + 5L * VECTOR_BYTES, ORDER), s5);
      s6 = w.fma(FloatVector.fromMemorySegment(F32, table, at + 6L * VECTOR_BYTES, ORDER), s6);
      s7 = w.fma(FloatVector.fromMemorySegment(F32, table, at + 7L * VECTOR_BYTES, ORDER), s7);
    }
    s0.mul(scale).intoMemorySegment(out, outAt, ORDER);
    s1.mul(scale).intoMemorySegment(out, outAt + 1L * VECTOR_BYTES, ORDER);
    s2.mul(scale).intoMemorySegment(out, outAt + 2L * VECTOR_BYTES, ORDER);
    s3.mul(scale).intoMemorySegment(out, outAt + 3L * VECTOR_BYTES, ORDER);
    s4.mul(scale).intoMemorySegment(out, outAt + 4L * VECTOR_BYTES, ORDER);
    s5.mul(scale).intoMemorySegment(out, outAt + 5L * VECTOR_BYTES, ORDER);
    s6.mul(scale).intoMemorySegment(out, outAt + 6L * VECTOR_BYTES, ORDER);
    s7.mul(scale).intoMemorySegment(out, outAt + 7L * VECTOR_BYTES, ORDER);
  }

  private static void strip4(
      long begin,
      long end,
      MemorySegment indices,
      long indicesAt,
      MemorySegment weights,
      long weightsAt,
      MemorySegment table,
      long tableAt,
      long tableRows,
      long tableRowBytes,
      float scale,
      MemorySegment base,
      long baseAt,
      MemorySegment out,
      long outAt) {
    FloatVector s0 = FloatVector.fromMemorySegment(F32, base, baseAt, ORDER);
    FloatVector s1 = FloatVector.fromMemorySegment(F32, base, baseAt + 1L * VECTOR_BYTES, ORDER);
    FloatVector s2 = FloatVector.fromMemorySegment(F32, base, baseAt + 2L * VECTOR_BYTES, ORDER);
    FloatVector s3 = FloatVector.fromMemorySegment(F32, base, baseAt + 3L * VECTOR_BYTES, ORDER);
    for (long j = begin; j < end; j++) {
      long row = Objects.checkIndex(indices.get(INDEX, indicesAt + j * Integer.BYTES), tableRows);
      long at = tableAt + row * tableRowBytes;
      FloatVector w = FloatVector.broadcast(F32, weights.get(ELEMENT, weightsAt + j * Float.BYTES));
      s0 = w.fma(FloatVector.fromMemorySegment(F32, table, at, ORDER), s0);
      s1 = w.fma(FloatVector.fromMemorySegment(F32, table, at + 1L * VECTOR_BYTES, ORDER), s1);
      s2 = w.fma(FloatVector.fromMemorySegment(F32, table, at + 2L * VECTOR_BYTES, ORDER), s2);
      s3 = w.fma(FloatVector.fromMemorySegment(F32, table, at + 3L * VECTOR_BYTES, ORDER), s3);
    }
    s0.mul(scale).intoMemorySegment(out, outAt, ORDER);
    s1.mul(scale).intoMemorySegment(out, outAt + 1L * VECTOR_BYTES, ORDER);
    s2.mul(scale).intoMemorySegment(out, outAt + 2L * VECTOR_BYTES, ORDER);
    s3.mul(scale).intoMemorySegment(out, outAt + 3L * VECTOR_BYTES, ORDER);
  }

  private static void strip1(
      long begin,
      long end,
      MemorySegment indices,
      long indicesAt,
      MemorySegment weights,
      long weightsAt,
      MemorySegment table,
      long tableAt,
      long tableRows,
      long tableRowBytes,
      float scale,
      MemorySegment base,
      long baseAt,
      MemorySegment out,
      long outAt) {
    FloatVector s0 = FloatVector.fromMemorySegment(F32, base, baseAt, ORDER);
    for (long j = begin; j < end; j++) {
      long row = Objects.checkIndex(indices.get(INDEX, indicesAt + j * Integer.BYTES), tableRows);
      long at = tableAt + row * tableRowBytes;
      FloatVector w = FloatVector.broadcast(F32, weights.get(ELEMENT, weightsAt + j * Float.BYTES));
      s0 = w.fma(FloatVector.fromMemorySegment(F32, table, at, ORDER), s0);
    }
    s0.mul(scale).intoMemorySegment(out, outAt, ORDER);
  }
}
