package org.concertina.train;

import java.lang.foreign.MemorySegment;
import org.concertina.memory.FloatTable;

/** Weights are vectors: matrix factorisation, a row moves when its gradient arrives. */
final class FactorEncoder implements Encoder {
  private final EmbeddingModel model;
  private final RowOptimizer optimizer;

  FactorEncoder(EmbeddingModel model, RowOptimizer optimizer) {
    this.model = model;
    this.optimizer = optimizer;
  }

  @Override
  public FloatTable users() {
    return model.users();
  }

  @Override
  public int userRow(BatchPlan plan, int slot) {
    return plan.userOfSlot[slot];
  }

  @Override
  public FloatTable items() {
    return model.items();
  }

  @Override
  public void userGradient(BatchPlan plan, int slot, MemorySegment gradient, long offsetBytes) {
    optimizer.moveUser(plan.userOfSlot[slot], gradient, offsetBytes);
  }

  @Override
  public void itemGradient(BatchPlan plan, int slot, MemorySegment gradient, long offsetBytes) {
    optimizer.moveItem(plan.itemOfSlot[slot], gradient, offsetBytes);
  }

  @Override
  public EmbeddingModel materialize() {
    return model;
  }
}
