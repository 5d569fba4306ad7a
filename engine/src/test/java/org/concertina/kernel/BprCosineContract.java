package org.concertina.kernel;

import static org.concertina.kernel.BprContract.doubles;
import static org.concertina.kernel.BprContract.ints;
import static org.concertina.kernel.FloatRun.assertNear;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** {@link BprOps#bprCosineInPlace}. */
interface BprCosineContract extends OpsContract {
  /** Rows of the item table; odd ones are negatives. */
  int ROWS = 14;

  float LEARNING_RATE = 0.05f;
  float TEMPERATURE = 0.4f;

  @Test
  default void rowsTurnAndKeepTheirLengths() {
    Samples samples = new Samples(10);
    try (Arena arena = Arena.ofConfined()) {
      for (int n : Samples.sizes()) {
        for (int offset : Samples.offsetsFloats()) {
          for (int count : new int[] {0, 1, 3, 8, 21}) {
            turn(arena, samples, n, offset, count);
          }
        }
      }
    }
  }

  private void turn(Arena arena, Samples samples, int n, int offset, int count) {
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
    String what = "bpr on cosines of " + n + " x " + count;
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
    int n = u.length;
    double[] liked = Arrays.copyOfRange(v, p, p + n);
    double[] other = Arrays.copyOfRange(v, q, q + n);
    double[] unitU = unit(u);
    double[] unitP = unit(liked);
    double[] unitQ = unit(other);
    double x = 0;
    for (int i = 0; i < n; i++) {
      x += unitU[i] * (unitP[i] - unitQ[i]) / TEMPERATURE;
    }
    double g = LEARNING_RATE / TEMPERATURE / (1 + Math.exp(x));
    double[] newU = new double[n];
    double[] newP = new double[n];
    double[] newQ = new double[n];
    for (int i = 0; i < n; i++) {
      newU[i] = unitU[i] + g * (unitP[i] - unitQ[i]);
      newP[i] = unitP[i] + g * unitU[i];
      newQ[i] = unitQ[i] - g * unitU[i];
    }
    newU = unit(newU);
    newP = unit(newP);
    newQ = unit(newQ);
    double lengthU = length(u);
    double lengthP = length(liked);
    double lengthQ = length(other);
    for (int i = 0; i < n; i++) {
      u[i] = newU[i] * lengthU;
      v[p + i] = newP[i] * lengthP;
      v[q + i] = newQ[i] * lengthQ;
    }
    return Math.log1p(Math.exp(-x));
  }

  private static double length(double[] row) {
    double sum = 0;
    for (double value : row) {
      sum += value * value;
    }
    return Math.sqrt(sum);
  }

  private static double[] unit(double[] row) {
    double length = length(row);
    double[] unit = row.clone();
    for (int i = 0; i < unit.length; i++) {
      unit[i] /= length;
    }
    return unit;
  }

  private double run(
      Arena arena,
      FloatRun user,
      FloatRun items,
      int stride,
      int[] positives,
      int[] negatives,
      int n) {
    return ops()
        .bpr()
        .bprCosineInPlace(
            LEARNING_RATE,
            TEMPERATURE,
            user.segment(),
            user.at(),
            items.segment(),
            items.at(),
            stride,
            ints(arena, positives),
            Integer.BYTES,
            ints(arena, negatives),
            Integer.BYTES,
            positives.length,
            n);
  }

  @Test
  default void aRowOfZerosStaysAndMovesNothing() {
    try (Arena arena = Arena.ofConfined()) {
      for (int n : new int[] {2, 64, 100}) {
        float[] ones = new float[n];
        Arrays.fill(ones, 0.5f);
        FloatRun zeroUser = FloatRun.of(arena, 0, new float[n]);
        float[] table = new float[2 * n];
        Arrays.fill(table, 0, n, 2f);
        FloatRun items = FloatRun.of(arena, 0, table);
        double loss = run(arena, zeroUser, items, n, new int[] {0}, new int[] {1}, n);
        assertNear(Math.log(2), loss, 1e-6, "loss", 0);
        zeroUser.assertBits(new float[n], "user");
        for (int i = 0; i < n; i++) {
          assertNear(2, items.get(i), 2e-6, "liked item", i);
        }
        FloatRun user = FloatRun.of(arena, 0, ones);
        run(arena, user, items, n, new int[] {1}, new int[] {0}, n);
        double length = 0;
        for (int i = 0; i < n; i++) {
          assertEquals(0, items.get(n + i), "liked item of zeros");
          length += user.get(i) * user.get(i);
        }
        assertNear(0.25 * n, length, 1e-5 * n, "squared length of the user", 0);
      }
    }
  }

  @Test
  default void nanSpreads() {
    try (Arena arena = Arena.ofConfined()) {
      FloatRun user = FloatRun.of(arena, 0, 1f, Float.NaN, 1f);
      FloatRun items = FloatRun.of(arena, 0, 1f, 1f, 1f, 2f, 2f, -2f);
      assertEquals(Double.NaN, run(arena, user, items, 3, new int[] {0}, new int[] {1}, 3), "loss");
      assertEquals(Float.NaN, items.get(0));
    }
  }

  @Test
  default void oppositeRowsAndLongStepsStayFinite() {
    try (Arena arena = Arena.ofConfined()) {
      for (float rate : new float[] {0.01f, 0.5f, 1f}) {
        FloatRun user = FloatRun.of(arena, 0, 1e4f, 0);
        FloatRun items = FloatRun.of(arena, 0, -1e-4f, 0, 1e4f, 0);
        double loss =
            ops()
                .bpr()
                .bprCosineInPlace(
                    rate,
                    0.01f,
                    user.segment(),
                    user.at(),
                    items.segment(),
                    items.at(),
                    2,
                    ints(arena, new int[16]),
                    Integer.BYTES,
                    ints(arena, new int[] {1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1}),
                    Integer.BYTES,
                    16,
                    2);
        assertTrue(Double.isFinite(loss) && loss >= 0, "loss " + loss);
        for (int i = 0; i < 4; i++) {
          assertTrue(Float.isFinite(items.get(i)), "item float " + i);
        }
      }
    }
  }

  @Test
  default void bprOnCosinesChecksIndicesBeforeItWrites() {
    float[] values = {1, 2};
    float[] table = {1, 2, 3, 4, 5, 6};
    try (Arena arena = Arena.ofConfined()) {
      FloatRun items = FloatRun.of(arena, 0, table);
      FloatRun user = FloatRun.of(arena, 0, values);
      for (int bad : new int[] {-1, Integer.MAX_VALUE, Integer.MIN_VALUE}) {
        for (boolean liked : new boolean[] {true, false}) {
          int[] good = {0, 1};
          int[] wrong = {2, bad};
          assertThrows(
              IndexOutOfBoundsException.class,
              () -> run(arena, user, items, 2, liked ? wrong : good, liked ? good : wrong, 2));
        }
      }
      user.assertBits(values, "user");
      items.assertBits(table, "items");
    }
  }
}
