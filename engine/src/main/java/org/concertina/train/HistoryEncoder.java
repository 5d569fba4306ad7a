package org.concertina.train;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.concertina.interaction.InteractionMatrix;
import org.concertina.kernel.RowOps;
import org.concertina.kernel.SparseOps;
import org.concertina.kernel.VectorOps;
import org.concertina.kernel.WorkerPool;
import org.concertina.memory.CappedArena;
import org.concertina.memory.FloatTable;

/**
 * No user table: {@code h_u = n_u^-1/2 * sum over the user's training items of e_j / ||e_j||}, what
 * a device computes from unit rows.
 *
 * <p>A pair's own positive is left out of the pair's user vector, or the vector would give away the
 * answer; so every pair has its own slot. Pairs of one user share the sum, and share one gradient
 * towards the items of the history; a pair's own positive takes the pair's part back out. A user of
 * one item has a zero vector in training.
 */
final class HistoryEncoder implements Encoder {
  private static final int ROWS_PER_TASK = 64;

  private final RowOps rowOps;
  private final SparseOps sparseOps;
  private final WorkerPool pool;
  private final InteractionMatrix train;
  private final FloatTable items;
  private final RowOptimizer optimizer;
  private final int stride;
  private final HistoryIndex histories;
  private final MemorySegment mask;
  private final float[] inverseNorm;
  private final FloatTable users;
  private final FloatTable slotRows;
  private final float[] slotScale;
  private final FloatTable slotGradient;
  private final FloatTable runGradient;
  private final FloatTable itemGradient;
  private final EmbeddingModel all;
  private final Scratch[] scratch;
  private final WorkerPool.Task forwardTask = this::forwardSlots;
  private final WorkerPool.Task runTask = this::sumRuns;
  private final WorkerPool.Task moveTask = this::moveItems;
  private final WorkerPool.Task materializeTask = this::materializeUsers;
  private BatchPlan plan;

  /** What a worker needs for one row. */
  private static final class Scratch {
    private final MemorySegment weights;
    private final MemorySegment sum;
    private final MemorySegment total;
    private final MemorySegment unit;

    Scratch(CappedArena arena, int stride, int maxDegree) {
      weights = arena.allocateFloats(maxDegree, "weights of a history");
      sum = arena.allocateFloats(stride, "sum of a history");
      total = arena.allocateFloats(stride, "gradient of an item");
      unit = arena.allocateFloats(stride, "unit row");
    }
  }

  HistoryEncoder(
      CappedArena arena,
      VectorOps ops,
      WorkerPool pool,
      TrainConfig config,
      InteractionMatrix train,
      EmbeddingModel weights,
      RowOptimizer optimizer) {
    this.rowOps = ops.rows();
    this.sparseOps = ops.sparse();
    this.pool = pool;
    this.train = train;
    this.items = weights.items();
    this.optimizer = optimizer;
    this.stride = items.stride();
    int batch = config.schedule().batchSize();
    int dim = items.dim();
    int negatives = BatchStep.negatives(config, train.items());
    this.histories = new HistoryIndex(arena, train, batch, stride);
    this.mask = arena.allocateFloats(stride, "mask of ones");
    for (int d = 0; d < dim; d++) {
      mask.setAtIndex(ValueLayout.JAVA_FLOAT, d, 1f);
    }
    this.users = FloatTable.allocate(arena, train.users(), dim, "users from their histories");
    this.all = new EmbeddingModel(users, items);
    this.slotRows = FloatTable.allocate(arena, batch, dim, "users of the pairs");
    this.slotScale = new float[batch];
    this.slotGradient = FloatTable.allocate(arena, batch, dim, "gradients of the pairs' users");
    this.runGradient = FloatTable.allocate(arena, batch, dim, "gradients of the users");
    this.itemGradient =
        FloatTable.allocate(arena, (long) batch + negatives, dim, "gradients of the items");
    this.scratch = new Scratch[pool.threads()];
    for (int w = 0; w < scratch.length; w++) {
      scratch[w] = new Scratch(arena, stride, train.maxDegree());
    }
    this.inverseNorm = new float[train.items()];
    for (int item = 0; item < train.items(); item++) {
      normalize(item, scratch[0]);
    }
  }

  private void normalize(int item, Scratch s) {
    long at = items.rowOffsetBytes(item);
    inverseNorm[item] = rowOps.normalizeMasked(items.segment(), at, mask, 0, s.unit, 0, stride);
  }

  @Override
  public boolean slotPerPair() {
    return true;
  }

  /** {@code out = sum of the user's unit rows}. */
  private void sum(int user, Scratch s, MemorySegment out, long outOffsetBytes) {
    long begin = train.begin(user);
    int degree = train.degree(user);
    for (int j = 0; j < degree; j++) {
      s.weights.setAtIndex(ValueLayout.JAVA_FLOAT, j, inverseNorm[train.itemAt(begin + j)]);
    }
    MemorySegment.copy(histories.zeros(), 0, out, outOffsetBytes, (long) stride * Float.BYTES);
    sparseOps.addWeightedRows(
        degree,
        train.itemIndices(),
        begin * Integer.BYTES,
        s.weights,
        0,
        items.segment(),
        0,
        items.rows(),
        stride,
        out,
        outOffsetBytes,
        stride);
  }

  @Override
  public void forward(BatchPlan current) {
    plan = current;
    pool.run(Math.ceilDiv(plan.userSlots, ROWS_PER_TASK), forwardTask);
  }

  private void forwardSlots(int task, int worker) {
    Scratch s = scratch[worker];
    int end = Math.min((task + 1) * ROWS_PER_TASK, plan.userSlots);
    int summed = -1;
    for (int slot = task * ROWS_PER_TASK; slot < end; slot++) {
      int user = plan.userOfSlot[slot];
      if (user != summed) {
        sum(user, s, s.sum, 0);
        summed = user;
      }
      int others = train.degree(user) - 1;
      slotScale[slot] = others == 0 ? 0 : (float) (1 / Math.sqrt(others));
      MemorySegment rows = slotRows.segment();
      long at = slotRows.rowOffsetBytes(slot);
      MemorySegment from = others == 0 ? histories.zeros() : s.sum;
      MemorySegment.copy(from, 0, rows, at, (long) stride * Float.BYTES);
      if (others > 0) {
        int positive = plan.itemOfSlot[plan.itemSlotOfPair[slot]];
        long item = items.rowOffsetBytes(positive);
        rowOps.axpyInPlace(-inverseNorm[positive], items.segment(), item, rows, at, stride);
        rowOps.scaleInPlace(slotScale[slot], rows, at, stride);
      }
    }
  }

  @Override
  public FloatTable users() {
    return slotRows;
  }

  @Override
  public int userRow(BatchPlan current, int slot) {
    return slot;
  }

  @Override
  public FloatTable items() {
    return items;
  }

  @Override
  public void index(BatchPlan current) {
    histories.index(current);
  }

  @Override
  public void userGradient(BatchPlan current, int slot, MemorySegment g, long offsetBytes) {
    long at = slotGradient.rowOffsetBytes(slot);
    MemorySegment.copy(g, offsetBytes, slotGradient.segment(), at, (long) stride * Float.BYTES);
    rowOps.scaleInPlace(slotScale[slot], slotGradient.segment(), at, stride);
  }

  @Override
  public void itemGradient(BatchPlan current, int slot, MemorySegment g, long offsetBytes) {
    long at = itemGradient.rowOffsetBytes(slot);
    MemorySegment.copy(g, offsetBytes, itemGradient.segment(), at, (long) stride * Float.BYTES);
  }

  @Override
  public void backward(BatchPlan current) {
    pool.run(Math.ceilDiv(histories.runs(), ROWS_PER_TASK), runTask);
    pool.run(Math.ceilDiv(histories.touched(), ROWS_PER_TASK), moveTask);
  }

  private void sumRuns(int task, int worker) {
    int end = Math.min((task + 1) * ROWS_PER_TASK, histories.runs());
    for (int run = task * ROWS_PER_TASK; run < end; run++) {
      MemorySegment sums = runGradient.segment();
      long at = runGradient.rowOffsetBytes(run);
      MemorySegment.copy(histories.zeros(), 0, sums, at, (long) stride * Float.BYTES);
      for (int slot = histories.firstSlot(run); slot < histories.firstSlot(run + 1); slot++) {
        long from = slotGradient.rowOffsetBytes(slot);
        rowOps.axpyInPlace(1f, slotGradient.segment(), from, sums, at, stride);
      }
    }
  }

  private void moveItems(int task, int worker) {
    int end = Math.min((task + 1) * ROWS_PER_TASK, histories.touched());
    for (int place = task * ROWS_PER_TASK; place < end; place++) {
      moveItem(histories.ascending(place), scratch[worker]);
    }
  }

  private void moveItem(int local, Scratch s) {
    int item = histories.item(local);
    long bytes = (long) stride * Float.BYTES;
    MemorySegment.copy(histories.zeros(), 0, s.sum, 0, bytes);
    histories.addRuns(sparseOps, local, runGradient, s.sum);
    boolean inBatch = local < plan.itemSlots;
    if (inBatch) {
      for (int i = plan.firstOfItemSlot[local]; i < plan.firstOfItemSlot[local + 1]; i++) {
        long own = slotGradient.rowOffsetBytes(plan.pairsByItem[i]);
        rowOps.axpyInPlace(-1f, slotGradient.segment(), own, s.sum, 0, stride);
      }
    }
    MemorySegment direct = inBatch ? itemGradient.segment() : histories.zeros();
    long at = inBatch ? itemGradient.rowOffsetBytes(local) : 0;
    MemorySegment.copy(direct, at, s.total, 0, bytes);
    MemorySegment.copy(items.segment(), items.rowOffsetBytes(item), s.unit, 0, bytes);
    rowOps.scaleInPlace(inverseNorm[item], s.unit, 0, stride);
    rowOps.normalizeMaskedBackward(
        inverseNorm[item], s.unit, 0, mask, 0, s.sum, 0, s.total, 0, stride);
    optimizer.moveItem(item, s.total, 0);
    normalize(item, s);
  }

  @Override
  public EmbeddingModel materialize() {
    pool.run(Math.ceilDiv(train.users(), ROWS_PER_TASK), materializeTask);
    return all;
  }

  private void materializeUsers(int task, int worker) {
    int end = Math.min((task + 1) * ROWS_PER_TASK, train.users());
    for (int user = task * ROWS_PER_TASK; user < end; user++) {
      long at = users.rowOffsetBytes(user);
      sum(user, scratch[worker], users.segment(), at);
      float scale = (float) (1 / Math.sqrt(Math.max(1, train.degree(user))));
      rowOps.scaleInPlace(scale, users.segment(), at, stride);
    }
  }
}
