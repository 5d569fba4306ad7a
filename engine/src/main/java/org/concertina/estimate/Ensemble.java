package org.concertina.estimate;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import org.concertina.block.BlockChoice;
import org.concertina.block.Precision;
import org.concertina.kernel.RowOps;
import org.concertina.memory.CappedArena;

/**
 * The mean of several {@link Mlp}s as one wide network: their units side by side, output weights
 * divided by their number, linear parts averaged. Immutable; the arena owns the memory.
 *
 * <p>Beside a row an input it has a row a (group, prefix choice), the sum of that choice's inputs,
 * so that any change between prefixes is two rows.
 */
final class Ensemble {
  private static final ValueLayout.OfFloat F32 = ValueLayout.JAVA_FLOAT;

  private final ConfigEncoder encoder;
  private final int units;
  private final MemorySegment rows;
  private final MemorySegment biases;
  private final MemorySegment outputs;
  private final double[] linear;
  private final double constant;

  Ensemble(CappedArena arena, RowOps ops, ConfigEncoder encoder, List<Mlp> members) {
    this.encoder = encoder;
    Mlp any = members.getFirst();
    int hidden = any.hidden();
    String purpose = "estimator: ensemble";
    units = hidden * members.size();
    int rowCount = any.inputs() + encoder.groups() * prefixes();
    rows = arena.allocateFloats((long) rowCount * units, purpose);
    biases = arena.allocateFloats(units, purpose);
    outputs = arena.allocateFloats(units, purpose);
    linear = new double[rowCount];
    double mean = 0;
    long width = (long) hidden * Float.BYTES;
    for (int m = 0; m < members.size(); m++) {
      Mlp mlp = members.get(m);
      MemorySegment weights = mlp.weights();
      for (int i = 0; i < any.inputs(); i++) {
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
    for (int g = 0; g < encoder.groups(); g++) {
      for (Precision precision : encoder.precisions()) {
        for (int kept = 1; kept <= encoder.shape().blocks(); kept++) {
          addInputs(ops, g, BlockChoice.prefix(kept, precision));
        }
      }
    }
  }

  /** Sums the rows of a choice's inputs. */
  private void addInputs(RowOps ops, int group, BlockChoice choice) {
    int to = prefixRow(group, choice);
    long bytes = (long) units * Float.BYTES;
    for (long left = encoder.groupMask(choice); left != 0; left &= left - 1) {
      int input = group * encoder.groupWidth() + Long.numberOfTrailingZeros(left);
      ops.axpyInPlace(1, rows, input * bytes, rows, to * bytes, units);
      linear[to] += linear[input];
    }
  }

  private int prefixes() {
    return encoder.precisions().size() * encoder.shape().blocks();
  }

  /** The row of a choice whose blocks are a prefix; a dropped group has but one input. */
  int prefixRow(int group, BlockChoice choice) {
    if (choice.isDropped()) {
      return group * encoder.groupWidth() + encoder.droppedFeature();
    }
    int precision = encoder.precisions().indexOf(choice.precision());
    return encoder.width()
        + group * prefixes()
        + precision * encoder.shape().blocks()
        + choice.keptBlocks()
        - 1;
  }

  int rowCount() {
    return linear.length;
  }

  /** Units of all members. */
  int units() {
    return units;
  }

  /** {@link #rowCount} rows of {@code units} floats: what they add to the units' sums. */
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

  /** What a row adds to the output past the units. */
  double linear(int row) {
    return linear[row];
  }

  double constant() {
    return constant;
  }
}
