package org.concertina.kernel;

import static org.concertina.kernel.FloatRun.assertNear;
import static org.concertina.kernel.FloatRun.assertSameBits;

import java.lang.foreign.Arena;
import org.concertina.kernel.Samples.Kind;
import org.junit.jupiter.api.Test;

/** {@link OptimizerOps#adagradInPlace}. */
interface AdagradContract extends OpsContract {
  float LEARNING_RATE = 0.02f;
  float EPSILON = 1e-8f;

  @Test
  default void adagradMatchesItsFormula() {
    Samples samples = new Samples(14);
    try (Arena arena = Arena.ofConfined()) {
      for (int n : Samples.sizes()) {
        for (int offset : Samples.offsetsFloats()) {
          for (Kind kind : Kind.values()) {
            adagrad(arena, offset, 0f, 0f, samples.floats(n), samples.floats(kind, n));
          }
          adagrad(arena, offset, 0.1f, 2.5f, samples.floats(n), samples.floats(n));
          adagrad(arena, offset, 0.1f, 1f, samples.floats(n), samples.mixed(n));
          adagrad(arena, offset, 0f, Float.NaN, samples.floats(n), samples.floats(n));
        }
      }
    }
  }

  /** The accumulator is near its formula; the weights are exactly what follows from it. */
  private void adagrad(
      Arena arena, int offset, float l2, float before, float[] w, float[] gradient) {
    int n = w.length;
    FloatRun weights = FloatRun.of(arena, offset, w);
    FloatRun accumulator = FloatRun.of(arena, (offset + 1) % 4, before);
    FloatRun gradients = FloatRun.of(arena, (offset + 2) % 4, gradient);
    adagrad(l2, weights, accumulator, gradients);
    float after = accumulator.get(0);
    String what = "adagrad of " + n;
    if (n == 0) {
      assertSameBits(before, after, what, 0);
      return;
    }
    assertAccumulator(before, after, l2, w, gradient);
    float step = LEARNING_RATE / ((float) Math.sqrt(after) + EPSILON);
    float[] expected = new float[n];
    for (int i = 0; i < n; i++) {
      expected[i] = Math.fma(-step, Math.fma(l2, w[i], gradient[i]), w[i]);
    }
    weights.assertBits(expected, what);
    accumulator.assertCanaries(what);
    gradients.assertBits(gradient, "gradient of " + what);
  }

  private static void assertAccumulator(
      float before, float after, float l2, float[] w, float[] gradient) {
    double squared = 0;
    for (int i = 0; i < w.length; i++) {
      double g = Math.fma(l2, w[i], gradient[i]);
      squared += g * g;
    }
    double expected = before + squared / w.length;
    if (Double.isNaN(expected) || expected > Float.MAX_VALUE) {
      assertSameBits((float) expected, after, "accumulator of " + w.length, 0);
    } else {
      // Squares of tiny floats vanish.
      double tolerance = 1e-5 * expected + Float.MIN_NORMAL;
      assertNear(expected, after, tolerance, "accumulator of " + w.length, 0);
    }
  }

  private void adagrad(float l2, FloatRun w, FloatRun accumulator, FloatRun gradient) {
    ops()
        .optimizers()
        .adagradInPlace(
            LEARNING_RATE,
            EPSILON,
            l2,
            w.segment(),
            w.at(),
            accumulator.segment(),
            accumulator.at(),
            gradient.segment(),
            gradient.at(),
            w.size());
  }

  /** Many steps of one row, in double. */
  @Test
  default void adagradFollowsThePaper() {
    int n = 37;
    double l2 = 0.05;
    Samples samples = new Samples(15);
    float[] start = samples.floats(n);
    double[] w = new double[n];
    for (int i = 0; i < n; i++) {
      w[i] = start[i];
    }
    double sum = 0;
    try (Arena arena = Arena.ofConfined()) {
      FloatRun weights = FloatRun.of(arena, 1, start);
      FloatRun accumulator = FloatRun.of(arena, 2, 0f);
      for (int t = 1; t <= 50; t++) {
        float[] gradient = samples.floats(n);
        adagrad((float) l2, weights, accumulator, FloatRun.of(arena, 0, gradient));
        double[] g = new double[n];
        for (int i = 0; i < n; i++) {
          g[i] = gradient[i] + l2 * w[i];
          sum += g[i] * g[i] / n;
        }
        for (int i = 0; i < n; i++) {
          w[i] -= LEARNING_RATE * g[i] / (Math.sqrt(sum) + EPSILON);
          assertNear(w[i], weights.get(i), 1e-5, "adagrad step " + t, i);
        }
      }
    }
  }
}
