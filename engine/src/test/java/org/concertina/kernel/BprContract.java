package org.concertina.kernel;

import static org.concertina.kernel.FloatRun.assertNear;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** {@link BprOps#bprInPlace}. */
interface BprContract extends OpsContract {
  /** Rows of the item table; odd ones are negatives. */
  int ROWS = 14;

  float LEARNING_RATE = 0.05f;
  float L2 = 0.02f;

  @Test
  default void bprFollowsThePaper() {
    Samples samples = new Samples(9);
    try (Arena arena = Arena.ofConfined()) {
      for (int n : Samples.sizes()) {
        for (int offset : Samples.offsetsFloats()) {
          for (int count : new int[] {0, 1, 3, 8, 21}) {
            bpr(arena, samples, n, offset, count);
          }
        }
      }
    }
  }

  private void bpr(Arena arena, Samples samples, int n, int offset, int count) {
    int stride = n + 3;
    float[] user = samples.floats(n);
    float[] items = samples.floats(ROWS * stride);
    int[] positives = new int[count];
    int[] negatives = new int[count];
    for (int k = 0; k < count; k++) {
      positives[k] = 2 * samples.below(ROWS / 2);
      negatives[k] = 2 * samples.below(ROWS / 2) + 1;
    }
    FloatRun userRun = FloatRun.of(arena, offset, user);
    FloatRun itemRun = FloatRun.of(arena, (offset + 1) % 4, items);
    double loss = run(arena, userRun, itemRun, stride, positives, negatives, n);
    double[] u = doubles(user);
    double[] v = doubles(items);
    double expected = 0;
    for (int k = 0; k < count; k++) {
      expected += step(u, v, positives[k] * stride, negatives[k] * stride);
    }
    String what = "bpr of " + n + " x " + count;
    assertNear(expected, loss, 1e-5 * Math.max(1, expected), what, 0);
    for (int i = 0; i < n; i++) {
      assertNear(u[i], userRun.get(i), 2e-5, what + ", user", i);
    }
    for (int i = 0; i < items.length; i++) {
      assertNear(v[i], itemRun.get(i), 2e-5, what + ", items", i);
    }
    userRun.assertCanaries(what);
    itemRun.assertCanaries(what);
  }

  /** One step in double; returns the loss. */
  private static double step(double[] u, double[] v, int p, int q) {
    double x = 0;
    for (int i = 0; i < u.length; i++) {
      x += u[i] * (v[p + i] - v[q + i]);
    }
    double slope = 1 / (1 + Math.exp(x));
    for (int i = 0; i < u.length; i++) {
      double user = u[i];
      double difference = v[p + i] - v[q + i];
      u[i] += LEARNING_RATE * (slope * difference - L2 * user);
      v[p + i] += LEARNING_RATE * (slope * user - L2 * v[p + i]);
      v[q + i] += LEARNING_RATE * (-slope * user - L2 * v[q + i]);
    }
    return Math.log1p(Math.exp(-x));
  }

  private double run(
      Arena arena,
      FloatRun user,
      FloatRun items,
      int stride,
      int[] positives,
      int[] negatives,
      int n) {
    MemorySegment p = ints(arena, positives);
    MemorySegment q = ints(arena, negatives);
    return ops()
        .bpr()
        .bprInPlace(
            LEARNING_RATE,
            L2,
            user.segment(),
            user.at(),
            items.segment(),
            items.at(),
            stride,
            p,
            Integer.BYTES,
            q,
            Integer.BYTES,
            positives.length,
            n);
  }

  /** Starts at the second int, and ends where the segment ends. */
  static MemorySegment ints(Arena arena, int[] values) {
    MemorySegment segment = arena.allocate((values.length + 1L) * Integer.BYTES, Integer.BYTES);
    for (int i = 0; i < values.length; i++) {
      segment.setAtIndex(ValueLayout.JAVA_INT, i + 1, values[i]);
    }
    return segment;
  }

  /** The same numbers. */
  static double[] doubles(float[] values) {
    double[] copy = new double[values.length];
    for (int i = 0; i < copy.length; i++) {
      copy[i] = values[i];
    }
    return copy;
  }

  @Test
  default void bprOfNanIsNan() {
    try (Arena arena = Arena.ofConfined()) {
      FloatRun user = FloatRun.of(arena, 0, 1f, Float.NaN, 1f);
      FloatRun items = FloatRun.of(arena, 0, 1f, 1f, 1f, 2f, 2f, 2f);
      double loss = run(arena, user, items, 3, new int[] {0}, new int[] {1}, 3);
      assertEquals(Double.NaN, loss);
      assertEquals(Float.NaN, items.get(0));
    }
  }

  @Test
  default void bprOfScoresFarApartStaysFinite() {
    try (Arena arena = Arena.ofConfined()) {
      for (float scale : new float[] {-1e4f, 1e4f}) {
        FloatRun user = FloatRun.of(arena, 0, scale);
        FloatRun items = FloatRun.of(arena, 0, 10f, -10f);
        int[] positives = new int[16];
        int[] negatives = new int[16];
        Arrays.fill(negatives, 1);
        double loss = run(arena, user, items, 1, positives, negatives, 1);
        assertEquals(true, Double.isFinite(loss) && loss >= 0, "loss " + loss);
      }
    }
  }

  @Test
  default void bprChecksIndicesBeforeItWrites() {
    float[] user = {1, 2};
    float[] table = {1, 2, 3, 4, 5, 6};
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment items = arena.allocate(24, 4).copyFrom(MemorySegment.ofArray(table));
      FloatRun row = FloatRun.of(arena, 0, user);
      for (int bad : new int[] {-1, 3, Integer.MAX_VALUE, Integer.MIN_VALUE}) {
        MemorySegment good = ints(arena, new int[] {0, 1});
        MemorySegment wrong = ints(arena, new int[] {2, bad});
        assertRefused(row, items, good, wrong, 2);
        assertRefused(row, items, wrong, good, 2);
      }
      MemorySegment two = ints(arena, new int[] {0, 1});
      assertRefused(row, items, two, ints(arena, new int[] {2, 2, 2}), 3);
      assertRefused(row, items, ints(arena, new int[] {2, 2, 2}), two, 3);
      assertRefused(row, items, two, ints(arena, new int[] {2, 2}), -1);
      row.assertBits(user, "user");
      for (int i = 0; i < table.length; i++) {
        assertEquals(table[i], items.getAtIndex(ValueLayout.JAVA_FLOAT, i));
      }
    }
  }

  private void assertRefused(
      FloatRun user, MemorySegment items, MemorySegment p, MemorySegment q, int count) {
    assertThrows(
        IndexOutOfBoundsException.class,
        () ->
            ops()
                .bpr()
                .bprInPlace(1, 0, user.segment(), user.at(), items, 0, 2, p, 4, q, 4, count, 2));
  }
}
