package org.concertina.kernel;

import static org.concertina.kernel.FloatRun.assertNear;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.concertina.kernel.Samples.Kind;
import org.junit.jupiter.api.Test;

/**
 * {@code axpyInPlace}, {@code scaleInPlace}, {@code multiplyInPlace}, {@code addCodesInPlace},
 * {@code adamInPlace}.
 */
interface ElementwiseContract extends OpsContract {
  @Test
  default void axpyIsBitExact() {
    Samples samples = new Samples(2);
    try (Arena arena = Arena.ofConfined()) {
      for (int n : Samples.sizes()) {
        for (int offset : Samples.offsetsFloats()) {
          for (Kind kind : Kind.values()) {
            float[] x = samples.floats(kind, n);
            axpy(arena, offset, samples.uniform(), x, samples.floats(kind, n));
          }
          axpy(arena, offset, 0f, samples.mixed(n), samples.mixed(n));
          axpy(arena, offset, -1.5f, samples.mixed(n), samples.mixed(n));
          axpy(arena, offset, Float.NaN, samples.floats(n), samples.floats(n));
        }
      }
    }
  }

  private void axpy(Arena arena, int offset, float alpha, float[] x, float[] y) {
    int n = x.length;
    FloatRun a = FloatRun.of(arena, offset, x);
    FloatRun b = FloatRun.of(arena, (offset + 2) % 4, y);
    ops().rows().axpyInPlace(alpha, a.segment(), a.at(), b.segment(), b.at(), n);
    float[] expected = new float[n];
    for (int i = 0; i < n; i++) {
      expected[i] = Math.fma(alpha, x[i], y[i]);
    }
    b.assertBits(expected, "axpy of " + n);
    a.assertBits(x, "x of axpy");
  }

  @Test
  default void scaleIsBitExact() {
    Samples samples = new Samples(5);
    try (Arena arena = Arena.ofConfined()) {
      for (int n : Samples.sizes()) {
        for (int offset : Samples.offsetsFloats()) {
          for (Kind kind : Kind.values()) {
            float[] x = samples.floats(kind, n);
            float alpha = samples.uniform();
            FloatRun run = FloatRun.of(arena, offset, x);
            ops().rows().scaleInPlace(alpha, run.segment(), run.at(), n);
            float[] expected = new float[n];
            for (int i = 0; i < n; i++) {
              expected[i] = alpha * x[i];
            }
            run.assertBits(expected, "scale of " + n);
          }
        }
      }
    }
  }

  @Test
  default void multiplyIsBitExact() {
    Samples samples = new Samples(6);
    try (Arena arena = Arena.ofConfined()) {
      for (int n : Samples.sizes()) {
        for (int offset : Samples.offsetsFloats()) {
          for (Kind kind : Kind.values()) {
            float[] x = samples.floats(n);
            float[] y = samples.floats(kind, n);
            FloatRun a = FloatRun.of(arena, offset, x);
            FloatRun b = FloatRun.of(arena, (offset + 1) % 4, y);
            ops().rows().multiplyInPlace(a.segment(), a.at(), b.segment(), b.at(), n);
            float[] expected = new float[n];
            for (int i = 0; i < n; i++) {
              expected[i] = y[i] * x[i];
            }
            b.assertBits(expected, "product of " + n);
            a.assertBits(x, "factors");
          }
        }
      }
    }
  }

  @Test
  default void addCodesIsBitExact() {
    Samples samples = new Samples(7);
    try (Arena arena = Arena.ofConfined()) {
      for (int n : Samples.sizes()) {
        for (int offset : Samples.offsetsFloats()) {
          for (Kind kind : Kind.values()) {
            float[] x = samples.floats(kind, n);
            addCodes(arena, offset, samples.uniform(), samples.uniform(), x);
          }
          addCodes(arena, offset, 0f, -0.25f, samples.mixed(n));
          addCodes(arena, offset, Float.NaN, 0f, samples.floats(n));
        }
      }
    }
  }

  /** The codes are all 256 bytes in turn and end with their segment. */
  private void addCodes(Arena arena, int offsetBytes, float scale, float base, float[] x) {
    int n = x.length;
    MemorySegment codes = arena.allocate(Math.max(64, (long) offsetBytes + n), 64);
    FloatRun run = FloatRun.of(arena, (offsetBytes + 1) % 4, x);
    float[] expected = new float[n];
    for (int i = 0; i < n; i++) {
      byte code = (byte) (i * 37 - 128);
      codes.set(ValueLayout.JAVA_BYTE, offsetBytes + (long) i, code);
      expected[i] = x[i] + Math.fma(scale, (float) code, base);
    }
    MemorySegment exact = codes.asSlice(0, (long) offsetBytes + n);
    ops().rows().addCodesInPlace(scale, base, exact, offsetBytes, run.segment(), run.at(), n);
    run.assertBits(expected, "codes added to " + n);
  }

  @Test
  default void adamIsBitExact() {
    Samples samples = new Samples(3);
    try (Arena arena = Arena.ofConfined()) {
      for (int n : Samples.sizes()) {
        for (int offset : Samples.offsetsFloats()) {
          for (Kind kind : Kind.values()) {
            adam(arena, offset, AdamStep.at(1 + n, 0.01, 0.1), samples, samples.floats(kind, n));
          }
          adam(arena, offset, AdamStep.at(2, 0.01, 0), samples, samples.mixed(n));
        }
      }
    }
  }

  private void adam(Arena arena, int offset, AdamStep step, Samples samples, float[] gradient) {
    int n = gradient.length;
    float[] w = samples.floats(n);
    float[] m = samples.floats(n);
    float[] v = samples.floats(n);
    for (int i = 0; i < n; i++) {
      v[i] = Math.abs(v[i]);
    }
    FloatRun weights = FloatRun.of(arena, offset, w);
    FloatRun firsts = FloatRun.of(arena, (offset + 1) % 4, m);
    FloatRun seconds = FloatRun.of(arena, (offset + 2) % 4, v);
    FloatRun gradients = FloatRun.of(arena, (offset + 3) % 4, gradient);
    adam(step, weights, firsts, seconds, gradients);
    for (int i = 0; i < n; i++) {
      float g = Math.fma(step.l2(), w[i], gradient[i]);
      m[i] = Math.fma(step.beta1(), m[i] - g, g);
      v[i] = Math.fma(step.beta2(), v[i] - g * g, g * g);
      float root = (float) Math.sqrt(v[i]);
      w[i] = w[i] - step.stepSize() * m[i] / (root + step.epsilon());
    }
    weights.assertBits(w, "adam w of " + n);
    firsts.assertBits(m, "adam m of " + n);
    seconds.assertBits(v, "adam v of " + n);
    gradients.assertBits(gradient, "adam gradient of " + n);
  }

  private void adam(AdamStep step, FloatRun w, FloatRun m, FloatRun v, FloatRun gradient) {
    ops()
        .optimizers()
        .adamInPlace(
            step,
            w.segment(),
            w.at(),
            m.segment(),
            m.at(),
            v.segment(),
            v.at(),
            gradient.segment(),
            gradient.at(),
            w.size());
  }

  /** Algorithm 1 of the paper, in double. */
  @Test
  default void adamFollowsThePaper() {
    int n = 37;
    double learningRate = 0.02;
    double l2 = 0.05;
    Samples samples = new Samples(4);
    float[] start = samples.floats(n);
    double[] w = new double[n];
    double[] m = new double[n];
    double[] v = new double[n];
    for (int i = 0; i < n; i++) {
      w[i] = start[i];
    }
    try (Arena arena = Arena.ofConfined()) {
      FloatRun weights = FloatRun.of(arena, 1, start);
      FloatRun firsts = FloatRun.of(arena, 2, new float[n]);
      FloatRun seconds = FloatRun.of(arena, 3, new float[n]);
      for (int t = 1; t <= 50; t++) {
        float[] gradient = samples.floats(n);
        FloatRun gradients = FloatRun.of(arena, 0, gradient);
        adam(AdamStep.at(t, learningRate, l2), weights, firsts, seconds, gradients);
        for (int i = 0; i < n; i++) {
          double g = gradient[i] + l2 * w[i];
          m[i] = 0.9 * m[i] + 0.1 * g;
          v[i] = 0.999 * v[i] + 0.001 * g * g;
          double firstHat = m[i] / (1 - Math.pow(0.9, t));
          double secondHat = v[i] / (1 - Math.pow(0.999, t));
          w[i] -= learningRate * firstHat / (Math.sqrt(secondHat) + 1e-8);
          assertNear(w[i], weights.get(i), 2e-5, "adam step " + t, i);
        }
      }
    }
  }
}
