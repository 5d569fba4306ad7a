package org.concertina.estimate;

import org.concertina.kernel.CounterRandom;

/** A sequence of draws from one stream of {@link CounterRandom}; not thread-safe. */
public final class Draws {
  private final long key;
  private long counter;

  /** The stream of a key. */
  public Draws(long key) {
    this.key = key;
  }

  /** A number in [0, bound). */
  public int below(int bound) {
    return (int) CounterRandom.below(key, counter++, bound);
  }

  /** A number in [least, most]. */
  public int between(int least, int most) {
    return least + below(most - least + 1);
  }

  /** A number in [0, 1). */
  public double unit() {
    return CounterRandom.unit(key, counter++);
  }

  /** True with this probability. */
  public boolean chance(double probability) {
    return unit() < probability;
  }

  /** Shuffles (Fisher and Yates). */
  public void shuffleInPlace(int[] values) {
    for (int i = values.length - 1; i > 0; i--) {
      int j = below(i + 1);
      int swapped = values[i];
      values[i] = values[j];
      values[j] = swapped;
    }
  }
}
