package org.concertina.kernel;

import static org.junit.jupiter.api.Assertions.assertThrows;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.api.Test;

/** {@link SparseOps#sparseMatmul}. */
interface SparseContract extends OpsContract {
  int TABLE_ROWS = 9;

  @Test
  default void sparseMatmulIsBitExact() {
    Samples samples = new Samples(31);
    for (int n : Samples.sizes()) {
      for (int offset : Samples.offsetsFloats()) {
        for (Base base : Base.values()) {
          multiply(n, offset, base, 1, samples);
          multiply(n, offset, base, 0.25f, samples);
          multiply(n, offset, base, 1 / 3f, samples);
        }
      }
    }
  }

  /** Where the rows that the product is added to come from. */
  enum Base {
    ROWS,
    ONE_ROW,
    OUT
  }

  private void multiply(int n, int offset, Base kind, float scale, Samples samples) {
    long[] pointers = pointers(2, 0, 3, 1, 0, 7, 0);
    int rows = pointers.length - 1;
    int stride = n + offset;
    int size = (int) pointers[rows];
    float[] values = samples.floats(TABLE_ROWS * stride);
    float[] weight = samples.floats(size);
    float[] start = samples.floats(rows * stride);
    float[] out = kind == Base.OUT ? start.clone() : samples.floats(rows * stride);
    float[] expected = out.clone();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment index = arena.allocate(4L * size, 4);
      for (int j = 0; j < size; j++) {
        index.setAtIndex(
            ValueLayout.JAVA_INT, j, j == 4 ? TABLE_ROWS - 1 : samples.below(TABLE_ROWS));
      }
      for (int r = 0; r < rows; r++) {
        for (int k = 0; k < n; k++) {
          float sum = start[(kind == Base.ONE_ROW ? 0 : r * stride) + k];
          for (int j = (int) pointers[r]; j < pointers[r + 1]; j++) {
            int row = index.getAtIndex(ValueLayout.JAVA_INT, j);
            sum = Math.fma(weight[j], values[row * stride + k], sum);
          }
          expected[r * stride + k] = scale * sum;
        }
      }
      FloatRun result = FloatRun.of(arena, (offset + 1) % 4, out);
      FloatRun base = kind == Base.OUT ? result : FloatRun.of(arena, (offset + 2) % 4, start);
      FloatRun table = FloatRun.of(arena, offset, values);
      MemorySegment weights = arena.allocateFrom(ValueLayout.JAVA_FLOAT, weight);
      ops()
          .sparse()
          .sparseMatmul(
              rows,
              arena.allocateFrom(ValueLayout.JAVA_LONG, pointers),
              0,
              index,
              weights,
              table.segment(),
              table.at(),
              TABLE_ROWS,
              stride,
              scale,
              base.segment(),
              base.at(),
              kind == Base.ONE_ROW ? 0 : stride,
              result.segment(),
              result.at(),
              stride,
              n);
      result.assertBits(expected, kind + ", rows of " + n);
      table.assertBits(values, "table");
      if (kind != Base.OUT) {
        base.assertBits(start, "base");
      }
    }
  }

  private static long[] pointers(long first, int... degrees) {
    long[] pointers = new long[degrees.length + 1];
    pointers[0] = first;
    for (int r = 0; r < degrees.length; r++) {
      pointers[r + 1] = pointers[r] + degrees[r];
    }
    return pointers;
  }

  @Test
  default void badIndicesAndPointersThrow() {
    for (int n : new int[] {1, 8, 17, 64, 100, 300}) {
      refuse(n, pointers(0, 2, 1), 0, TABLE_ROWS, 1);
      refuse(n, pointers(0, 2, 1), 0, 0, -1);
      refuse(n, pointers(0, 2, 1), Integer.MAX_VALUE, 0, 0);
      refuse(n, new long[] {0, 2, 1}, 0, 0, 0);
      refuse(n, new long[] {-1, 0, 1}, 0, 0, 0);
      refuse(n, new long[] {0, 1, 4}, 0, 0, 0);
      refuse(n, new long[] {0, 1, Long.MAX_VALUE}, 0, 0, 0);
    }
  }

  private void refuse(int n, long[] pointers, int... indices) {
    try (Arena arena = Arena.ofConfined()) {
      FloatRun out = FloatRun.of(arena, 0, new float[2 * n]);
      FloatRun table = FloatRun.of(arena, 0, new float[TABLE_ROWS * n]);
      MemorySegment index = arena.allocateFrom(ValueLayout.JAVA_INT, indices);
      MemorySegment weights = arena.allocateFrom(ValueLayout.JAVA_FLOAT, 1f, 1f, 1f);
      MemorySegment pointer = arena.allocateFrom(ValueLayout.JAVA_LONG, pointers);
      assertThrows(
          IndexOutOfBoundsException.class,
          () ->
              ops()
                  .sparse()
                  .sparseMatmul(
                      2,
                      pointer,
                      0,
                      index,
                      weights,
                      table.segment(),
                      table.at(),
                      TABLE_ROWS,
                      n,
                      1,
                      out.segment(),
                      out.at(),
                      n,
                      out.segment(),
                      out.at(),
                      n,
                      n));
      out.assertCanaries("after a bad index or pointer");
    }
  }
}
