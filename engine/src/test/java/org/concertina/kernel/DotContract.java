package org.concertina.kernel;

import static org.concertina.kernel.FloatRun.assertNear;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.util.Arrays;
import org.concertina.kernel.Samples.Kind;
import org.junit.jupiter.api.Test;

/** {@link RowOps#dot} and {@link RowOps#rectifiedDot}. */
interface DotContract extends OpsContract {
  @Test
  default void dotIsNearTheExactSum() {
    Samples samples = new Samples(1);
    try (Arena arena = Arena.ofConfined()) {
      for (Kind kind : Kind.values()) {
        for (int n : Samples.sizes()) {
          for (int offset : Samples.offsetsFloats()) {
            float[] x = samples.floats(kind, n);
            float[] y = samples.floats(kind == Kind.HUGE ? Kind.UNIFORM : kind, n);
            double sum = 0;
            double magnitude = 0;
            for (int i = 0; i < n; i++) {
              sum += (double) x[i] * y[i];
              magnitude += Math.abs((double) x[i] * y[i]);
            }
            float dot = dot(arena, offset, x, y);
            assertNear(sum, dot, 1e-5 * Math.max(1, magnitude), kind + " dot of " + n, 0);
          }
        }
      }
    }
  }

  @Test
  default void dotPropagatesNanAndInfinity() {
    try (Arena arena = Arena.ofConfined()) {
      for (int n = 1; n <= 70; n++) {
        for (int i = 0; i < n; i++) {
          float[] x = new float[n];
          float[] ones = new float[n];
          Arrays.fill(ones, 1f);
          x[i] = Float.NaN;
          assertTrue(Float.isNaN(dot(arena, 0, x, ones)), "NaN at " + i + " of " + n);
          x[i] = Float.NEGATIVE_INFINITY;
          assertEquals(Float.NEGATIVE_INFINITY, dot(arena, 0, x, ones), "at " + i + " of " + n);
          x[(i + 1) % n] = Float.POSITIVE_INFINITY;
          assertTrue(n == 1 || Float.isNaN(dot(arena, 0, x, ones)), "at " + i + " of " + n);
        }
      }
    }
  }

  @Test
  default void rectifiedDotIsNearTheExactSum() {
    Samples samples = new Samples(2);
    try (Arena arena = Arena.ofConfined()) {
      for (Kind kind : Kind.values()) {
        for (int n : Samples.sizes()) {
          for (int offset : Samples.offsetsFloats()) {
            float[] x = samples.floats(kind, n);
            float[] w = samples.floats(kind == Kind.HUGE ? Kind.UNIFORM : kind, n);
            double sum = 0;
            double magnitude = 0;
            for (int i = 0; i < n; i++) {
              sum += Math.max(0, (double) x[i]) * w[i];
              magnitude += Math.abs(Math.max(0, (double) x[i]) * w[i]);
            }
            float dot = rectifiedDot(arena, offset, x, w);
            assertNear(sum, dot, 1e-5 * Math.max(1, magnitude), kind + " rectified of " + n, 0);
          }
        }
      }
    }
  }

  @Test
  default void rectifiedDotTakesNanForZeroAndKeepsInfinity() {
    try (Arena arena = Arena.ofConfined()) {
      for (int n = 1; n <= 70; n++) {
        for (int i = 0; i < n; i++) {
          float[] x = new float[n];
          float[] ones = new float[n];
          Arrays.fill(x, -1f);
          Arrays.fill(ones, 1f);
          x[i] = Float.NaN;
          assertEquals(0f, rectifiedDot(arena, 0, x, ones), "NaN at " + i + " of " + n);
          x[i] = Float.POSITIVE_INFINITY;
          assertEquals(x[i], rectifiedDot(arena, 0, x, ones), "at " + i + " of " + n);
        }
      }
    }
  }

  private float rectifiedDot(Arena arena, int offset, float[] x, float[] w) {
    FloatRun a = FloatRun.of(arena, offset, x);
    FloatRun b = FloatRun.of(arena, (offset + 1) % 4, w);
    float dot = ops().rows().rectifiedDot(a.segment(), a.at(), b.segment(), b.at(), x.length);
    a.assertBits(x, "x of rectified dot");
    b.assertBits(w, "w of rectified dot");
    return dot;
  }

  private float dot(Arena arena, int offset, float[] x, float[] y) {
    FloatRun a = FloatRun.of(arena, offset, x);
    FloatRun b = FloatRun.of(arena, (offset + 1) % 4, y);
    float dot = ops().rows().dot(a.segment(), a.at(), b.segment(), b.at(), x.length);
    a.assertBits(x, "x of dot");
    b.assertBits(y, "y of dot");
    return dot;
  }
}
