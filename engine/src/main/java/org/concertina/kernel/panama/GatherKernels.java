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
 * Sums of gathered rows, vectorised over the feature axis: a strip of the result stays in registers
 * while all rows go by. Every strip checks the indices, so that the first one does before anything
 * is written.
 */
final class GatherKernels {
  private static final ValueLayout.OfInt INDEX = ValueLayout.JAVA_INT_UNALIGNED;

  private GatherKernels() {}

  static void addWeightedRows(
      int count,
      MemorySegment indices,
      long indicesAt,
      MemorySegment weights,
      long weightsAt,
      MemorySegment table,
      long tableAt,
      long rows,
      long rowBytes,
      MemorySegment out,
      long outAt,
      int n) {
    int i = 0;
    for (; i + 8 * LANES <= n; i += 8 * LANES) {
      long at = (long) i * Float.BYTES;
      strip8(
          count,
          indices,
          indicesAt,
          weights,
          weightsAt,
          table,
          tableAt + at,
          rows,
          rowBytes,
          out,
          outAt + at);
    }
    for (; i + 4 * LANES <= n; i += 4 * LANES) {
      long at = (long) i * Float.BYTES;
      strip4(
          count,
          indices,
          indicesAt,
          weights,
          weightsAt,
          table,
          tableAt + at,
          rows,
          rowBytes,
          out,
          outAt + at);
    }
    for (; i + LANES <= n; i += LANES) {
      long at = (long) i * Float.BYTES;
      strip1(
          count,
          indices,
          indicesAt,
          weights,
          weightsAt,
          table,
          tableAt + at,
          rows,
          rowBytes,
          out,
          outAt + at);
    }
    for (; i < n; i++) {
      long at = (long) i * Float.BYTES;
      float sum = out.get(ELEMENT, outAt + at);
      for (int j = 0; j < count; j++) {
        long row =
            Objects.checkIndex(indices.get(INDEX, indicesAt + (long) j * Integer.BYTES), rows);
        float weight = weights.get(ELEMENT, weightsAt + (long) j * Float.BYTES);
        sum = Math.fma(weight, table.get(ELEMENT, tableAt + row * rowBytes + at), sum);
      }
      out.set(ELEMENT, outAt + at, sum);
    }
  }

  private static void strip8(
      int count,
      MemorySegment indices,
      long indicesAt,
      MemorySegment weights,
      long weightsAt,
      MemorySegment table,
      long tableAt,
      long rows,
      long rowBytes,
      MemorySegment out,
      long outAt) {
    FloatVector s0 = FloatVector.fromMemorySegment(F32, out, outAt, ORDER);
    FloatVector s1 = FloatVector.fromMemorySegment(F32, out, outAt + 1L * VECTOR_BYTES, ORDER);
    FloatVector s2 = FloatVector.fromMemorySegment(F32, out, outAt + 2L * VECTOR_BYTES, ORDER);
    FloatVector s3 = FloatVector.fromMemorySegment(F32, out, outAt + 3L * VECTOR_BYTES, ORDER);
    FloatVector s4 = FloatVector.fromMemorySegment(F32, out, outAt + 4L * VECTOR_BYTES, ORDER);
    FloatVector s5 = FloatVector.fromMemorySegment(F32, out, outAt + 5L * VECTOR_BYTES, ORDER);
    FloatVector s6 = FloatVector.fromMemorySegment(F32, out, outAt + 6L * VECTOR_BYTES, ORDER);
    FloatVector s7 = FloatVector.fromMemorySegment(F32, out, outAt + 7L * VECTOR_BYTES, ORDER);
    for (int j = 0; j < count; j++) {
      long row = Objects.checkIndex(indices.get(INDEX, indicesAt + (long) j * Integer.BYTES), rows);
      long at = tableAt + row * rowBytes;
      FloatVector w =
          FloatVector.broadcast(F32, weights.get(ELEMENT, weightsAt + (long) j * Float.BYTES));
      s0 = w.fma(FloatVector.fromMemorySegment(F32, table, at, ORDER), s0);
      s1 = w.fma(FloatVector.fromMemorySegment(F32, table, at + 1L * VECTOR_BYTES, ORDER), s1);
      s2 = w.fma(FloatVector.fromMemorySegment(F32, table, at + 2L * VECTOR_BYTES, ORDER), s2);
      s3 = w.fma(FloatVector.fromMemorySegment(F32, table, at + 3L * VECTOR_BYTES, ORDER), s3);
      s4 = w.fma(FloatVector.fromMemorySegment(F32, table, at + 4L * VECTOR_BYTES, ORDER), s4);
      s5 = w.fma(FloatVector.fromMemorySegment(F32, table, at + 5L * VECTOR_BYTES, ORDER), s5);
      s6 = w.fma(FloatVector.fromMemorySegment(F32, table, at + 6L * VECTOR_BYTES, ORDER), s6);
      s7 = w.fma(FloatVector.fromMemorySegment(F32, table, at + 7L * VECTOR_BYTES, ORDER), s7);
    }
    s0.intoMemorySegment(out, outAt, ORDER);
    s1.intoMemorySegment(out, outAt + 1L * VECTOR_BYTES, ORDER);
    s2.intoMemorySegment(out, outAt + 2L * VECTOR_BYTES, ORDER);
    s3.intoMemorySegment(out, outAt + 3L * VECTOR_BYTES, ORDER);
    s4.intoMemorySegment(out, outAt + 4L * VECTOR_BYTES, ORDER);
    s5.intoMemorySegment(out, outAt + 5L * VECTOR_BYTES, ORDER);
    s6.intoMemorySegment(out, outAt + 6L * VECTOR_BYTES, ORDER);
    s7.intoMemorySegment(out, outAt + 7L * VECTOR_BYTES, ORDER);
  }

  private static void strip4(
      int count,
      MemorySegment indices,
      long indicesAt,
      MemorySegment weights,
      long weightsAt,
      MemorySegment table,
      long tableAt,
      long rows,
      long rowBytes,
      MemorySegment out,
      long outAt) {
    FloatVector s0 = FloatVector.fromMemorySegment(F32, out, outAt, ORDER);
    FloatVector s1 = FloatVector.fromMemorySegment(F32, out, outAt + 1L * VECTOR_BYTES, ORDER);
    FloatVector s2 = FloatVector.fromMemorySegment(F32, out, outAt + 2L * VECTOR_BYTES, ORDER);
    FloatVector s3 = FloatVector.fromMemorySegment(F32, out, outAt + 3L * VECTOR_BYTES, ORDER);
    for (int j = 0; j < count; j++) {
      long row = Objects.checkIndex(indices.get(INDEX, indicesAt + (long) j * Integer.BYTES), rows);
      long at = tableAt + row * rowBytes;
      FloatVector w =
          FloatVector.broadcast(F32, weights.get(ELEMENT, weightsAt + (long) j * Float.BYTES));
      s0 = w.fma(FloatVector.fromMemorySegment(F32, table, at, ORDER), s0);
      s1 = w.fma(FloatVector.fromMemorySegment(F32, table, at + 1L * VECTOR_BYTES, ORDER), s1);
      s2 = w.fma(FloatVector.fromMemorySegment(F32, table, at + 2L * VECTOR_BYTES, ORDER), s2);
      s3 = w.fma(FloatVector.fromMemorySegment(F32, table, at + 3L * VECTOR_BYTES, ORDER), s3);
    }
    s0.intoMemorySegment(out, outAt, ORDER);
    s1.intoMemorySegment(out, outAt + 1L * VECTOR_BYTES, ORDER);
    s2.intoMemorySegment(out, outAt + 2L * VECTOR_BYTES, ORDER);
    s3.intoMemorySegment(out, outAt + 3L * VECTOR_BYTES, ORDER);
  }

  private static void strip1(
      int count,
      MemorySegment indices,
      long indicesAt,
      MemorySegment weights,
      long weightsAt,
      MemorySegment table,
      long tableAt,
      long rows,
      long rowBytes,
      MemorySegment out,
      long outAt) {
    FloatVector s0 = FloatVector.fromMemorySegment(F32, out, outAt, ORDER);
    for (int j = 0; j < count; j++) {
      long row = Objects.checkIndex(indices.get(INDEX, indicesAt + (long) j * Integer.BYTES), rows);
      long at = tableAt + row * rowBytes;
      FloatVector w =
          FloatVector.broadcast(F32, weights.get(ELEMENT, weightsAt + (long) j * Float.BYTES));
      s0 = w.fma(FloatVector.fromMemorySegment(F32, table, at, ORDER), s0);
    }
    s0.intoMemorySegment(out, outAt, ORDER);
  }
}
