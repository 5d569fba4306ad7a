package org.concertina.train;

import org.concertina.kernel.CounterRandom;

/**
 * A random permutation of {@code 0 .. size - 1} without a table: a four-round Feistel network with
 * cycle walking (Black and Rogaway, CT-RSA 2002). Any element can be asked for, so that shuffling
 * takes no memory and no time up front.
 */
final class PairOrder {
  private static final int ROUNDS = 4;

  private final long size;
  private final int halfBits;
  private final long halfMask;

  PairOrder(long size) {
    this.size = size;
    int bits = Long.SIZE - Long.numberOfLeadingZeros(Math.max(1, size - 1));
    this.halfBits = (bits + 1) / 2;
    this.halfMask = (1L << halfBits) - 1;
  }

  /** Where the permutation with this key sends {@code index}. */
  long at(long key, long index) {
    long x = index;
    do {
      long left = x >>> halfBits;
      long right = x & halfMask;
      for (int round = 0; round < ROUNDS; round++) {
        long next = left ^ (CounterRandom.bits(key + round, right) & halfMask);
        left = right;
        right = next;
      }
      x = left << halfBits | right;
    } while (x >= size);
    return x;
  }
}
