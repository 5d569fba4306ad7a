package org.concertina.train;

import org.concertina.interaction.InteractionMatrix;
import org.concertina.kernel.CounterRandom;

/**
 * Draws items with probability proportional to a power of their popularity, by Walker's alias
 * method.
 */
final class NegativeSampler {
  private final int items;
  private final double[] keep;
  private final int[] alias;

  /**
   * @param popularity training interactions of every item; an item without any counts as one
   * @param exponent 0 for uniform
   */
  NegativeSampler(int[] popularity, double exponent) {
    items = popularity.length;
    keep = new double[items];
    alias = new int[items];
    double total = 0;
    for (int i = 0; i < items; i++) {
      keep[i] = StrictMath.pow(Math.max(1, popularity[i]), exponent);
      total += keep[i];
    }
    int[] small = new int[items];
    int[] large = new int[items];
    int smallCount = 0;
    int largeCount = 0;
    for (int i = 0; i < items; i++) {
      keep[i] *= items / total;
      if (keep[i] < 1) {
        small[smallCount++] = i;
      } else {
        large[largeCount++] = i;
      }
    }
    while (smallCount > 0 && largeCount > 0) {
      int less = small[--smallCount];
      int more = large[largeCount - 1];
      alias[less] = more;
      keep[more] -= 1 - keep[less];
      if (keep[more] < 1) {
        largeCount--;
        small[smallCount++] = more;
      }
    }
    while (largeCount > 0) {
      keep[large[--largeCount]] = 1;
    }
    while (smallCount > 0) {
      keep[small[--smallCount]] = 1;
    }
  }

  /** Draws by the popularity that the items have in a training matrix. */
  static NegativeSampler of(InteractionMatrix train, double exponent) {
    return new NegativeSampler(train.popularity(), exponent);
  }

  int draw(long key, long counter) {
    int column = (int) CounterRandom.below(key, 2 * counter, items);
    return CounterRandom.unit(key, 2 * counter + 1) < keep[column] ? column : alias[column];
  }
}
