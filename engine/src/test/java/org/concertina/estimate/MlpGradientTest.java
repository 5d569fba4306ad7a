package org.concertina.estimate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.stream.IntStream;
import org.concertina.kernel.CounterRandom;
import org.concertina.kernel.VectorOpsProvider;
import org.concertina.memory.CappedArena;
import org.junit.jupiter.api.Test;

/** Gradients against central differences of a plain network in double. */
class MlpGradientTest {
  private static final ValueLayout.OfFloat F32 = ValueLayout.JAVA_FLOAT;
  private static final int IN = 11;
  private static final int HIDDEN = 9;
  private static final double PAIR_WEIGHT = 0.7;
  private static final int ROWS = 7;

  private final CappedArena arena = CappedArena.unlimited();
  private final Mlp mlp = new Mlp(arena, VectorOpsProvider.get(), IN, HIDDEN, 5);
  private final MlpGradient pass = new MlpGradient(arena, mlp, ROWS, PAIR_WEIGHT);
  private final MemorySegment x = arena.allocateFloats((long) ROWS * IN, "inputs");
  private final float[] targets = new float[ROWS];

  MlpGradientTest() {
    for (int i = 0; i < ROWS * IN; i++) {
      x.setAtIndex(F32, i, CounterRandom.bits(1, i) < 0 ? 1 : 0);
    }
    for (int r = 0; r < ROWS; r++) {
      targets[r] = (float) CounterRandom.gaussian(2, r);
    }
    // Biases away from zero, so that their gradients are tested where they matter.
    for (int i = 0; i < mlp.parameters(); i++) {
      float value = mlp.weights().getAtIndex(F32, i);
      mlp.weights().setAtIndex(F32, i, value == 0 ? 0.1f + 0.01f * i % 0.3f : value);
    }
  }

  @Test
  void agreesWithCentralDifferences() {
    double[] parameters = new double[mlp.parameters()];
    for (int i = 0; i < parameters.length; i++) {
      parameters[i] = mlp.weights().getAtIndex(F32, i);
    }
    double loss = pass.backward(x, targets, ROWS) / ROWS;
    assertEquals(loss(parameters), loss, 1e-5 * loss);
    double step = 1e-6;
    int nonZero = 0;
    for (int i = 0; i < parameters.length; i++) {
      double kept = parameters[i];
      parameters[i] = kept + step;
      double above = loss(parameters);
      parameters[i] = kept - step;
      double below = loss(parameters);
      parameters[i] = kept;
      double expected = (above - below) / (2 * step);
      double actual = pass.gradient().getAtIndex(F32, i);
      assertEquals(expected, actual, 1e-4 * Math.max(0.1, Math.abs(expected)), "parameter " + i);
      nonZero += actual != 0 ? 1 : 0;
    }
    assertTrue(nonZero > parameters.length / 2, "few units are on: " + nonZero);
  }

  @Test
  void plainEvaluationAgreesWithTheForwardPass() {
    pass.forward(x, ROWS);
    for (int r = 0; r < ROWS; r++) {
      int row = r;
      int[] active =
          IntStream.range(0, IN).filter(i -> x.getAtIndex(F32, (long) row * IN + i) != 0).toArray();
      assertEquals(mlp.evaluate(active), pass.output(r), 1e-5);
    }
  }

  private double loss(double[] p) {
    double[] outputs = new double[ROWS];
    double loss = 0;
    for (int r = 0; r < ROWS; r++) {
      outputs[r] = output(p, r);
      loss += (outputs[r] - targets[r]) * (outputs[r] - targets[r]) / ROWS;
    }
    double pairs = 0;
    for (int i = 0; i < ROWS; i++) {
      for (int j = 0; j < ROWS; j++) {
        double wanted = sigmoid((targets[i] - (double) targets[j]) / PairLoss.TEMPERATURE);
        double given = (outputs[i] - outputs[j]) / PairLoss.TEMPERATURE;
        if (i != j) {
          pairs += wanted * softplus(-given) + (1 - wanted) * softplus(given);
        }
      }
    }
    return loss + PAIR_WEIGHT * pairs * PairLoss.TEMPERATURE / ROWS / ROWS;
  }

  private static double sigmoid(double x) {
    return 1 / (1 + Math.exp(-x));
  }

  private static double softplus(double x) {
    return Math.log1p(Math.exp(x));
  }

  private double output(double[] p, int row) {
    double output = p[(int) (mlp.b2() / 4)];
    double[] sums = new double[HIDDEN];
    for (int j = 0; j < HIDDEN; j++) {
      sums[j] = p[(int) (mlp.b1() / 4) + j];
    }
    for (int i = 0; i < IN; i++) {
      double input = x.getAtIndex(F32, (long) row * IN + i);
      output += input * p[(int) (mlp.skip() / 4) + i];
      for (int j = 0; j < HIDDEN; j++) {
        sums[j] += input * p[i * HIDDEN + j];
      }
    }
    for (int j = 0; j < HIDDEN; j++) {
      output += Math.max(0, sums[j]) * p[(int) (mlp.w2() / 4) + j];
    }
    return output;
  }
}
