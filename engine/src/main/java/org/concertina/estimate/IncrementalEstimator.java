package org.concertina.estimate;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.List;
import org.concertina.block.BlockChoice;
import org.concertina.kernel.VectorOps;
import org.concertina.memory.CappedArena;

/**
 * Predicts one configuration after another at the cost of their difference.
 *
 * <p>Keeps the first layer's sums; a changed bit adds or subtracts one row. Sums are made anew
 * after {@value #REFRESH_AFTER} changed bits, so that rounding errors cannot pile up. Not
 * thread-safe.
 */
public final class IncrementalEstimator {
  private static final int REFRESH_AFTER = 4_096;

  private final Estimator estimator;
  private final ConfigEncoder encoder;
  private final VectorOps ops;
  private final long[] masks;
  private final MemorySegment[] sums;
  private final MemorySegment first;
  private final MemorySegment second;
  private int changedBits;

  IncrementalEstimator(Estimator estimator, CappedArena arena) {
    this.estimator = estimator;
    this.encoder = estimator.encoder();
    this.masks = new long[encoder.groups()];
    Mlp any = estimator.members().getFirst();
    this.ops = any.ops();
    this.sums = new MemorySegment[estimator.members().size()];
    for (int m = 0; m < sums.length; m++) {
      sums[m] = arena.allocateFloats(any.hidden1(), "estimator: first-layer sums");
    }
    this.first = arena.allocateFloats(any.hidden1(), "estimator: first layer");
    this.second = arena.allocateFloats(any.hidden2(), "estimator: second layer");
    refresh();
  }

  /** The predicted metric of a configuration, one choice a group. */
  public double predict(List<BlockChoice> choices) {
    if (choices.size() != masks.length) {
      throw new IllegalArgumentException(
          "choices: expected " + masks.length + " groups, got " + choices.size());
    }
    if (changedBits > REFRESH_AFTER) {
      refresh();
    }
    for (int g = 0; g < masks.length; g++) {
      setChoice(g, choices.get(g));
    }
    return predict();
  }

  /** Changes one group's choice. */
  public void setChoice(int group, BlockChoice choice) {
    long mask = encoder.groupMask(choice);
    for (long left = mask ^ masks[group]; left != 0; left &= left - 1) {
      int bit = Long.numberOfTrailingZeros(left);
      addRow(group * encoder.groupWidth() + bit, (mask >>> bit & 1) != 0 ? 1f : -1f);
      changedBits++;
    }
    masks[group] = mask;
  }

  private void addRow(int index, float sign) {
    for (int m = 0; m < sums.length; m++) {
      Mlp mlp = estimator.members().get(m);
      long row = mlp.w1() + (long) index * mlp.hidden1() * Float.BYTES;
      ops.axpyInPlace(sign, mlp.weights(), row, sums[m], 0, mlp.hidden1());
    }
  }

  /** The predicted metric of the choices as they are set. */
  public double predict() {
    double sum = 0;
    for (int m = 0; m < sums.length; m++) {
      Mlp mlp = estimator.members().get(m);
      int h1 = mlp.hidden1();
      int h2 = mlp.hidden2();
      first.copyFrom(sums[m]);
      Mlp.rectifyInPlace(first, h1);
      MemorySegment.copy(mlp.weights(), mlp.b2(), second, 0, (long) h2 * Float.BYTES);
      ops.matmulAdd(1, h2, h1, first, 0, 1, 1, mlp.weights(), mlp.w2(), h2, second, 0, h2);
      Mlp.rectifyInPlace(second, h2);
      sum += mlp.weights().get(ValueLayout.JAVA_FLOAT, mlp.b3());
      sum += ops.dot(second, 0, mlp.weights(), mlp.w3(), h2);
    }
    return estimator.metric(sum);
  }

  /** Starts again from no feature at all. */
  private void refresh() {
    Arrays.fill(masks, 0);
    changedBits = 0;
    for (int m = 0; m < sums.length; m++) {
      Mlp mlp = estimator.members().get(m);
      MemorySegment.copy(mlp.weights(), mlp.b1(), sums[m], 0, sums[m].byteSize());
    }
  }
}
