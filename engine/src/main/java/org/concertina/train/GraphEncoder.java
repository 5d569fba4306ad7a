package org.concertina.train;

import java.lang.foreign.MemorySegment;
import org.concertina.interaction.InteractionMatrix;
import org.concertina.kernel.VectorOps;
import org.concertina.kernel.WorkerPool;
import org.concertina.memory.CappedArena;
import org.concertina.memory.FloatTable;
import org.concertina.train.GraphSweep.Extent;
import org.concertina.train.GraphSweep.Pass;
import org.concertina.train.GraphSweep.Rows;

/**
 * Light graph convolution (LightGCN, He et al., SIGIR 2020): with the symmetric normalised
 * adjacency P and weights E, layer k is {@code P^k E}, and vectors are the mean of layers 0 to L or
 * the layers side by side.
 *
 * <p>P is symmetric, so the backward pass is the same product on the gradients. Both are nested
 * ({@code E + P (E + P E)}), a pass for each layer; the last backward pass moves every row by a
 * dense step. A batch costs {@code 2 L - 2} sparse products over the whole graph and two over the
 * part of it that touches the batch's rows.
 */
final class GraphEncoder implements Encoder {
  private final EmbeddingModel weights;
  private final RowOptimizer optimizer;
  private final boolean concat;
  private final int n;
  private final EmbeddingModel output;
  private final EmbeddingModel gradient;
  private final Pass[] forward;
  private final Pass[] backward;
  private final Pass lastOfAll;
  private final GraphSweep sweep;

  GraphEncoder(
      CappedArena arena,
      VectorOps ops,
      WorkerPool pool,
      TrainConfig config,
      InteractionMatrix train,
      EmbeddingModel weights,
      RowOptimizer optimizer) {
    this.weights = weights;
    this.optimizer = optimizer;
    this.concat = config.encoder().combine() == GraphCombine.CONCAT;
    this.n = config.encoder().rowFloats(weights.items());
    int layers = config.encoder().layers();
    int dim = config.shape().dim();
    this.output = EmbeddingModel.allocate(arena, train.users(), train.items(), dim);
    this.gradient = EmbeddingModel.allocate(arena, train.users(), train.items(), dim);
    this.forward = new Pass[layers];
    this.backward = new Pass[layers];
    passes(arena, layers);
    Pass last = forward[layers - 1];
    this.lastOfAll = new Pass(Extent.ALL, last.above(), last.base(), last.target(), last.scale());
    BipartiteGraph graph = new BipartiteGraph(arena, train);
    this.sweep = new GraphSweep(arena, ops, pool, graph, weights, n, this::move);
  }

  private void passes(CappedArena arena, int layers) {
    Rows[] between = new Rows[Math.min(2, layers - 1)];
    for (int i = 0; i < between.length; i++) {
      between[i] =
          new Rows(
              EmbeddingModel.allocate(
                  arena,
                  (int) weights.users().rows(),
                  (int) weights.items().rows(),
                  weights.items().dim()),
              0);
    }
    Rows in = new Rows(weights, 0);
    for (int k = 0; k < layers; k++) {
      boolean last = k == layers - 1;
      float scale = last && !concat ? 1f / (layers + 1) : 1f;
      Rows previous = k == 0 ? null : between[(k - 1) % 2];
      Rows next = last ? null : between[k % 2];
      Rows target = concat ? layer(output, k + 1) : last ? layer(output, 0) : next;
      forward[k] =
          new Pass(
              last ? Extent.TO_BATCH : Extent.ALL,
              k == 0 ? in : forward[k - 1].target(),
              concat ? null : in,
              target,
              scale);
      backward[k] =
          new Pass(
              k == 0 ? Extent.FROM_BATCH : Extent.BASE_OF_BATCH,
              k == 0 ? layer(gradient, layers) : previous,
              layer(gradient, layers - 1 - k),
              next,
              scale);
    }
  }

  /** The columns of a layer; layers that are averaged share all columns. */
  private Rows layer(EmbeddingModel tables, int layer) {
    return new Rows(tables, concat ? (long) layer * n * Float.BYTES : 0);
  }

  @Override
  public void forward(BatchPlan plan) {
    sweep.mark(plan);
    for (Pass pass : forward) {
      sweep.run(pass);
    }
    if (concat) {
      for (int slot = 0; slot < plan.userSlots; slot++) {
        copyFirstLayer(true, plan.userOfSlot[slot]);
      }
      for (int slot = 0; slot < plan.itemSlots; slot++) {
        copyFirstLayer(false, plan.itemOfSlot[slot]);
      }
    }
  }

  @Override
  public void backward(BatchPlan plan) {
    for (Pass pass : backward) {
      sweep.run(pass);
    }
    sweep.unmark();
  }

  private void copyFirstLayer(boolean users, int row) {
    FloatTable from = users ? weights.users() : weights.items();
    FloatTable to = users ? output.users() : output.items();
    long bytes = (long) n * Float.BYTES;
    MemorySegment.copy(
        from.segment(), from.rowOffsetBytes(row), to.segment(), to.rowOffsetBytes(row), bytes);
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
    for (int k = 0; k < forward.length - 1; k++) {
      sweep.run(forward[k]);
    }
    sweep.run(lastOfAll);
    if (concat) {
      for (int user = 0; user < output.users().rows(); user++) {
        copyFirstLayer(true, user);
      }
      for (int item = 0; item < output.items().rows(); item++) {
        copyFirstLayer(false, item);
      }
    }
    return output;
  }
}
