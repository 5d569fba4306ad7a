package org.concertina.kernel;

/**
 * Stateless random numbers: a hash of a key and a counter, so that any draw can be made again, by
 * any thread, in any order.
 *
 * <p>The hash is the finaliser of SplitMix64 (Steele, Lea and Flood, OOPSLA 2014).
 */
public final class CounterRandom {
  private static final long GOLDEN_GAMMA = 0x9E3779B97F4A7C15L;

  private CounterRandom() {}

  /** 64 random bits of a key. */
  public static long mix(long key) {
    long z = key + GOLDEN_GAMMA;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }

  /** A key for a stream within a stream, such as a batch within an epoch within a seed. */
  public static long key(long parent, long child) {
    return mix(mix(parent) ^ (child * GOLDEN_GAMMA));
  }

  /** 64 random bits: draw number {@code counter} of the stream {@code key}. */
  public static long bits(long key, long counter) {
    return mix(key + counter * GOLDEN_GAMMA);
  }

  /** A number in [0, bound), by multiplication, without bias that matters below 2^40. */
  public static long below(long key, long counter, long bound) {
    return Math.unsignedMultiplyHigh(bits(key, counter), bound);
  }

  /** A number in [0, 1) with 53 random bits. */
  public static double unit(long key, long counter) {
    return (bits(key, counter) >>> 11) * 0x1p-53;
  }

  /**
   * A standard normal number (Box and Muller); takes the draws {@code 2 * counter} and the next.
   */
  public static double gaussian(long key, long counter) {
    double radius = Math.sqrt(-2 * StrictMath.log(1 - unit(key, 2 * counter)));
    return radius * StrictMath.cos(2 * Math.PI * unit(key, 2 * counter + 1));
  }
}
