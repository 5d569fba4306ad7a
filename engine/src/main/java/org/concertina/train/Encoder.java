package org.concertina.train;

import java.lang.foreign.MemorySegment;
import org.concertina.memory.FloatTable;

/**
 * How users and items become the vectors that are scored, and how gradients of those vectors move
 * the trained weights.
 *
 * <p>For a batch, {@link #forward} makes the vectors; after the loss every slot's gradient arrives
 * once, in any order, from any worker, while {@link #index} runs; {@link #backward} ends the batch.
 * Every sum has an order that depends on the batch alone. Nothing is allocated per batch.
 */
interface Encoder {
  /** Whether the plan must give every pair its own user slot. */
  default boolean slotPerPair() {
    return false;
  }

  /** Makes the vectors that a batch needs; uses the pool. */
  default void forward(BatchPlan plan) {}

  /** Vectors of users; rows by {@link #userRow}. */
  FloatTable users();

  /** The row of a user slot in {@link #users}. */
  int userRow(BatchPlan plan, int slot);

  /** Vectors of items by item index. */
  FloatTable items();

  /** Prepares what needs no gradients; one thread, while others bring the gradients. */
  default void index(BatchPlan plan) {}

  /** Takes the gradient of a user slot's vector; {@code gradient} may be overwritten afterwards. */
  void userGradient(BatchPlan plan, int slot, MemorySegment gradient, long offsetBytes);

  /**
   * Takes the gradient of an item slot's vector; {@code gradient} may be overwritten afterwards.
   */
  void itemGradient(BatchPlan plan, int slot, MemorySegment gradient, long offsetBytes);

  /** Moves whatever weights have not moved yet; uses the pool. */
  default void backward(BatchPlan plan) {}

  /**
   * Vectors of all users and items for the weights as they are, as saved models hold them; valid
   * until the next batch.
   */
  EmbeddingModel materialize();
}
