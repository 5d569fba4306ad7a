package org.concertina.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.concertina.block.BlockShape;
import org.concertina.kernel.CounterRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Every form's value and gradient against its formula in double and central differences. */
class DiversityRegularizerTest {
  private static final double DIFFERENCE = 1e-6;
  private static final double WEIGHT = 0.7;

  static Stream<Arguments> formsAndShapes() {
    return Arrays.stream(DiversityForm.values())
        .flatMap(
            form ->
                IntStream.of(1, 2, 3, 8)
                    .boxed()
                    .flatMap(
                        blocks ->
                            IntStream.of(1, 4, 5)
                                .mapToObj(
                                    blockDim ->
                                        Arguments.of(form, new BlockShape(blocks, blockDim)))));
  }

  /** The formula of a form, from the distances themselves. */
  static double value(DiversityForm form, double gamma, BlockShape shape, double[] row) {
    int blocks = shape.blocks();
    double sum = 0;
    for (int m = 0; m < blocks; m++) {
      for (int n = m + 1; n < blocks; n++) {
        double squared = squaredDistance(shape, row, m, n);
        sum +=
            switch (form) {
              case RBF -> 2.0 / (blocks * (blocks - 1)) * Math.exp(-gamma * squared);
              case ADJACENT -> n == m + 1 ? -squared / (blocks - 1) : 0;
              case NONE -> 0;
            };
      }
    }
    return sum;
  }

  private static double squaredDistance(BlockShape shape, double[] row, int m, int n) {
    double left = norm(shape, row, m);
    double right = norm(shape, row, n);
    double squared = 0;
    for (int d = 0; d < shape.blockDim(); d++) {
      double a = row[m * shape.blockDim() + d] / left;
      double b = row[n * shape.blockDim() + d] / right;
      squared += (a - b) * (a - b);
    }
    return squared;
  }

  private static double norm(BlockShape shape, double[] row, int block) {
    double squared = 0;
    for (int d = 0; d < shape.blockDim(); d++) {
      double x = row[block * shape.blockDim() + d];
      squared += x * x;
    }
    return Math.sqrt(squared);
  }

  private static MemorySegment row(Arena arena, int key, int dim) {
    MemorySegment row = arena.allocate((long) dim * Float.BYTES, 64);
    for (int d = 0; d < dim; d++) {
      row.setAtIndex(ValueLayout.JAVA_FLOAT, d, (float) CounterRandom.gaussian(key, d));
    }
    return row;
  }

  private static double[] values(MemorySegment row) {
    double[] values = new double[(int) (row.byteSize() / Float.BYTES)];
    for (int d = 0; d < values.length; d++) {
      values[d] = row.getAtIndex(ValueLayout.JAVA_FLOAT, d);
    }
    return values;
  }

  private static double none(DiversityForm form) {
    return form == DiversityForm.NONE ? 0 : WEIGHT;
  }

  @ParameterizedTest
  @MethodSource("formsAndShapes")
  void gradientIsTheCentralDifferences(DiversityForm form, BlockShape shape) {
    double gamma = 1.5;
    DiversityRegularizer regularizer =
        new DiversityRegularizer(shape, new TrainConfig.Diversity(none(form), gamma, form));
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment row = row(arena, 1, shape.dim());
      MemorySegment out = row(arena, 2, shape.dim());
      double[] before = values(out);
      double[] varied = values(row);
      double actual = regularizer.addGradient(WEIGHT, row, 0, out, 0);
      assertEquals(value(form, gamma, shape, varied), actual, 1e-12);
      double[] after = values(out);
      for (int d = 0; d < varied.length; d++) {
        double at = varied[d];
        varied[d] = at + DIFFERENCE;
        double up = value(form, gamma, shape, varied);
        varied[d] = at - DIFFERENCE;
        double down = value(form, gamma, shape, varied);
        varied[d] = at;
        double expected = WEIGHT * (up - down) / (2 * DIFFERENCE);
        assertEquals(expected, after[d] - before[d], 1e-6 * Math.max(1, Math.abs(expected)));
      }
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"RBF", "ADJACENT"})
  void aStepDownThePenaltyPushesBlocksApart(DiversityForm form) {
    BlockShape shape = new BlockShape(3, 4);
    DiversityRegularizer regularizer =
        new DiversityRegularizer(shape, new TrainConfig.Diversity(1, 1, form));
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment row = row(arena, 3, shape.dim());
      double before = squaredDistance(shape, values(row), 0, 1);
      for (int step = 0; step < 100; step++) {
        MemorySegment gradient = arena.allocate(row.byteSize(), 64);
        regularizer.addGradient(1, row, 0, gradient, 0);
        for (int d = 0; d < shape.dim(); d++) {
          float moved =
              row.getAtIndex(ValueLayout.JAVA_FLOAT, d)
                  - 0.1f * gradient.getAtIndex(ValueLayout.JAVA_FLOAT, d);
          row.setAtIndex(ValueLayout.JAVA_FLOAT, d, moved);
        }
      }
      assertTrue(squaredDistance(shape, values(row), 0, 1) > before + 0.1);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aZeroBlockHasNoGradient(DiversityForm form) {
    BlockShape shape = new BlockShape(3, 4);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment row = row(arena, 4, shape.dim());
      row.asSlice(16, 16).fill((byte) 0);
      MemorySegment out = arena.allocate(row.byteSize(), 64);
      new DiversityRegularizer(shape, new TrainConfig.Diversity(0, 1, form))
          .addGradient(WEIGHT, row, 0, out, 0);
      for (int d = 0; d < shape.dim(); d++) {
        float g = out.getAtIndex(ValueLayout.JAVA_FLOAT, d);
        assertTrue(Float.isFinite(g) && (d / 4 != 1 || g == 0), d + ": " + g);
      }
    }
  }

  @Test
  void theFormNoneTakesNoWeight() {
    IllegalArgumentException refused =
        assertThrows(
            IllegalArgumentException.class,
            () -> new TrainConfig.Diversity(0.1, 1, DiversityForm.NONE));
    assertEquals("diversity weight: expected 0 with the form none, got 0.1", refused.getMessage());
    assertEquals(DiversityForm.RBF, new TrainConfig.Diversity(0, 1, null).form());
  }
}
