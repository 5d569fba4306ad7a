package org.concertina.train;

import java.lang.foreign.MemorySegment;
import org.concertina.kernel.RowOps;
import org.concertina.kernel.SparseOps;
import org.concertina.kernel.VectorOps;
import org.concertina.kernel.WorkerPool;
import org.concertina.memory.CappedArena;
import org.concertina.memory.FloatTable;

/**
 * One pass of the graph encoder over user and item rows: {@code target = scale * (base + P above)}.
 *
 * <p>The last layer is needed at a batch's rows alone, and gradients are zero but there, so that
 * the first and the last pass of a batch do without most of the graph. Gradients of other rows are
 * never read: they may hold anything.
 */
final class GraphSweep {
  private static final int ROWS_TO_MOVE = 32;
  private static final int SLOTS_PER_TASK = 32;

  /** What takes a row's gradient. */
  interface Mover {
    void move(boolean users, int row, MemorySegment gradient, long offsetBytes);
  }

  /** Columns of a user and an item table. */
  record Rows(EmbeddingModel tables, long columnBytes) {
    FloatTable of(boolean users) {
      return users ? tables.users() : tables.items();
    }

    long offsetBytes(boolean users, int row) {
      return of(users).rowOffsetBytes(row) + columnBytes;
    }
  }

  /**
   * One pass.
   *
   * @param base null for zeros
   * @param target null if rows go to the mover
   */
  record Pass(Extent extent, Rows above, Rows base, Rows target, float scale) {}

  /** What a pass reads and writes. */
  enum Extent {
    /** From all rows to all rows. */
    ALL,
    /** From all rows to the batch's rows. */
    TO_BATCH,
    /** From all rows to all rows, but a base only at the batch's rows. */
    BASE_OF_BATCH,
    /** From the batch's rows to all rows, a base only at the batch's rows. */
    FROM_BATCH
  }

  private final RowOps rowOps;
  private final SparseOps sparseOps;
  private final WorkerPool pool;
  private final BipartiteGraph graph;
  private final int n;
  private final Mover mover;
  private final MemorySegment zeros;
  private final Scratch[] scratch;
  private final byte[] userMarks;
  private final byte[] itemMarks;
  private final WorkerPool.Task allTask = this::all;
  private final WorkerPool.Task toBatchTask = this::toBatch;
  private BatchPlan plan;
  private Pass pass;

  /** What a worker needs. */
  private static final class Scratch {
    private final MemorySegment rows;
    private final MemorySegment indices;
    private final MemorySegment weights;

    Scratch(CappedArena arena, int n, int maxDegree) {
      rows = arena.allocateFloats((long) ROWS_TO_MOVE * n, "gradients of rows");
      indices = arena.allocateInts(maxDegree, "columns of a row");
      weights = arena.allocateFloats(maxDegree, "weights of a row");
    }
  }

  /**
   * @param n floats of a row
   */
  GraphSweep(
      CappedArena arena,
      VectorOps ops,
      WorkerPool pool,
      BipartiteGraph graph,
      EmbeddingModel shape,
      int n,
      Mover mover) {
    this.rowOps = ops.rows();
    this.sparseOps = ops.sparse();
    this.pool = pool;
    this.graph = graph;
    this.n = n;
    this.mover = mover;
    this.zeros = arena.allocateFloats(n, "zeros");
    this.userMarks = new byte[(int) shape.users().rows()];
    this.itemMarks = new byte[(int) shape.items().rows()];
    this.scratch = new Scratch[pool.threads()];
    int maxDegree = graph.maxDegree();
    for (int w = 0; w < scratch.length; w++) {
      scratch[w] = new Scratch(arena, n, maxDegree);
    }
  }

  /** Marks the batch's rows; passes over a batch come between this and {@link #unmark}. */
  void mark(BatchPlan batch) {
    plan = batch;
    set((byte) 1);
  }

  void unmark() {
    set((byte) 0);
  }

  private void set(byte mark) {
    for (int slot = 0; slot < plan.userSlots; slot++) {
      userMarks[plan.userOfSlot[slot]] = mark;
    }
    for (int slot = 0; slot < plan.itemSlots; slot++) {
      itemMarks[plan.itemOfSlot[slot]] = mark;
    }
  }

  void run(Pass next) {
    pass = next;
    if (pass.extent() == Extent.TO_BATCH) {
      pool.run(tasks(plan.itemSlots) + tasks(plan.userSlots), toBatchTask);
    } else {
      pool.run(graph.tasks(true).length + graph.tasks(false).length - 2, allTask);
    }
  }

  private static int tasks(int slots) {
    return Math.ceilDiv(slots, SLOTS_PER_TASK);
  }

  private void toBatch(int task, int worker) {
    int itemTasks = tasks(plan.itemSlots);
    boolean users = task >= itemTasks;
    int first = (users ? task - itemTasks : task) * SLOTS_PER_TASK;
    int end = Math.min(first + SLOTS_PER_TASK, users ? plan.userSlots : plan.itemSlots);
    for (int slot = first; slot < end; slot++) {
      int row = users ? plan.userOfSlot[slot] : plan.itemOfSlot[slot];
      multiply(users, row, row + 1, true, worker);
    }
  }

  private void all(int task, int worker) {
    int itemTasks = graph.tasks(false).length - 1;
    boolean users = task >= itemTasks;
    int[] starts = graph.tasks(users);
    int local = users ? task - itemTasks : task;
    int end = starts[local + 1];
    byte[] marks = users ? userMarks : itemMarks;
    for (int row = starts[local]; row < end; ) {
      boolean based = pass.extent() == Extent.ALL || marks[row] != 0;
      int limit = Math.min(end, pass.target() == null ? row + ROWS_TO_MOVE : end);
      int next = row + 1;
      if (pass.extent() == Extent.ALL) {
        next = limit;
      } else if (pass.extent() == Extent.BASE_OF_BATCH && !based) {
        while (next < limit && marks[next] == 0) {
          next++;
        }
      }
      multiply(users, row, next, based, worker);
      row = next;
    }
  }

  /** Rows {@code first .. end - 1}, which all have a base or have none. */
  private void multiply(boolean users, int first, int end, boolean based, int worker) {
    Rows target = pass.target();
    Scratch own = scratch[worker];
    MemorySegment out = target == null ? own.rows : target.of(users).segment();
    long at = target == null ? 0 : target.offsetBytes(users, first);
    int outStride = target == null ? n : target.of(users).stride();
    Rows base = based ? pass.base() : null;
    MemorySegment from = base == null ? zeros : base.of(users).segment();
    long fromAt = base == null ? 0 : base.offsetBytes(users, first);
    if (pass.extent() == Extent.FROM_BATCH) {
      multiplySelected(users, first, from, fromAt, out, at, own);
    } else {
      FloatTable above = pass.above().of(!users);
      graph.multiply(
          sparseOps,
          users,
          first,
          end,
          above,
          pass.above().columnBytes(),
          pass.scale(),
          from,
          fromAt,
          base == null ? 0 : base.of(users).stride(),
          out,
          at,
          outStride,
          n);
    }
    if (target == null) {
      for (int row = first; row < end; row++) {
        mover.move(users, row, out, (long) (row - first) * n * Float.BYTES);
      }
    }
  }

  private void multiplySelected(
      boolean users,
      int row,
      MemorySegment base,
      long baseAt,
      MemorySegment out,
      long at,
      Scratch own) {
    MemorySegment.copy(base, baseAt, out, at, (long) n * Float.BYTES);
    byte[] marks = users ? itemMarks : userMarks;
    int count = graph.select(users, row, marks, own.indices, own.weights);
    FloatTable above = pass.above().of(!users);
    sparseOps.addWeightedRows(
        count,
        own.indices,
        0,
        own.weights,
        0,
        above.segment(),
        pass.above().columnBytes(),
        above.rows(),
        above.stride(),
        out,
        at,
        n);
    if (pass.scale() != 1f) {
      rowOps.scaleInPlace(pass.scale(), out, at, n);
    }
  }
}
