package org.concertina.kernel;

import static org.concertina.kernel.FloatRun.assertNear;
import static org.concertina.kernel.FloatRun.assertSameBits;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.lang.foreign.Arena;
import org.junit.jupiter.api.Test;

/** {@link RowOps#expSumInPlace}. */
interface ExpContract extends OpsContract {
  @Test
  default void expIsNearMathExpOnItsWholeRange() {
    int n = 1 << 20;
    float[] x = new float[n];
    double step = (double) (FastExp.MAX_ARGUMENT - FastExp.MIN_ARGUMENT) / (n - 1);
    for (int i = 0; i < n; i++) {
      x[i] = (float) (FastExp.MIN_ARGUMENT + i * step);
    }
    try (Arena arena = Arena.ofConfined()) {
      FloatRun run = FloatRun.of(arena, 0, x);
      float sum = ops().rows().expSumInPlace(1f, 0f, run.segment(), run.at(), n);
      assertTrue(sum > 0, "sum overflows to infinity at most");
      for (int i = 0; i < n; i++) {
        double exact = Math.exp(x[i]);
        if (!(Math.abs(run.get(i) - exact) < FastExp.MAX_RELATIVE_ERROR * exact)) {
          fail("exp(%s): expected %s, got %s".formatted(x[i], exact, run.get(i)));
        }
      }
      run.assertCanaries("exp");
    }
  }

  /** Where the nearest power of two changes, the polynomial is at its ends. */
  @Test
  default void expIsNearMathExpWhereTheExponentChanges() {
    try (Arena arena = Arena.ofConfined()) {
      for (int half = -247; half <= 253; half += 2) {
        float[] x = new float[65];
        x[0] = (float) (half / 2.0 * Math.log(2)) - 32 * Math.ulp((float) half / 3);
        for (int i = 1; i < x.length; i++) {
          x[i] = Math.nextUp(x[i - 1]);
        }
        FloatRun run = FloatRun.of(arena, 1, x);
        ops().rows().expSumInPlace(1f, 0f, run.segment(), run.at(), x.length);
        for (int i = 0; i < x.length; i++) {
          double exact = Math.exp(x[i]);
          assertNear(exact, run.get(i), FastExp.MAX_RELATIVE_ERROR * exact, "exp of " + x[i], i);
        }
      }
    }
  }

  @Test
  default void expSumGivesTheBitsOfFastExpAndTheirSum() {
    Samples samples = new Samples(8);
    try (Arena arena = Arena.ofConfined()) {
      for (int n : Samples.sizes()) {
        for (int offset : Samples.offsetsFloats()) {
          for (float scale : new float[] {0f, 1f, -20f, 7.5f}) {
            float[] x = samples.floats(n);
            float shift = samples.uniform();
            FloatRun run = FloatRun.of(arena, offset, x);
            float sum = ops().rows().expSumInPlace(scale, shift, run.segment(), run.at(), n);
            double exactSum = 0;
            for (int i = 0; i < n; i++) {
              x[i] = FastExp.exp(scale * (x[i] - shift));
              exactSum += x[i];
            }
            run.assertBits(x, "exp of " + n);
            assertNear(exactSum, sum, 1e-5 * exactSum, "sum of " + n, 0);
          }
        }
      }
    }
  }

  @Test
  default void expClampsItsArgument() {
    float low = FastExp.exp(FastExp.MIN_ARGUMENT);
    float high = FastExp.exp(FastExp.MAX_ARGUMENT);
    assertTrue(low >= Float.MIN_NORMAL, "every result is normal");
    float[] below = {
      -86f, Math.nextDown(-86f), -87f, -1e10f, -Float.MAX_VALUE, Float.NEGATIVE_INFINITY
    };
    float[] above = {88f, Math.nextUp(88f), 89f, 1e10f, Float.MAX_VALUE, Float.POSITIVE_INFINITY};
    try (Arena arena = Arena.ofConfined()) {
      for (int n = 1; n <= 40; n++) {
        for (int k = 0; k < below.length; k++) {
          float[] x = new float[n];
          x[n - 1] = below[k];
          FloatRun run = FloatRun.of(arena, 0, x);
          ops().rows().expSumInPlace(1f, 0f, run.segment(), run.at(), n);
          assertSameBits(low, run.get(n - 1), "exp of " + below[k], n - 1);
          x[n - 1] = above[k];
          run = FloatRun.of(arena, 0, x);
          ops().rows().expSumInPlace(1f, 0f, run.segment(), run.at(), n);
          assertSameBits(high, run.get(n - 1), "exp of " + above[k], n - 1);
        }
      }
    }
  }

  /** NaNs of all payloads, also such as only a bit pattern or a CPU makes. */
  @Test
  default void expPropagatesNan() {
    int[] nans = {
      0x7fc00000, 0x7fc00001, 0x7fc001ff, 0x7fffffff, 0xffc00000, 0xffffffff, 0x7f800001
    };
    try (Arena arena = Arena.ofConfined()) {
      for (int bits : nans) {
        for (int n = 1; n <= 40; n++) {
          float[] x = new float[n];
          x[n / 2] = Float.intBitsToFloat(bits);
          FloatRun run = FloatRun.of(arena, 0, x);
          float sum = ops().rows().expSumInPlace(1f, 0f, run.segment(), run.at(), n);
          for (int i = 0; i < n; i++) {
            assertEquals(i == n / 2 ? Float.NaN : 1f, run.get(i), "NaN of bits %x".formatted(bits));
          }
          assertEquals(Float.NaN, sum);
        }
      }
    }
  }
}
