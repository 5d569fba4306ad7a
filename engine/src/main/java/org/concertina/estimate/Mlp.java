package org.concertina.estimate;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.concertina.kernel.CounterRandom;
import org.concertina.kernel.VectorOps;
import org.concertina.memory.CappedArena;

/**
 * Weights of a network with one layer of rectified units beside a linear one: {@code y = skip . x +
 * b2 + w2 . max(0, b1 + x W1)}.
 *
 * <p>All parameters stand in one segment, matrices row-major with a row an input, so that a binary
 * input adds one row to the sums of the layer. The arena owns the memory. Threads may read together
 * while nobody trains.
 */
final class Mlp {
  private static final ValueLayout.OfFloat F32 = ValueLayout.JAVA_FLOAT;

  private final VectorOps ops;
  private final int inputs;
  private final int hidden;
  private final MemorySegment weights;

  /** Seeded weights after He et al., ICCV 2015; biases and the linear part zero. */
  Mlp(CappedArena arena, VectorOps ops, int inputs, int hidden, long seed) {
    this.ops = ops;
    this.inputs = inputs;
    this.hidden = hidden;
    this.weights = arena.allocateFloats(parameters(), "estimator: weights");
    draw(w1(), inputs * hidden, inputs, CounterRandom.key(seed, 1));
    draw(w2(), hidden, hidden, CounterRandom.key(seed, 2));
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

  int hidden() {
    return hidden;
  }

  /** Number of weights and biases. */
  int parameters() {
    return inputs * hidden + hidden + hidden + inputs + 1;
  }

  MemorySegment weights() {
    return weights;
  }

  /** Byte offset of the {@code inputs x hidden} matrix. */
  long w1() {
    return 0;
  }

  /** Byte offset of the layer's biases. */
  long b1() {
    return w1() + (long) inputs * hidden * Float.BYTES;
  }

  /** Byte offset of the output's weights of the layer. */
  long w2() {
    return b1() + (long) hidden * Float.BYTES;
  }

  /** Byte offset of the output's weights of the inputs. */
  long skip() {
    return w2() + (long) hidden * Float.BYTES;
  }

  /** Byte offset of the output's bias. */
  long b2() {
    return skip() + (long) inputs * Float.BYTES;
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
    float[] sums = new float[hidden];
    MemorySegment.copy(weights, F32, b1(), sums, 0, hidden);
    double output = weights.get(F32, b2());
    for (int index : active) {
      long row = w1() + (long) index * hidden * Float.BYTES;
      for (int j = 0; j < hidden; j++) {
        sums[j] += weights.get(F32, row + (long) j * Float.BYTES);
      }
      output += weights.get(F32, skip() + (long) index * Float.BYTES);
    }
    for (int j = 0; j < hidden; j++) {
      output += (double) Math.max(0f, sums[j]) * weights.get(F32, w2() + (long) j * Float.BYTES);
    }
    return output;
  }
}
