package org.concertina.estimate;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.concertina.kernel.CounterRandom;
import org.concertina.kernel.VectorOps;
import org.concertina.memory.CappedArena;

/**
 * Weights of a network with two hidden layers of rectified units and one output.
 *
 * <p>All parameters stand in one segment, matrices row-major with a row an input, so that a binary
 * input adds one row to the sums of the layer. The arena owns the memory. Threads may read together
 * while nobody trains.
 */
final class Mlp {
  private static final ValueLayout.OfFloat F32 = ValueLayout.JAVA_FLOAT;

  private final VectorOps ops;
  private final int inputs;
  private final int hidden1;
  private final int hidden2;
  private final MemorySegment weights;

  /** Seeded weights after He et al., ICCV 2015; biases zero. */
  Mlp(CappedArena arena, VectorOps ops, int inputs, int hidden1, int hidden2, long seed) {
    this.ops = ops;
    this.inputs = inputs;
    this.hidden1 = hidden1;
    this.hidden2 = hidden2;
    this.weights = arena.allocateFloats(parameters(), "estimator: weights");
    draw(w1(), inputs * hidden1, inputs, CounterRandom.key(seed, 1));
    draw(w2(), hidden1 * hidden2, hidden1, CounterRandom.key(seed, 2));
    draw(w3(), hidden2, hidden2, CounterRandom.key(seed, 3));
  }

  private void draw(long offsetBytes, int count, int fanIn, long key) {
    double deviation = Math.sqrt(2.0 / fanIn);
    for (int i = 0; i < count; i++) {
      float value = (float) (deviation * CounterRandom.gaussian(key, i));
      weights.set(F32, offsetBytes + (long) i * Float.BYTES, value);
    }
  }

  VectorOps ops() {
    return ops;
  }

  int inputs() {
    return inputs;
  }

  int hidden1() {
    return hidden1;
  }

  int hidden2() {
    return hidden2;
  }

  /** Number of weights and biases. */
  int parameters() {
    return inputs * hidden1 + hidden1 + hidden1 * hidden2 + hidden2 + hidden2 + 1;
  }

  MemorySegment weights() {
    return weights;
  }

  /** Byte offset of the {@code inputs x hidden1} matrix. */
  long w1() {
    return 0;
  }

  /** Byte offset of the first layer's biases. */
  long b1() {
    return w1() + (long) inputs * hidden1 * Float.BYTES;
  }

  /** Byte offset of the {@code hidden1 x hidden2} matrix. */
  long w2() {
    return b1() + (long) hidden1 * Float.BYTES;
  }

  /** Byte offset of the second layer's biases. */
  long b2() {
    return w2() + (long) hidden1 * hidden2 * Float.BYTES;
  }

  /** Byte offset of the output's weights. */
  long w3() {
    return b2() + (long) hidden2 * Float.BYTES;
  }

  /** Byte offset of the output's bias. */
  long b3() {
    return w3() + (long) hidden2 * Float.BYTES;
  }

  /** Sets negative numbers to zero. */
  static void rectifyInPlace(MemorySegment x, long n) {
    for (long i = 0; i < n; i++) {
      long at = i * Float.BYTES;
      x.set(F32, at, Math.max(0f, x.get(F32, at)));
    }
  }

  /** The output for inputs that are one at these indices and zero elsewhere; plain and slow. */
  double evaluate(int[] active) {
    float[] first = read(b1(), hidden1);
    for (int index : active) {
      long row = w1() + (long) index * hidden1 * Float.BYTES;
      for (int j = 0; j < hidden1; j++) {
        first[j] += weights.get(F32, row + (long) j * Float.BYTES);
      }
    }
    float[] second = read(b2(), hidden2);
    for (int i = 0; i < hidden1; i++) {
      float value = Math.max(0f, first[i]);
      long row = w2() + (long) i * hidden2 * Float.BYTES;
      for (int j = 0; j < hidden2; j++) {
        second[j] = Math.fma(value, weights.get(F32, row + (long) j * Float.BYTES), second[j]);
      }
    }
    double sum = weights.get(F32, b3());
    for (int j = 0; j < hidden2; j++) {
      sum += (double) Math.max(0f, second[j]) * weights.get(F32, w3() + (long) j * Float.BYTES);
    }
    return sum;
  }

  private float[] read(long offsetBytes, int count) {
    float[] values = new float[count];
    MemorySegment.copy(weights, F32, offsetBytes, values, 0, count);
    return values;
  }
}
