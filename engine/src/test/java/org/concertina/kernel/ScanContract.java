package org.concertina.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.foreign.Arena;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** {@link ScanOps#indexAbove}, {@link ScanOps#maxima} and {@link RowOps#hingeSumInPlace}. */
interface ScanContract extends OpsContract {
  @Test
  default void everyIndexAboveIsFoundInOrder() {
    Samples samples = new Samples(6);
    try (Arena arena = Arena.ofConfined()) {
      for (int n : Samples.sizes()) {
        for (int offset : Samples.offsetsFloats()) {
          float[] x = samples.mixed(n);
          FloatRun run = FloatRun.of(arena, offset, x);
          for (float threshold : new float[] {-2f, 0f, 0.9f, Float.POSITIVE_INFINITY, Float.NaN}) {
            assertScan(run, x, threshold);
          }
        }
      }
    }
  }

  private void assertScan(FloatRun run, float[] x, float threshold) {
    int n = x.length;
    for (int from = 0; from <= n; from = from == n ? n + 1 : Math.min(n, from + 1 + from / 3)) {
      int expected = from;
      while (expected < n && !(x[expected] > threshold)) {
        expected++;
      }
      assertEquals(
          expected,
          ops().scan().indexAbove(threshold, run.segment(), run.at(), from, n),
          "above " + threshold + " from " + from + " of " + n);
    }
  }

  @Test
  default void equalIsNotAbove() {
    try (Arena arena = Arena.ofConfined()) {
      FloatRun run = FloatRun.of(arena, 0, 1f, 1f, 1f, 1.0000001f);
      assertEquals(3, ops().scan().indexAbove(1f, run.segment(), run.at(), 0, 4));
    }
  }

  @Test
  default void maximaAreThoseOfEveryResidue() {
    Samples samples = new Samples(12);
    try (Arena arena = Arena.ofConfined()) {
      for (int n : Samples.sizes()) {
        for (int offset : Samples.offsetsFloats()) {
          float[] x = samples.mixed(n);
          if (n > 0) {
            x[n / 2] = Float.NaN;
          }
          FloatRun run = FloatRun.of(arena, offset, x);
          for (int count : new int[] {0, 1, 5, 16, 64, 100}) {
            FloatRun out = FloatRun.of(arena, offset, new float[count]);
            ops().scan().maxima(run.segment(), run.at(), n, out.segment(), out.at(), count);
            float[] expected = new float[count];
            Arrays.fill(expected, Float.NEGATIVE_INFINITY);
            for (int i = 0; i < n && count > 0; i++) {
              expected[i % count] = x[i] > expected[i % count] ? x[i] : expected[i % count];
            }
            out.assertBits(expected, "maxima of " + n + " by " + count);
          }
        }
      }
    }
  }

  @Test
  default void hingeFlagsAreExactAndItsSumIsNear() {
    Samples samples = new Samples(8);
    try (Arena arena = Arena.ofConfined()) {
      for (int n : Samples.sizes()) {
        for (int offset : Samples.offsetsFloats()) {
          for (float margin : new float[] {-2f, 0f, 0.4f, 2f}) {
            float[] x = samples.floats(n);
            FloatRun run = FloatRun.of(arena, offset, x);
            float actual = ops().rows().hingeSumInPlace(margin, run.segment(), run.at(), n);
            double sum = 0;
            float[] flags = new float[n];
            for (int i = 0; i < n; i++) {
              sum += Math.max(0, (double) x[i] - margin);
              flags[i] = x[i] > margin ? 1 : 0;
            }
            run.assertBits(flags, "hinge of " + n);
            FloatRun.assertNear(sum, actual, 1e-5 * Math.max(1, sum), "hinge sum of " + n, 0);
          }
        }
      }
    }
  }

  @Test
  default void theHingeOfNanIsZero() {
    try (Arena arena = Arena.ofConfined()) {
      float[] x = new float[19];
      Arrays.fill(x, Float.NaN);
      FloatRun run = FloatRun.of(arena, 1, x);
      assertEquals(0f, ops().rows().hingeSumInPlace(0.4f, run.segment(), run.at(), x.length));
      run.assertBits(new float[19], "hinge of NaN");
    }
  }
}
