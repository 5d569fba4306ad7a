package org.concertina.estimate;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.concertina.kernel.AdamStep;
import org.concertina.kernel.MatmulOps;
import org.concertina.kernel.OptimizerOps;
import org.concertina.kernel.RowOps;
import org.concertina.memory.CappedArena;

/**
 * Forward and backward passes of an {@link Mlp} over a batch, and its Adam step.
 *
 * <p>Loss: the mean of squared errors plus {@code pairWeight} times {@link PairLoss}. Owns scratch
 * memory in the arena; not thread-safe.
 */
final class MlpGradient {
  private static final ValueLayout.OfFloat F32 = ValueLayout.JAVA_FLOAT;

  private final Mlp mlp;
  private final RowOps rowOps;
  private final MatmulOps matmulOps;
  private final OptimizerOps optimizerOps;
  private final int in;
  private final int hidden;
  private final double pairWeight;
  private final float[] outputs;
  private final float[] slopes;
  private final MemorySegment layer;
  private final MemorySegment out;
  private final MemorySegment dLayer;
  private final MemorySegment dOut;
  private final MemorySegment gradient;
  private final MemorySegment moment1;
  private final MemorySegment moment2;
  private long steps;

  MlpGradient(CappedArena arena, Mlp mlp, int batch, double pairWeight) {
    this.mlp = mlp;
    this.rowOps = mlp.ops().rows();
    this.matmulOps = mlp.ops().matmul();
    this.optimizerOps = mlp.ops().optimizers();
    this.in = mlp.inputs();
    this.hidden = mlp.hidden();
    this.pairWeight = pairWeight;
    this.outputs = new float[batch];
    this.slopes = new float[batch];
    String purpose = "estimator: training";
    layer = arena.allocateFloats((long) batch * hidden, purpose);
    out = arena.allocateFloats(batch, purpose);
    dLayer = arena.allocateFloats((long) batch * hidden, purpose);
    dOut = arena.allocateFloats(batch, purpose);
    gradient = arena.allocateFloats(mlp.parameters(), purpose);
    moment1 = arena.allocateFloats(mlp.parameters(), purpose);
    moment2 = arena.allocateFloats(mlp.parameters(), purpose);
  }

  MemorySegment gradient() {
    return gradient;
  }

  /** Computes the outputs of {@code rows} inputs. */
  void forward(MemorySegment x, int rows) {
    MemorySegment weights = mlp.weights();
    long width = (long) hidden * Float.BYTES;
    for (int r = 0; r < rows; r++) {
      MemorySegment.copy(weights, mlp.b1(), layer, r * width, width);
      MemorySegment.copy(weights, mlp.b2(), out, (long) r * Float.BYTES, Float.BYTES);
    }
    matmulOps.matmulAdd(rows, hidden, in, x, 0, in, 1, weights, mlp.w1(), hidden, layer, 0, hidden);
    Mlp.rectifyInPlace(layer, (long) rows * hidden);
    matmulOps.matmulAdd(rows, 1, hidden, layer, 0, hidden, 1, weights, mlp.w2(), 1, out, 0, 1);
    matmulOps.matmulAdd(rows, 1, in, x, 0, in, 1, weights, mlp.skip(), 1, out, 0, 1);
  }

  /** Output of a row of the last {@link #forward}. */
  float output(int row) {
    return out.getAtIndex(F32, row);
  }

  /** Computes the gradient at {@code rows} inputs; returns {@code rows} times the loss. */
  double backward(MemorySegment x, float[] targets, int rows) {
    forward(x, rows);
    double loss = 0;
    for (int r = 0; r < rows; r++) {
      outputs[r] = output(r);
      float error = outputs[r] - targets[r];
      loss += (double) error * error;
      slopes[r] = 2 * error / rows;
    }
    if (pairWeight > 0) {
      double pairs = PairLoss.addGradient(outputs, targets, rows, pairWeight, slopes);
      loss += rows * pairWeight * pairs;
    }
    MemorySegment.copy(slopes, 0, dOut, F32, 0, rows);
    gradient.fill((byte) 0);
    weightGradient(layer, hidden, dOut, 1, mlp.w2(), mlp.b2(), rows);
    matmulOps.matmulAdd(in, 1, rows, x, 0, 1, in, dOut, 0, 1, gradient, mlp.skip(), 1);
    dLayer.fill((byte) 0);
    matmulOps.matmulAdd(
        rows, hidden, 1, dOut, 0, 1, 1, mlp.weights(), mlp.w2(), hidden, dLayer, 0, hidden);
    gate(layer, dLayer, (long) rows * hidden);
    weightGradient(x, in, dLayer, hidden, mlp.w1(), mlp.b1(), rows);
    return loss;
  }

  private void weightGradient(
      MemorySegment x, int from, MemorySegment d, int to, long w, long bias, int rows) {
    matmulOps.matmulAdd(from, to, rows, x, 0, 1, from, d, 0, to, gradient, w, to);
    for (int r = 0; r < rows; r++) {
      rowOps.axpyInPlace(1, d, (long) r * to * Float.BYTES, gradient, bias, to);
    }
  }

  /** Stops the gradient of units that are off. */
  private static void gate(MemorySegment activation, MemorySegment d, long n) {
    for (long i = 0; i < n; i++) {
      if (activation.getAtIndex(F32, i) <= 0) {
        d.setAtIndex(F32, i, 0);
      }
    }
  }

  /** One Adam step along the last gradient. */
  void step(double learningRate, double l2) {
    AdamStep constants = AdamStep.at(++steps, learningRate, l2);
    optimizerOps.adamInPlace(
        constants, mlp.weights(), 0, moment1, 0, moment2, 0, gradient, 0, mlp.parameters());
  }
}
