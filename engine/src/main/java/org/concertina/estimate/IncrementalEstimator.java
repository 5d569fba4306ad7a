package org.concertina.estimate;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.List;
import org.concertina.block.BlockChoice;
import org.concertina.kernel.RowOps;
import org.concertina.kernel.SparseOps;
import org.concertina.kernel.VectorOps;
import org.concertina.memory.CappedArena;

/**
 * Predicts one configuration after another at the cost of their difference.
 *
 * <p>Keeps the sums of all units of the ensemble. A block more or less adds or subtracts one row,
 * any other change of a group one row each way; more changes than that is worth are summed from
 * scratch. Sums are also made anew after {@value #REFRESH_AFTER} rows, so that rounding errors
 * cannot pile up: predictions stay within 1e-4 standard deviations of the metric of {@link
 * Estimator#predict}. Not thread-safe; predicting allocates nothing.
 */
public final class IncrementalEstimator {
  private static final int REFRESH_AFTER = 4_096;
  private static final int MOST_PENDING = 512;

  /** So few rows are added faster one by one, with the same bits, than gathered. */
  private static final int FEW = 2;

  private final Estimator estimator;
  private final ConfigEncoder encoder;
  private final RowOps rowOps;
  private final SparseOps sparseOps;
  private final Ensemble ensemble;
  private final long[] masks;
  private final BlockChoice[] choices;
  private final MemorySegment sums;
  private final MemorySegment pendingRows;
  private final MemorySegment pendingSigns;
  private int pending;
  private double linear;
  private int addedRows;

  IncrementalEstimator(Estimator estimator, CappedArena arena, VectorOps ops) {
    this.estimator = estimator;
    this.encoder = estimator.encoder();
    this.rowOps = ops.rows();
    this.sparseOps = ops.sparse();
    this.ensemble = estimator.ensemble();
    this.masks = new long[encoder.groups()];
    this.choices = new BlockChoice[encoder.groups()];
    this.sums = arena.allocateFloats(ensemble.units(), "estimator: sums of the units");
    this.pendingRows = arena.allocateInts(MOST_PENDING, "estimator: rows to add");
    this.pendingSigns = arena.allocateFloats(MOST_PENDING, "estimator: their signs");
    clear();
  }

  /** The predicted metric of a configuration, one choice a group. */
  @SuppressWarnings("ReferenceEquality") // counts what may have changed; what has not costs nothing
  public double predict(List<BlockChoice> wanted) {
    if (wanted.size() != masks.length) {
      throw new IllegalArgumentException(
          "choices: expected " + masks.length + " groups, got " + wanted.size());
    }
    int changed = 0;
    for (int g = 0; g < masks.length; g++) {
      changed += wanted.get(g) == choices[g] ? 0 : 1;
    }
    if (2 * changed > masks.length) {
      clear();
    }
    for (int g = 0; g < masks.length; g++) {
      setChoice(g, wanted.get(g));
    }
    return predict();
  }

  /** Changes one group's choice. */
  @SuppressWarnings("ReferenceEquality") // a shortcut; an equal choice changes no bit either
  public void setChoice(int group, BlockChoice choice) {
    BlockChoice old = choices[group];
    if (choice == old) {
      return;
    }
    long mask = encoder.groupMask(choice);
    long flipped = mask ^ masks[group];
    boolean byPrefix = choice.isPrefix() && (old == null || old.isPrefix());
    if (byPrefix && Long.bitCount(flipped) > (old == null ? 1 : 2)) {
      add(ensemble.prefixRow(group, choice), 1);
      if (old != null) {
        add(ensemble.prefixRow(group, old), -1);
      }
    } else {
      int first = group * encoder.groupWidth();
      for (long left = flipped; left != 0; left &= left - 1) {
        int bit = Long.numberOfTrailingZeros(left);
        add(first + bit, (mask >>> bit & 1) != 0 ? 1 : -1);
      }
    }
    masks[group] = mask;
    choices[group] = choice;
  }

  private void add(int row, float sign) {
    if (pending == MOST_PENDING) {
      flush();
    }
    pendingRows.setAtIndex(ValueLayout.JAVA_INT, pending, row);
    pendingSigns.setAtIndex(ValueLayout.JAVA_FLOAT, pending, sign);
    pending++;
    linear += sign * ensemble.linear(row);
  }

  private void flush() {
    int units = ensemble.units();
    if (pending <= FEW) {
      for (int i = 0; i < pending; i++) {
        long row = pendingRows.getAtIndex(ValueLayout.JAVA_INT, i);
        float sign = pendingSigns.getAtIndex(ValueLayout.JAVA_FLOAT, i);
        rowOps.axpyInPlace(sign, ensemble.rows(), row * units * Float.BYTES, sums, 0, units);
      }
    } else {
      sparseOps.addWeightedRows(
          pending,
          pendingRows,
          0,
          pendingSigns,
          0,
          ensemble.rows(),
          0,
          ensemble.rowCount(),
          units,
          sums,
          0,
          units);
    }
    addedRows += pending;
    pending = 0;
  }

  /** The predicted metric of the choices as they are set. */
  public double predict() {
    if (pending > 0) {
      flush();
    }
    if (addedRows > REFRESH_AFTER) {
      refresh();
    }
    float units = rowOps.rectifiedDot(sums, 0, ensemble.outputs(), 0, ensemble.units());
    return estimator.metric(linear + units);
  }

  private void refresh() {
    sums.copyFrom(ensemble.biases());
    linear = ensemble.constant();
    for (int g = 0; g < masks.length; g++) {
      for (long left = masks[g]; left != 0; left &= left - 1) {
        add(g * encoder.groupWidth() + Long.numberOfTrailingZeros(left), 1);
      }
    }
    flush();
    addedRows = 0;
  }

  /** Starts again from no choice at all. */
  private void clear() {
    Arrays.fill(masks, 0);
    Arrays.fill(choices, null);
    pending = 0;
    addedRows = 0;
    linear = ensemble.constant();
    sums.copyFrom(ensemble.biases());
  }
}
