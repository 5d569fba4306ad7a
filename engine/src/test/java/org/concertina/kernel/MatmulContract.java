package org.concertina.kernel;

import java.lang.foreign.Arena;
import java.util.Arrays;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;

/** {@link MatmulOps#matmulAdd}. */
interface MatmulContract extends OpsContract {
  /**
   * A product's sizes and strides in floats.
   *
   * @param rows of A and C
   * @param cols of B and C
   * @param depth columns of A, rows of B
   * @param aRow stride of A's rows
   * @param aDepth stride of A's columns
   * @param bRow stride of B's rows
   * @param cRow stride of C's rows
   */
  record Shape(int rows, int cols, int depth, int aRow, int aDepth, int bRow, int cRow) {
    private static int span(int rows, int rowStride, int cols, int colStride) {
      return rows == 0 || cols == 0 ? 0 : (rows - 1) * rowStride + (cols - 1) * colStride + 1;
    }

    int aFloats() {
      return span(rows, aRow, depth, aDepth);
    }

    int bFloats() {
      return span(depth, bRow, cols, 1);
    }

    int cFloats() {
      return span(rows, cRow, cols, 1);
    }
  }

  @Test
  default void matmulAddIsBitExactAtAwkwardSizes() {
    Samples samples = new Samples(5);
    for (int rows : new int[] {0, 1, 2, 5, 6, 7, 11, 12, 13, 19}) {
      for (int cols : new int[] {0, 1, 3, 4, 7, 8, 9, 15, 16, 17, 31, 32, 33, 48, 63, 64, 65}) {
        for (int depth : new int[] {0, 1, 2, 3, 17}) {
          matmulInEveryLayout(rows, cols, depth, samples);
        }
      }
    }
    matmulInEveryLayout(64, 100, 64, samples);
    matmulInEveryLayout(25, 127, 207, samples);
    matmulInEveryLayout(53, 171, 300, samples);
  }

  private void matmulInEveryLayout(int rows, int cols, int depth, Samples samples) {
    IntFunction<float[]> values = samples::floats;
    // Row-major, transposed, both with padding, and strides that interleave nothing.
    matmul(new Shape(rows, cols, depth, depth, 1, cols, cols), 0, values);
    matmul(new Shape(rows, cols, depth, 1, rows, cols, cols), 1, values);
    matmul(new Shape(rows, cols, depth, depth + 3, 1, cols + 5, cols + 2), 3, values);
    matmul(new Shape(rows, cols, depth, 1, rows + 5, cols + 1, cols + 7), 0, values);
    matmul(new Shape(rows, cols, depth, 3, 3 * rows + 2, cols + 16, cols + 1), 1, values);
  }

  @Test
  default void matmulAddReadsSharedRowsOfAnyOperand() {
    IntFunction<float[]> values = new Samples(6)::floats;
    matmul(new Shape(13, 33, 9, 0, 1, 33, 33), 0, values);
    matmul(new Shape(13, 33, 9, 9, 0, 33, 33), 0, values);
    matmul(new Shape(13, 33, 9, 9, 1, 0, 33), 0, values);
    matmul(new Shape(53, 33, 9, 9, 1, 0, 33), 0, values);
  }

  @Test
  default void matmulAddPropagatesSpecialValues() {
    Samples samples = new Samples(7);
    for (int repeat = 0; repeat < 20; repeat++) {
      matmul(new Shape(13, 53, 3, 3, 1, 53, 53), 0, samples::mixed);
      matmul(new Shape(13, 53, 3, 1, 13, 53, 53), 0, samples::mixed);
    }
    for (Samples.Kind kind : Samples.Kind.values()) {
      matmul(new Shape(13, 53, 7, 7, 1, 53, 53), 3, n -> samples.floats(kind, n));
    }
  }

  private void matmul(Shape s, int offset, IntFunction<float[]> values) {
    float[] a = values.apply(s.aFloats());
    float[] b = values.apply(s.bFloats());
    float[] c = values.apply(s.cFloats());
    try (Arena arena = Arena.ofConfined()) {
      FloatRun aRun = FloatRun.of(arena, offset, a);
      FloatRun bRun = FloatRun.of(arena, (offset + 1) % 4, b);
      FloatRun cRun = FloatRun.of(arena, (offset + 2) % 4, c);
      ops()
          .matmul()
          .matmulAdd(
              s.rows,
              s.cols,
              s.depth,
              aRun.segment(),
              aRun.at(),
              s.aRow,
              s.aDepth,
              bRun.segment(),
              bRun.at(),
              s.bRow,
              cRun.segment(),
              cRun.at(),
              s.cRow);
      cRun.assertBits(product(s, a, b, c), s.toString());
      aRun.assertBits(a, "A of " + s);
      bRun.assertBits(b, "B of " + s);
    }
  }

  private static float[] product(Shape s, float[] a, float[] b, float[] c) {
    float[] expected = Arrays.copyOf(c, c.length);
    for (int row = 0; row < s.rows; row++) {
      for (int col = 0; col < s.cols; col++) {
        float sum = c[row * s.cRow + col];
        for (int k = 0; k < s.depth; k++) {
          sum = Math.fma(a[row * s.aRow + k * s.aDepth], b[k * s.bRow + col], sum);
        }
        expected[row * s.cRow + col] = sum;
      }
    }
    return expected;
  }
}
