package org.concertina.kernel;

import static org.junit.jupiter.api.Assertions.assertThrows;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import org.junit.jupiter.api.Test;

/** {@link SparseOps#addWeightedRows}. */
interface GatherContract extends OpsContract {
  @Test
  default void addWeightedRowsIsBitExact() {
    Samples samples = new Samples(21);
    for (int n : Samples.sizes()) {
      for (int offset : Samples.offsetsFloats()) {
        for (int count : List.of(0, 1, 2, 7)) {
          gather(offset, count, samples.floats(9 * (n + offset)), samples, n);
        }
        gather(offset, 5, samples.mixed(9 * (n + offset)), samples, n);
      }
    }
  }

  private void gather(int offset, int count, float[] values, Samples samples, int n) {
    int stride = n + offset;
    int rows = 9;
    int[] indices = new int[count];
    for (int j = 0; j < count; j++) {
      indices[j] = j == 1 ? rows - 1 : samples.below(rows);
    }
    float[] weight = samples.floats(count);
    float[] expected = samples.floats(n);
    try (Arena arena = Arena.ofConfined()) {
      FloatRun out = FloatRun.of(arena, (offset + 1) % 4, expected);
      FloatRun table = FloatRun.of(arena, offset, values);
      FloatRun weights = FloatRun.of(arena, (offset + 2) % 4, weight);
      MemorySegment index = arena.allocate(4 + 4L * count, 64);
      for (int j = 0; j < count; j++) {
        index.set(ValueLayout.JAVA_INT, 4 + 4L * j, indices[j]);
        for (int k = 0; k < n; k++) {
          expected[k] = Math.fma(weight[j], values[indices[j] * stride + k], expected[k]);
        }
      }
      ops()
          .sparse()
          .addWeightedRows(
              count,
              index,
              4,
              weights.segment(),
              weights.at(),
              table.segment(),
              table.at(),
              rows,
              stride,
              out.segment(),
              out.at(),
              n);
      out.assertBits(expected, "sum of " + count + " rows of " + n);
      table.assertBits(values, "table");
      weights.assertBits(weight, "weights");
    }
  }

  @Test
  default void indicesOutsideTheTableThrowAndWriteNothing() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment memory = arena.allocate(1 << 16, 64);
      for (int n : new int[] {1, 8, 17, 64, 100, 300}) {
        for (int bad : new int[] {4, -1, Integer.MAX_VALUE, Integer.MIN_VALUE}) {
          MemorySegment indices = arena.allocateFrom(ValueLayout.JAVA_INT, 0, 3, bad);
          FloatRun out = FloatRun.of(arena, 0, new float[n]);
          FloatRun weights = FloatRun.of(arena, 0, 1f, 1f, 1f);
          assertThrows(
              IndexOutOfBoundsException.class,
              () -> addThree(indices, weights, memory, n, out),
              bad + " of " + n);
          out.assertBits(new float[n], "after " + bad);
        }
        MemorySegment two = arena.allocateFrom(ValueLayout.JAVA_INT, 0, 3);
        FloatRun out = FloatRun.of(arena, 0, new float[n]);
        FloatRun weights = FloatRun.of(arena, 0, 1f, 1f, 1f);
        assertThrows(IndexOutOfBoundsException.class, () -> addThree(two, weights, memory, n, out));
      }
    }
  }

  private void addThree(
      MemorySegment indices, FloatRun weights, MemorySegment table, int n, FloatRun out) {
    ops()
        .sparse()
        .addWeightedRows(
            3,
            indices,
            0,
            weights.segment(),
            weights.at(),
            table,
            4096,
            4,
            n,
            out.segment(),
            out.at(),
            n);
  }
}
