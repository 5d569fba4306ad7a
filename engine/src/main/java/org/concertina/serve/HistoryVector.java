package org.concertina.serve;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.concertina.block.PackedElements;

/**
 * The user vector that packed rows add up to; scratch of one thread.
 *
 * <p>A view: whoever made the segment owns it. Costs d multiply-adds a row; allocates nothing.
 */
final class HistoryVector {
  private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT;

  private final ServingPlan plan;
  private final MemorySegment vector;

  /** The vector is d floats from the segment's start. */
  HistoryVector(ServingPlan plan, MemorySegment vector) {
    this.plan = plan;
    this.vector = vector;
  }

  /** What {@link #fold} made last. */
  MemorySegment vector() {
    return vector;
  }

  /** Makes {@code m^-1/2 * sum of the rows}; returns m, the number of rows that exist. */
  int fold(int[] rows, int n) {
    vector.fill((byte) 0);
    int known = 0;
    for (int i = 0; i < n; i++) {
      if (plan.isRow(rows[i])) {
        add(rows[i]);
        known++;
      }
    }
    if (known > 1) {
      float factor = (float) (1 / Math.sqrt(known));
      for (int k = 0; k < plan.shape.dim(); k++) {
        long at = (long) k * Float.BYTES;
        vector.set(FLOAT, at, vector.get(FLOAT, at) * factor);
      }
    }
    return known;
  }

  /** Makes the vector of one row, which exists: its own kept blocks, zeros elsewhere. */
  void ofRow(int row) {
    vector.fill((byte) 0);
    add(row);
  }

  private void add(int row) {
    int group = plan.groupOf(row);
    int dims = plan.dims[group];
    long tileAt = plan.tileOffset(group, row);
    int rowInTile = plan.rowInTile(group, row);
    float factor =
        plan.precisions[group].isUnitCodes()
            ? PackedElements.inverseNorm(
                plan.bytes, tileAt, rowInTile, dims, plan.precisions[group])
            : plan.scales[group];
    int blockDim = plan.shape.blockDim();
    int element = 0;
    for (long left = plan.masks[group]; left != 0; left &= left - 1) {
      long to = (long) Long.numberOfTrailingZeros(left) * blockDim * Float.BYTES;
      for (int k = 0; k < blockDim; k++) {
        float stored = plan.stored(group, tileAt, rowInTile, element);
        vector.set(FLOAT, to, Math.fma(factor, stored, vector.get(FLOAT, to)));
        element++;
        to += Float.BYTES;
      }
    }
  }
}
