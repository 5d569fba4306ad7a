package org.concertina.estimate;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import org.concertina.memory.CappedArena;

/**
 * The mean of several {@link Mlp}s as one wide network: their units side by side, output weights
 * divided by their number, linear parts averaged. Immutable; the arena owns the memory.
 */
final class Ensemble {
  private static final ValueLayout.OfFloat F32 = ValueLayout.JAVA_FLOAT;

  private final int units;
  private final MemorySegment rows;
  private final MemorySegment biases;
  private final MemorySegment outputs;
  private final double[] linear;
  private final double constant;

  Ensemble(CappedArena arena, List<Mlp> members) {
    Mlp any = members.getFirst();
    int hidden = any.hidden();
    String purpose = "estimator: ensemble";
    units = hidden * members.size();
    rows = arena.allocateFloats((long) any.inputs() * units, purpose);
    biases = arena.allocateFloats(units, purpose);
    outputs = arena.allocateFloats(units, purpose);
    linear = new double[any.inputs()];
    double mean = 0;
    long width = (long) hidden * Float.BYTES;
    for (int m = 0; m < members.size(); m++) {
      Mlp mlp = members.get(m);
      MemorySegment weights = mlp.weights();
      for (int i = 0; i < linear.length; i++) {
        long to = ((long) i * members.size() + m) * width;
        MemorySegment.copy(weights, mlp.w1() + i * width, rows, to, width);
        long skip = mlp.skip() + (long) i * Float.BYTES;
        linear[i] += (double) weights.get(F32, skip) / members.size();
      }
      MemorySegment.copy(weights, mlp.b1(), biases, m * width, width);
      for (int j = 0; j < hidden; j++) {
        float weight = weights.get(F32, mlp.w2() + (long) j * Float.BYTES);
        outputs.setAtIndex(F32, (long) m * hidden + j, weight / members.size());
      }
      mean += (double) weights.get(F32, mlp.b2()) / members.size();
    }
    constant = mean;
  }

  /** Units of all members. */
  int units() {
    return units;
  }

  /** {@code inputs x units} floats: what an input adds to the units' sums. */
  MemorySegment rows() {
    return rows;
  }

  /** {@code units} floats. */
  MemorySegment biases() {
    return biases;
  }

  /** {@code units} floats. */
  MemorySegment outputs() {
    return outputs;
  }

  /** What an input adds to the output past the units. */
  double linear(int input) {
    return linear[input];
  }

  double constant() {
    return constant;
  }
}
