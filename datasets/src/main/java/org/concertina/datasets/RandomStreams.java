package org.concertina.datasets;

import java.util.SplittableRandom;

/**
 * Random numbers by purpose and index: those of a user or an item can be had without drawing
 * anybody else's, in any order and by any thread.
 */
final class RandomStreams {
  private static final long GOLDEN = 0x9E3779B97F4A7C15L;

  private final long seed;

  RandomStreams(long seed) {
    this.seed = seed;
  }

  /** What a stream is for. */
  enum Purpose {
    RANKS(1),
    ITEM_TASTES(2),
    ACTIVITY(3),
    USER_TASTES(4),
    TIMES(5),
    DRAWS(6),
    RATINGS(7),
    SPLIT(8);

    private final int number;

    Purpose(int number) {
      this.number = number;
    }
  }

  SplittableRandom of(Purpose purpose, long index) {
    long stream = mix(seed + GOLDEN * purpose.number);
    return new SplittableRandom(mix(stream ^ mix(index + GOLDEN)));
  }

  /** The finalizer of MurmurHash3 in Stafford's variant 13. */
  private static long mix(long value) {
    long z = (value ^ (value >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }
}
