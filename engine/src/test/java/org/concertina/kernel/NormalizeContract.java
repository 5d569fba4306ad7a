package org.concertina.kernel;

import static org.concertina.kernel.FloatRun.assertNear;
import static org.concertina.kernel.FloatRun.assertSameBits;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.util.Arrays;
import org.concertina.kernel.Samples.Kind;
import org.junit.jupiter.api.Test;

/** {@link RowOps#normalizeMasked} and {@link RowOps#normalizeMaskedBackward}. */
interface NormalizeContract extends OpsContract {
  @Test
  default void normalizeMaskedGivesUnitVectors() {
    Samples samples = new Samples(9);
    for (int n : Samples.sizes()) {
      for (int offset : Samples.offsetsFloats()) {
        for (Kind kind : Kind.values()) {
          normalize(offset, samples.floats(kind, n), samples.mask(n));
        }
        float[] ones = new float[n];
        Arrays.fill(ones, 1f);
        normalize(offset, samples.floats(n), ones);
        normalize(offset, samples.floats(n), new float[n]);
        if (n > 0) {
          // One element decides, and it is in the last vector or the tail.
          float[] x = new float[n];
          x[n - 1] = 1e-25f;
          normalize(offset, x, ones);
          x[0] = 3e25f;
          normalize(offset, x, ones);
        }
      }
    }
  }

  private void normalize(int offset, float[] x, float[] mask) {
    int n = x.length;
    double norm = norm(x, mask);
    boolean vanishes = norm < Float.MIN_NORMAL;
    try (Arena arena = Arena.ofConfined()) {
      FloatRun y = FloatRun.of(arena, (offset + 2) % 4, new Samples(10).floats(n));
      float inverse = normalize(arena, offset, x, mask, y);
      String what = "normalize " + n + ", norm " + norm;
      if (vanishes) {
        assertSameBits(0f, inverse, what, 0);
      } else {
        assertNear(1 / norm, inverse, 1e-6 / norm + Float.MIN_VALUE, what, 0);
      }
      for (int i = 0; i < n; i++) {
        double value = vanishes ? 0 : (double) x[i] * mask[i] / norm;
        // An inverse norm that is denormal has fewer digits.
        double tolerance = norm > 1e36 ? 1e-4 : 1e-6 * Math.abs(value) + 1e-30;
        assertNear(value, y.get(i), tolerance, what, i);
      }
      y.assertCanaries(what);
    }
  }

  private float normalize(Arena arena, int offset, float[] x, float[] mask, FloatRun y) {
    FloatRun values = FloatRun.of(arena, offset, x);
    FloatRun masks = FloatRun.of(arena, (offset + 1) % 4, mask);
    float inverse =
        ops()
            .rows()
            .normalizeMasked(
                values.segment(),
                values.at(),
                masks.segment(),
                masks.at(),
                y.segment(),
                y.at(),
                x.length);
    values.assertBits(x, "x of normalize");
    masks.assertBits(mask, "mask of normalize");
    return inverse;
  }

  private static double norm(float[] x, float[] mask) {
    double squared = 0;
    for (int i = 0; i < x.length; i++) {
      squared += (double) x[i] * mask[i] * x[i] * mask[i];
    }
    return Math.sqrt(squared);
  }

  @Test
  default void normalizeMaskedPropagatesNanAndInfinity() {
    try (Arena arena = Arena.ofConfined()) {
      for (int n = 1; n <= 40; n++) {
        for (float bad : new float[] {Float.NaN, Float.POSITIVE_INFINITY}) {
          float[] ones = new float[n];
          Arrays.fill(ones, 1f);
          float[] x = ones.clone();
          x[n - 1] = bad;
          FloatRun y = FloatRun.of(arena, 0, new float[n]);
          float inverse = normalize(arena, 0, x, ones, y);
          assertEquals(Float.isNaN(bad) ? Float.NaN : 0f, inverse);
          assertTrue(Float.isNaN(y.get(n - 1)), bad + " of " + n);
        }
      }
    }
  }

  @Test
  default void backwardMatchesItsFormula() {
    Samples samples = new Samples(11);
    for (int n : Samples.sizes()) {
      for (int offset : Samples.offsetsFloats()) {
        float[] mask = samples.mask(n);
        float[] x = samples.floats(n);
        double norm = norm(x, mask);
        float inverse = norm == 0 ? 0f : (float) (1 / norm);
        float[] y = new float[n];
        for (int i = 0; i < n; i++) {
          y[i] = x[i] * mask[i] * inverse;
        }
        float[] gy = samples.floats(n);
        float[] gx = samples.floats(n);
        double along = 0;
        for (int i = 0; i < n; i++) {
          along += (double) gy[i] * y[i];
        }
        try (Arena arena = Arena.ofConfined()) {
          FloatRun out = FloatRun.of(arena, (offset + 1) % 4, gx);
          backward(arena, offset, inverse, y, mask, gy, out);
          for (int i = 0; i < n; i++) {
            double expected = gx[i] + mask[i] * inverse * (gy[i] - along * y[i]);
            double tolerance = 1e-5 * Math.max(1, inverse);
            assertNear(expected, out.get(i), tolerance, "backward of " + n, i);
            if (mask[i] == 0) {
              assertSameBits(gx[i], out.get(i), "masked gradient", i);
            }
          }
          out.assertCanaries("backward of " + n);
        }
      }
    }
  }

  private void backward(
      Arena arena, int offset, float inverse, float[] y, float[] mask, float[] gy, FloatRun gx) {
    FloatRun ys = FloatRun.of(arena, offset, y);
    FloatRun masks = FloatRun.of(arena, (offset + 2) % 4, mask);
    FloatRun gys = FloatRun.of(arena, (offset + 3) % 4, gy);
    ops()
        .rows()
        .normalizeMaskedBackward(
            inverse,
            ys.segment(),
            ys.at(),
            masks.segment(),
            masks.at(),
            gys.segment(),
            gys.at(),
            gx.segment(),
            gx.at(),
            y.length);
    ys.assertBits(y, "y of backward");
    masks.assertBits(mask, "mask of backward");
    gys.assertBits(gy, "gy of backward");
  }

  /** The loss is {@code <gy, normalize(x)>}; its slope is measured in double. */
  @Test
  default void backwardMatchesCentralDifferences() {
    Samples samples = new Samples(12);
    for (int n : new int[] {1, 3, 7, 8, 17, 33, 64, 100, 127}) {
      float[] x = samples.floats(n);
      float[] mask = samples.mask(n);
      mask[0] = 1f;
      float[] gy = samples.floats(n);
      try (Arena arena = Arena.ofConfined()) {
        FloatRun y = FloatRun.of(arena, 0, new float[n]);
        float inverse = normalize(arena, 0, x, mask, y);
        float[] unit = new float[n];
        for (int i = 0; i < n; i++) {
          unit[i] = y.get(i);
        }
        FloatRun gx = FloatRun.of(arena, 0, new float[n]);
        backward(arena, 0, inverse, unit, mask, gy, gx);
        double h = 1e-5 / inverse;
        for (int i = 0; i < n; i++) {
          double slope = (loss(x, mask, gy, i, h) - loss(x, mask, gy, i, -h)) / (2 * h);
          assertNear(slope, gx.get(i), 1e-5 * inverse, "slope of " + n, i);
        }
      }
    }
  }

  private static double loss(float[] x, float[] mask, float[] gy, int moved, double by) {
    double squared = 0;
    double along = 0;
    for (int i = 0; i < x.length; i++) {
      double value = mask[i] * (x[i] + (i == moved ? by : 0));
      squared += value * value;
      along += gy[i] * value;
    }
    return along / Math.sqrt(squared);
  }
}
