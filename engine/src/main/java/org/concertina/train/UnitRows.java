package org.concertina.train;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.concertina.kernel.RowOps;
import org.concertina.kernel.WorkerPool;
import org.concertina.memory.CappedArena;
import org.concertina.memory.FloatTable;

/** Rows divided by their norms, so that a dot product ranks by cosine; zero rows stay zero. */
public final class UnitRows {
  private static final int ROWS_PER_TASK = 1024;

  private UnitRows() {}

  /** A normalised copy of a table, owned by {@code arena}. */
  public static FloatTable of(CappedArena arena, RowOps ops, WorkerPool pool, FloatTable table) {
    FloatTable unit = FloatTable.allocate(arena, table.rows(), table.dim(), "unit rows");
    int n = table.stride();
    MemorySegment ones = arena.allocateFloats(n, "mask of ones");
    for (int d = 0; d < n; d++) {
      ones.setAtIndex(ValueLayout.JAVA_FLOAT, d, 1f);
    }
    int tasks = (int) ((table.rows() + ROWS_PER_TASK - 1) / ROWS_PER_TASK);
    pool.run(
        tasks,
        (task, worker) -> {
          long end = Math.min(table.rows(), (task + 1L) * ROWS_PER_TASK);
          for (long row = (long) task * ROWS_PER_TASK; row < end; row++) {
            long at = table.rowOffsetBytes(row);
            ops.normalizeMasked(table.segment(), at, ones, 0, unit.segment(), at, n);
          }
        });
    return unit;
  }
}
