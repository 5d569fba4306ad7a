package org.concertina.train;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.concertina.interaction.InteractionMatrix;
import org.concertina.memory.CappedArena;

/**
 * A fixed part of every score that says how popular the item is: {@code s(u, i) = cos(h_u, e_i) +
 * tau * beta * ln(popularity_i / largest popularity)}.
 *
 * <p>Against uniform negatives the softmax has to learn how often an item is liked at all; what the
 * prior says, the embedding need not. With {@code beta} = 1 the embedding is left with what differs
 * from user to user. Priors are at most 0, so that scores stay at most 1.
 */
public final class ItemPrior {
  private ItemPrior() {}

  /**
   * The priors of all items; one without training interactions counts as one with one.
   *
   * @param arena owns the result
   * @return {@code items} floats, or null if {@code beta} is 0
   */
  public static MemorySegment of(
      CappedArena arena, InteractionMatrix train, TrainConfig.Softmax softmax) {
    if (softmax.popularityPrior() == 0) {
      return null;
    }
    int[] popularity = train.popularity();
    double largest = 1;
    for (int count : popularity) {
      largest = Math.max(largest, count);
    }
    double scale = softmax.temperature() * softmax.popularityPrior();
    MemorySegment prior = arena.allocateFloats(popularity.length, "item priors");
    for (int item = 0; item < popularity.length; item++) {
      double share = Math.max(1, popularity[item]) / largest;
      prior.setAtIndex(ValueLayout.JAVA_FLOAT, item, (float) (scale * StrictMath.log(share)));
    }
    return prior;
  }
}
