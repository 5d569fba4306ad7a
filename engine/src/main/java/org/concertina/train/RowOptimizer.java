package org.concertina.train;

import java.lang.foreign.MemorySegment;
import java.util.List;
import org.concertina.kernel.OptimizerOps;
import org.concertina.memory.CappedArena;

/**
 * How a gradient moves a row of the trained weights, and what has to be remembered of every row for
 * that.
 *
 * <p>Lazy: a row that no batch touches stays as it is. Different rows may be moved by different
 * threads; {@link #setStep} runs while nobody moves any. Nothing is allocated a step.
 */
sealed interface RowOptimizer permits Adam, Adagrad {
  /** The optimiser of a configuration for these weights, with nothing to remember yet. */
  static RowOptimizer allocate(
      CappedArena arena, OptimizerOps ops, TrainConfig config, EmbeddingModel weights) {
    return switch (config.optimizer().kind()) {
      case ADAM -> Adam.allocate(arena, ops, config.encoder(), weights);
      case ADAGRAD -> Adagrad.allocate(arena, ops, weights);
    };
  }

  /**
   * Goes to step {@code t >= 1}.
   *
   * @param l2 weight of the L2 penalty on the rows that are moved
   */
  void setStep(long t, double learningRate, double l2);

  /** Moves a user's row; only the floats of a weight row are read of {@code gradient}. */
  void moveUser(int user, MemorySegment gradient, long gradientOffsetBytes);

  /** Moves an item's row; only the floats of a weight row are read of {@code gradient}. */
  void moveItem(int item, MemorySegment gradient, long gradientOffsetBytes);

  /** The same memory with a step of its own, for a thread that does not wait for others. */
  RowOptimizer withOwnStep();

  /** What is remembered, in the order in which checkpoints hold it. */
  List<MemorySegment> state();
}
