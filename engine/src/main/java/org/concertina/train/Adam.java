package org.concertina.train;

import java.lang.foreign.MemorySegment;
import java.util.List;
import org.concertina.kernel.AdamStep;
import org.concertina.kernel.OptimizerOps;
import org.concertina.memory.CappedArena;
import org.concertina.memory.FloatTable;

/**
 * Lazy Adam (Kingma and Ba, ICLR 2015): two moments of every weight.
 *
 * @param weights the tables that are moved
 * @param first first moments, shaped like the weights
 * @param second second moments, shaped like the weights
 * @param step constants of the step under way
 * @param floats how many floats of a row are moved
 */
record Adam(
    OptimizerOps ops,
    EmbeddingModel weights,
    EmbeddingModel first,
    EmbeddingModel second,
    AdamStep step,
    int floats)
    implements RowOptimizer {

  static Adam allocate(
      CappedArena arena, OptimizerOps ops, TrainConfig.Encoding encoder, EmbeddingModel weights) {
    return allocate(arena, ops, encoder, weights, AdamStep.at(1, 1, 0));
  }

  /**
   * Allocates with the constants of a first step.
   *
   * @param step stays until {@link #setStep}
   */
  static Adam allocate(
      CappedArena arena,
      OptimizerOps ops,
      TrainConfig.Encoding encoder,
      EmbeddingModel weights,
      AdamStep step) {
    int floats = encoder.rowFloats(weights.items());
    return new Adam(
        ops,
        weights,
        moments(arena, weights, "first"),
        moments(arena, weights, "second"),
        step,
        floats);
  }

  private static EmbeddingModel moments(CappedArena arena, EmbeddingModel weights, String which) {
    int dim = weights.items().dim();
    return new EmbeddingModel(
        FloatTable.allocate(arena, weights.users().rows(), dim, which + " moments of the users"),
        FloatTable.allocate(arena, weights.items().rows(), dim, which + " moments of the items"));
  }

  @Override
  public void setStep(long t, double learningRate, double l2) {
    step.set(t, learningRate, l2);
  }

  @Override
  public Adam withOwnStep() {
    return new Adam(ops, weights, first, second, AdamStep.at(1, 1, 0), floats);
  }

  @Override
  public void moveUser(int user, MemorySegment gradient, long gradientOffsetBytes) {
    move(weights.users(), first.users(), second.users(), user, gradient, gradientOffsetBytes);
  }

  @Override
  public void moveItem(int item, MemorySegment gradient, long gradientOffsetBytes) {
    move(weights.items(), first.items(), second.items(), item, gradient, gradientOffsetBytes);
  }

  private void move(FloatTable w, FloatTable m, FloatTable v, int row, MemorySegment g, long gAt) {
    long at = w.rowOffsetBytes(row);
    ops.adamInPlace(step, w.segment(), at, m.segment(), at, v.segment(), at, g, gAt, floats);
  }

  @Override
  public List<MemorySegment> state() {
    return List.of(
        first.users().segment(),
        second.users().segment(),
        first.items().segment(),
        second.items().segment());
  }
}
