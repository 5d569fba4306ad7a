package org.concertina.serve;

import java.lang.foreign.MemorySegment;
import org.concertina.block.NormCodes;
import org.concertina.block.PackedElements;
import org.concertina.block.Precision;
import org.concertina.kernel.ScreenTask;
import org.concertina.memory.CappedArena;

/**
 * Inverse norms of rows of unit codes ahead of requests, two bytes a row on one scale a group: what
 * screening would spend half of its time on. No result shows them.
 *
 * <p>Immutable and thread-safe; the memory belongs to the arena.
 */
final class RowNorms {
  private final ServingPlan plan;
  private final MemorySegment norms;
  private final long[] offsets;
  private final float[] scales;

  /** Takes {@link #bytes} and measures all rows of unit codes that can be screened. */
  RowNorms(ServingPlan plan, CappedArena arena) {
    this.plan = plan;
    this.norms = arena.allocate(bytes(plan), "inverse norms of rows");
    this.offsets = new long[plan.groups];
    this.scales = new float[plan.groups];
    long next = 0;
    for (int g : plan.kept) {
      offsets[g] = next;
      if (bytes(plan, g) == 0 || !measure(g)) {
        offsets[g] = ScreenTask.NONE;
      }
      next += bytes(plan, g);
    }
  }

  /** How many it takes; 0 if no group has any. */
  static long bytes(ServingPlan plan) {
    long sum = 0;
    for (int g : plan.kept) {
      sum += bytes(plan, g);
    }
    return sum;
  }

  private static long bytes(ServingPlan plan, int group) {
    boolean measured = plan.screenable[group] && plan.precisions[group].isUnitCodes();
    return measured ? (long) plan.tileCount(group) * ServingPlan.TILE_ROWS * Short.BYTES : 0;
  }

  /** Returns whether every row's number is near enough; those of a writer's rows mostly are. */
  private boolean measure(int group) {
    float[] inverse = new float[plan.tileCount(group) * ServingPlan.TILE_ROWS];
    for (int i = 0; i < inverse.length; i++) {
      inverse[i] = inverseNorm(group, plan.starts[group] + i);
    }
    scales[group] = NormCodes.pack(inverse, inverse.length, norms, offsets[group]);
    return scales[group] != 0;
  }

  /** Zero for a row of zeros, which scores zero by any norm, such as one behind the last. */
  private float inverseNorm(int group, int row) {
    Precision precision = plan.precisions[group];
    long tileAt = plan.tileOffset(group, row);
    int rowInTile = plan.rowInTile(group, row);
    int dims = plan.dims[group];
    float inverse = PackedElements.inverseNorm(plan.bytes, tileAt, rowInTile, dims, precision);
    if (inverse == 1) {
      int k = 0;
      while (k < dims && plan.stored(group, tileAt, rowInTile, k) == 0) {
        k++;
      }
      return k == dims ? 0 : inverse;
    }
    return inverse;
  }

  MemorySegment norms() {
    return norms;
  }

  /** Where that of a row of the group stands; {@link ScreenTask#NONE} if there is none. */
  long offsetBytes(int group, int row) {
    long first = offsets[group];
    return first < 0 ? first : first + (long) (row - plan.starts[group]) * Short.BYTES;
  }

  /** What a number of the group counts. */
  float scale(int group) {
    return scales[group];
  }
}
