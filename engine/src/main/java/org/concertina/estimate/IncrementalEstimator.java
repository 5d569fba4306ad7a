package org.concertina.estimate;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import org.concertina.block.BlockChoice;
import org.concertina.kernel.VectorOps;
import org.concertina.memory.CappedArena;

/**
 * Predicts one configuration after another at the cost of their difference.
 *
 * <p>Keeps the sums of all units of the ensemble; a changed bit adds or subtracts one row. Sums are
 * made anew after {@value #REFRESH_AFTER} changed bits, so that rounding errors cannot pile up:
 * predictions stay within 1e-4 standard deviations of the metric of {@link Estimator#predict}. Not
 * thread-safe; predicting allocates nothing.
 */
public final class IncrementalEstimator {
  private static final int REFRESH_AFTER = 4_096;

  private final Estimator estimator;
  private final ConfigEncoder encoder;
  private final VectorOps ops;
  private final Ensemble ensemble;
  private final long[] masks;
  private final long[] kept;
  private final BlockChoice[] choices;
  private final MemorySegment sums;
  private double linear;
  private int changedBits;

  IncrementalEstimator(Estimator estimator, CappedArena arena, VectorOps ops) {
    this.estimator = estimator;
    this.encoder = estimator.encoder();
    this.ops = ops;
    this.ensemble = estimator.ensemble();
    this.masks = new long[encoder.groups()];
    this.kept = new long[encoder.groups()];
    this.choices = new BlockChoice[encoder.groups()];
    this.sums = arena.allocateFloats(ensemble.units(), "estimator: sums of the units");
    clear();
  }

  /** The predicted metric of a configuration, one choice a group. */
  public double predict(List<BlockChoice> wanted) {
    if (wanted.size() != masks.length) {
      throw new IllegalArgumentException(
          "choices: expected " + masks.length + " groups, got " + wanted.size());
    }
    for (int g = 0; g < masks.length; g++) {
      setChoice(g, wanted.get(g));
    }
    return predict();
  }

  /** Changes one group's choice. */
  @SuppressWarnings("ReferenceEquality") // a shortcut; an equal choice changes no bit either
  public void setChoice(int group, BlockChoice choice) {
    // Most groups of a list are the same objects as before.
    if (choice == choices[group]) {
      return;
    }
    change(group, encoder.groupMask(choice));
    choices[group] = choice;
    if (changedBits > REFRESH_AFTER) {
      System.arraycopy(masks, 0, kept, 0, kept.length);
      clear();
      for (int g = 0; g < kept.length; g++) {
        change(g, kept[g]);
      }
      changedBits = 0;
    }
  }

  private void change(int group, long mask) {
    int first = group * encoder.groupWidth();
    for (long left = mask ^ masks[group]; left != 0; left &= left - 1) {
      int bit = Long.numberOfTrailingZeros(left);
      boolean on = (mask >>> bit & 1) != 0;
      long row = (long) (first + bit) * ensemble.units() * Float.BYTES;
      ops.axpyInPlace(on ? 1f : -1f, ensemble.rows(), row, sums, 0, ensemble.units());
      linear += on ? ensemble.linear(first + bit) : -ensemble.linear(first + bit);
      changedBits++;
    }
    masks[group] = mask;
  }

  /** The predicted metric of the choices as they are set. */
  public double predict() {
    float units = ops.rectifiedDot(sums, 0, ensemble.outputs(), 0, ensemble.units());
    return estimator.metric(linear + units);
  }

  /** Starts again from no feature at all. */
  private void clear() {
    Arrays.fill(masks, 0);
    changedBits = 0;
    linear = ensemble.constant();
    sums.copyFrom(ensemble.biases());
  }
}
