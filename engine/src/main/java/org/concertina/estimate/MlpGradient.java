package org.concertina.estimate;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.concertina.kernel.AdamStep;
import org.concertina.kernel.Transpose;
import org.concertina.kernel.VectorOps;
import org.concertina.memory.CappedArena;

/**
 * Forward and backward passes of an {@link Mlp} over a batch, and its Adam step.
 *
 * <p>Loss: the mean of squared errors. Owns scratch memory in the arena; not thread-safe.
 */
final class MlpGradient {
  private static final ValueLayout.OfFloat F32 = ValueLayout.JAVA_FLOAT;

  private final Mlp mlp;
  private final VectorOps ops;
  private final int in;
  private final int h1;
  private final int h2;
  private final MemorySegment a1;
  private final MemorySegment a2;
  private final MemorySegment out;
  private final MemorySegment d1;
  private final MemorySegment d2;
  private final MemorySegment d3;
  private final MemorySegment transposed;
  private final MemorySegment gradient;
  private final MemorySegment moment1;
  private final MemorySegment moment2;
  private long steps;

  MlpGradient(CappedArena arena, Mlp mlp, int batch) {
    this.mlp = mlp;
    this.ops = mlp.ops();
    this.in = mlp.inputs();
    this.h1 = mlp.hidden1();
    this.h2 = mlp.hidden2();
    String purpose = "estimator: training";
    a1 = arena.allocateFloats((long) batch * h1, purpose);
    a2 = arena.allocateFloats((long) batch * h2, purpose);
    out = arena.allocateFloats(batch, purpose);
    d1 = arena.allocateFloats((long) batch * h1, purpose);
    d2 = arena.allocateFloats((long) batch * h2, purpose);
    d3 = arena.allocateFloats(batch, purpose);
    transposed = arena.allocateFloats((long) h1 * h2, purpose);
    gradient = arena.allocateFloats(mlp.parameters(), purpose);
    moment1 = arena.allocateFloats(mlp.parameters(), purpose);
    moment2 = arena.allocateFloats(mlp.parameters(), purpose);
  }

  MemorySegment gradient() {
    return gradient;
  }

  /** Computes the outputs of {@code rows} inputs. */
  void forward(MemorySegment x, int rows) {
    layer(x, in, mlp.w1(), mlp.b1(), a1, h1, rows);
    Mlp.rectifyInPlace(a1, (long) rows * h1);
    layer(a1, h1, mlp.w2(), mlp.b2(), a2, h2, rows);
    Mlp.rectifyInPlace(a2, (long) rows * h2);
    layer(a2, h2, mlp.w3(), mlp.b3(), out, 1, rows);
  }

  /** Output of a row of the last {@link #forward}. */
  float output(int row) {
    return out.getAtIndex(F32, row);
  }

  private void layer(
      MemorySegment x, int from, long w, long bias, MemorySegment y, int to, int rows) {
    for (int r = 0; r < rows; r++) {
      MemorySegment.copy(
          mlp.weights(), bias, y, (long) r * to * Float.BYTES, (long) to * Float.BYTES);
    }
    ops.matmulAdd(rows, to, from, x, 0, from, 1, mlp.weights(), w, to, y, 0, to);
  }

  /** Computes the gradient at {@code rows} inputs; returns the sum of squared errors. */
  double backward(MemorySegment x, float[] targets, int rows) {
    forward(x, rows);
    double loss = 0;
    for (int r = 0; r < rows; r++) {
      float error = output(r) - targets[r];
      loss += (double) error * error;
      d3.setAtIndex(F32, r, 2 * error / rows);
    }
    gradient.fill((byte) 0);
    weightGradient(a2, h2, d3, 1, mlp.w3(), mlp.b3(), rows);
    d2.fill((byte) 0);
    ops.matmulAdd(rows, h2, 1, d3, 0, 1, 1, mlp.weights(), mlp.w3(), h2, d2, 0, h2);
    gate(a2, d2, (long) rows * h2);
    weightGradient(a1, h1, d2, h2, mlp.w2(), mlp.b2(), rows);
    Transpose.transpose(h1, h2, mlp.weights(), mlp.w2(), h2, transposed, 0, h1);
    d1.fill((byte) 0);
    ops.matmulAdd(rows, h1, h2, d2, 0, h2, 1, transposed, 0, h1, d1, 0, h1);
    gate(a1, d1, (long) rows * h1);
    weightGradient(x, in, d1, h1, mlp.w1(), mlp.b1(), rows);
    return loss;
  }

  private void weightGradient(
      MemorySegment x, int from, MemorySegment d, int to, long w, long bias, int rows) {
    ops.matmulAdd(from, to, rows, x, 0, 1, from, d, 0, to, gradient, w, to);
    for (int r = 0; r < rows; r++) {
      ops.axpyInPlace(1, d, (long) r * to * Float.BYTES, gradient, bias, to);
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
    ops.adamInPlace(
        constants, mlp.weights(), 0, moment1, 0, moment2, 0, gradient, 0, mlp.parameters());
  }
}
