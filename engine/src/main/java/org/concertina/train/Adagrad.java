package org.concertina.train;

import java.lang.foreign.MemorySegment;
import java.util.List;
import org.concertina.kernel.OptimizerOps;
import org.concertina.memory.CappedArena;
import org.concertina.memory.FloatTable;

/**
 * Lazy row-wise Adagrad: one float of every row, the sum of its gradients' mean squares.
 *
 * <p>Adagrad (Duchi et al., JMLR 2011) has an accumulator of every weight; one a row, as large
 * recommenders train with, costs 1 / (2 dim) of Adam's memory. Rows that are touched often slow
 * down, rare ones keep long steps.
 */
final class Adagrad implements RowOptimizer {
  private static final float EPSILON = 1e-8f;

  private final OptimizerOps ops;
  private final EmbeddingModel weights;
  private final MemorySegment userSums;
  private final MemorySegment itemSums;
  private final float epsilon;
  private float learningRate;
  private float l2;

  private Adagrad(
      OptimizerOps ops,
      EmbeddingModel weights,
      MemorySegment userSums,
      MemorySegment itemSums,
      float epsilon) {
    this.ops = ops;
    this.weights = weights;
    this.userSums = userSums;
    this.itemSums = itemSums;
    this.epsilon = epsilon;
  }

  static Adagrad allocate(CappedArena arena, OptimizerOps ops, EmbeddingModel weights) {
    return allocate(arena, ops, weights, EPSILON);
  }

  /**
   * Allocates with another epsilon.
   *
   * @param epsilon added to the root of the sum
   */
  static Adagrad allocate(
      CappedArena arena, OptimizerOps ops, EmbeddingModel weights, float epsilon) {
    return new Adagrad(
        ops,
        weights,
        arena.allocateFloats(weights.users().rows(), "squared gradients of the users"),
        arena.allocateFloats(weights.items().rows(), "squared gradients of the items"),
        epsilon);
  }

  @Override
  public void setStep(long t, double newLearningRate, double newL2) {
    learningRate = (float) newLearningRate;
    l2 = (float) newL2;
  }

  @Override
  public Adagrad withOwnStep() {
    return new Adagrad(ops, weights, userSums, itemSums, epsilon);
  }

  @Override
  public void moveUser(int user, MemorySegment gradient, long gradientOffsetBytes) {
    move(weights.users(), userSums, user, gradient, gradientOffsetBytes);
  }

  @Override
  public void moveItem(int item, MemorySegment gradient, long gradientOffsetBytes) {
    move(weights.items(), itemSums, item, gradient, gradientOffsetBytes);
  }

  private void move(FloatTable w, MemorySegment sums, int row, MemorySegment g, long gAt) {
    // Not the stride: padding would count in the mean.
    ops.adagradInPlace(
        learningRate,
        epsilon,
        l2,
        w.segment(),
        w.rowOffsetBytes(row),
        sums,
        (long) row * Float.BYTES,
        g,
        gAt,
        w.dim());
  }

  @Override
  public List<MemorySegment> state() {
    return List.of(userSums, itemSums);
  }
}
