package org.concertina.train;

import java.lang.foreign.MemorySegment;
import org.concertina.interaction.InteractionMatrix;
import org.concertina.kernel.VectorOps;
import org.concertina.kernel.WorkerPool;
import org.concertina.memory.CappedArena;
import org.concertina.memory.FloatTable;

/**
 * Light graph convolution (LightGCN, He et al., SIGIR 2020): with the symmetric normalised
 * adjacency P and weights E, layer k is {@code P^k E}, and vectors are the mean of layers 0 to L or
 * the layers side by side.
 *
 * <p>P is symmetric, so the backward pass is the same product on the gradients. Both are nested
 * ({@code E + P (E + P E)}), a pass over all rows for each layer; the last backward pass moves
 * every row by a dense step. A batch costs 2 L sparse products over the whole graph, whatever its
 * size.
 */
final class GraphEncoder implements Encoder {
  /** Columns of a user and an item table. */
  private record Rows(EmbeddingModel tables, long columnBytes) {
    FloatTable of(boolean users) {
      return users ? tables.users() : tables.items();
    }

    long offsetBytes(boolean users, int row) {
      return of(users).rowOffsetBytes(row) + columnBytes;
    }
  }

  /**
   * One sweep over all rows: {@code target = scale * (base + P previous)}.
   *
   * @param start what the target's row is set to before
   * @param base what is added, if that is a base
   * @param target null for scratch
   * @param end what is done with a row afterwards
   */
  private record Pass(Rows previous, Start start, Rows base, Rows target, float scale, End end) {}

  /** What a row begins with. */
  private enum Start {
    ZERO,
    BASE,
    ITSELF
  }

  /** What follows a row. */
  private enum End {
    NOTHING,
    CLEAR_GRADIENT,
    MOVE_WEIGHTS
  }

  private final VectorOps ops;
  private final WorkerPool pool;
  private final EmbeddingModel weights;
  private final RowOptimizer optimizer;
  private final BipartiteGraph graph;
  private final boolean concat;
  private final int n;
  private final EmbeddingModel output;
  private final EmbeddingModel gradient;
  private final Pass[] forward;
  private final Pass[] backward;
  private final MemorySegment zeros;
  private final MemorySegment[] scratch;
  private final WorkerPool.Task sweepTask = this::sweep;
  private Pass pass;

  GraphEncoder(
      CappedArena arena,
      VectorOps ops,
      WorkerPool pool,
      TrainConfig config,
      InteractionMatrix train,
      EmbeddingModel weights,
      RowOptimizer optimizer) {
    this.ops = ops;
    this.pool = pool;
    this.weights = weights;
    this.optimizer = optimizer;
    this.graph = new BipartiteGraph(arena, train);
    this.concat = config.encoder().combine() == GraphCombine.CONCAT;
    // Padding is zero, and whole vectors are faster; concatenated layers have none between them.
    this.n = concat ? weights.items().dim() : weights.items().stride();
    int layers = config.encoder().layers();
    int dim = config.shape().dim();
    this.output = EmbeddingModel.allocate(arena, train.users(), train.items(), dim);
    this.gradient = EmbeddingModel.allocate(arena, train.users(), train.items(), dim);
    this.forward = new Pass[layers];
    this.backward = new Pass[layers];
    if (concat) {
      concatPasses(layers);
    } else {
      meanPasses(arena, layers, dim);
    }
    this.zeros = arena.allocateFloats(output.items().stride(), "zeros");
    this.scratch = new MemorySegment[pool.threads()];
    for (int w = 0; w < scratch.length; w++) {
      scratch[w] = arena.allocateFloats(n, "gradient of a row");
    }
  }

  private void meanPasses(CappedArena arena, int layers, int dim) {
    Rows[] between = new Rows[Math.min(2, layers - 1)];
    for (int i = 0; i < between.length; i++) {
      between[i] =
          new Rows(
              EmbeddingModel.allocate(
                  arena, (int) output.users().rows(), (int) output.items().rows(), dim),
              0);
    }
    Rows in = new Rows(weights, 0);
    Rows gradients = new Rows(gradient, 0);
    for (int k = 0; k < layers; k++) {
      boolean last = k == layers - 1;
      float scale = last ? 1f / (layers + 1) : 1f;
      Rows previous = k == 0 ? null : between[(k - 1) % 2];
      Rows above = k == 0 ? in : previous;
      Rows target = last ? new Rows(output, 0) : between[k % 2];
      End end = k == 0 ? End.CLEAR_GRADIENT : End.NOTHING;
      forward[k] = new Pass(above, Start.BASE, in, target, scale, end);
      above = k == 0 ? gradients : previous;
      target = last ? null : target;
      end = last ? End.MOVE_WEIGHTS : End.NOTHING;
      backward[k] = new Pass(above, Start.BASE, gradients, target, scale, end);
    }
  }

  private void concatPasses(int layers) {
    long layerBytes = (long) n * Float.BYTES;
    for (int k = 0; k < layers; k++) {
      Rows above = k == 0 ? new Rows(weights, 0) : forward[k - 1].target();
      Rows target = new Rows(output, (k + 1) * layerBytes);
      End end = k == 0 ? End.CLEAR_GRADIENT : End.NOTHING;
      forward[k] = new Pass(above, Start.ZERO, null, target, 1f, end);
      above = new Rows(gradient, (layers - k) * layerBytes);
      target = new Rows(gradient, (layers - 1 - k) * layerBytes);
      end = k == layers - 1 ? End.MOVE_WEIGHTS : End.NOTHING;
      backward[k] = new Pass(above, Start.ITSELF, null, target, 1f, end);
    }
  }

  @Override
  public void forward(BatchPlan plan) {
    run(forward);
  }

  @Override
  public void backward(BatchPlan plan) {
    run(backward);
  }

  private void run(Pass[] passes) {
    int tasks = graph.tasks(true).length + graph.tasks(false).length - 2;
    for (Pass next : passes) {
      pass = next;
      pool.run(tasks, sweepTask);
    }
  }

  private void sweep(int task, int worker) {
    int itemTasks = graph.tasks(false).length - 1;
    boolean users = task >= itemTasks;
    int[] starts = graph.tasks(users);
    int local = users ? task - itemTasks : task;
    for (int row = starts[local]; row < starts[local + 1]; row++) {
      sweepRow(users, row, worker);
    }
  }

  private void sweepRow(boolean users, int row, int worker) {
    long bytes = (long) n * Float.BYTES;
    Rows target = pass.target();
    MemorySegment out = target == null ? scratch[worker] : target.of(users).segment();
    long at = target == null ? 0 : target.offsetBytes(users, row);
    switch (pass.start()) {
      case ZERO -> MemorySegment.copy(zeros, 0, out, at, bytes);
      case BASE -> {
        Rows base = pass.base();
        MemorySegment.copy(base.of(users).segment(), base.offsetBytes(users, row), out, at, bytes);
      }
      case ITSELF -> {}
    }
    Rows previous = pass.previous();
    graph.addRow(ops, users, row, previous.of(!users), previous.columnBytes(), out, at, n);
    if (pass.scale() != 1f) {
      ops.scaleInPlace(pass.scale(), out, at, n);
    }
    switch (pass.end()) {
      case CLEAR_GRADIENT -> clearGradient(users, row, bytes);
      case MOVE_WEIGHTS -> move(users, row, out, at);
      case NOTHING -> {}
    }
  }

  /** Makes a row ready for the batch's gradients; layer 0 is its own part of a concatenation. */
  private void clearGradient(boolean users, int row, long bytes) {
    FloatTable gradients = users ? gradient.users() : gradient.items();
    long at = gradients.rowOffsetBytes(row);
    MemorySegment.copy(zeros, 0, gradients.segment(), at, zeros.byteSize());
    if (concat) {
      FloatTable base = users ? weights.users() : weights.items();
      FloatTable out = users ? output.users() : output.items();
      MemorySegment.copy(base.segment(), base.rowOffsetBytes(row), out.segment(), at, bytes);
    }
  }

  private void move(boolean users, int row, MemorySegment g, long at) {
    if (users) {
      optimizer.moveUser(row, g, at);
    } else {
      optimizer.moveItem(row, g, at);
    }
  }

  @Override
  public FloatTable users() {
    return output.users();
  }

  @Override
  public int userRow(BatchPlan plan, int slot) {
    return plan.userOfSlot[slot];
  }

  @Override
  public FloatTable items() {
    return output.items();
  }

  @Override
  public void userGradient(BatchPlan plan, int slot, MemorySegment g, long offsetBytes) {
    store(gradient.users(), plan.userOfSlot[slot], g, offsetBytes);
  }

  @Override
  public void itemGradient(BatchPlan plan, int slot, MemorySegment g, long offsetBytes) {
    store(gradient.items(), plan.itemOfSlot[slot], g, offsetBytes);
  }

  private static void store(FloatTable table, int row, MemorySegment g, long offsetBytes) {
    long bytes = (long) table.stride() * Float.BYTES;
    MemorySegment.copy(g, offsetBytes, table.segment(), table.rowOffsetBytes(row), bytes);
  }

  @Override
  public EmbeddingModel materialize() {
    run(forward);
    return output;
  }
}
