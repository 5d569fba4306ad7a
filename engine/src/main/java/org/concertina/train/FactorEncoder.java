package org.concertina.train;

import java.lang.foreign.MemorySegment;
import org.concertina.kernel.AdamStep;
import org.concertina.kernel.VectorOps;
import org.concertina.memory.FloatTable;

/** Weights are vectors: matrix factorisation, Adam's step fused with the gradient's arrival. */
final class FactorEncoder implements Encoder {
  private final VectorOps ops;
  private final EmbeddingModel model;
  private final AdamState adam;
  private AdamStep step;

  FactorEncoder(VectorOps ops, EmbeddingModel model, AdamState adam) {
    this.ops = ops;
    this.model = model;
    this.adam = adam;
  }

  @Override
  public void forward(BatchPlan plan, AdamStep adamStep) {
    step = adamStep;
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
    adam.updateUser(ops, step, model.users(), plan.userOfSlot[slot], gradient, offsetBytes);
  }

  @Override
  public void itemGradient(BatchPlan plan, int slot, MemorySegment gradient, long offsetBytes) {
    adam.updateItem(ops, step, model.items(), plan.itemOfSlot[slot], gradient, offsetBytes);
  }

  @Override
  public EmbeddingModel materialize() {
    return model;
  }
}
