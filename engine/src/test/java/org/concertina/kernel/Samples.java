package org.concertina.kernel;

import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/** Sizes, offsets and values that the operations are tested with. Seeded: all runs see the same. */
public final class Samples {
  private static final int[] SIZES = {
    0, 1, 3, 4, 7, 8, 9, 15, 16, 17, 31, 32, 33, 63, 64, 65, 100, 127, 128, 207, 256, 300, 512, 702,
    1021, 1024
  };

  private static final int[] OFFSETS_FLOATS = {0, 1, 3};

  /** What the values are like. */
  public enum Kind {
    /** In [-1, 1]. */
    UNIFORM,
    /** All zero, of both signs. */
    ZERO,
    /** Denormal. */
    DENORMAL,
    /** Near the smallest normal floats: squares underflow. */
    TINY,
    /** About 1e17: squares fit a float. */
    LARGE,
    /** About 1e30: squares do not fit a float. */
    HUGE
  }

  private final RandomGenerator random;

  /** Samples of a seed. */
  public Samples(long seed) {
    random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
  }

  /** Sizes around every vector width. */
  public static int[] sizes() {
    return SIZES.clone();
  }

  /** Distances from a 64-byte boundary. */
  public static int[] offsetsFloats() {
    return OFFSETS_FLOATS.clone();
  }

  /** A number in [-1, 1). */
  public float uniform() {
    return random.nextFloat() * 2 - 1;
  }

  /** An int below a bound. */
  public int below(int bound) {
    return random.nextInt(bound);
  }

  /** So many floats in [-1, 1). */
  public float[] floats(int n) {
    return floats(Kind.UNIFORM, n);
  }

  /** So many floats of a kind. */
  public float[] floats(Kind kind, int n) {
    float[] values = new float[n];
    for (int i = 0; i < n; i++) {
      values[i] =
          switch (kind) {
            case UNIFORM -> uniform();
            case ZERO -> random.nextBoolean() ? 0f : -0f;
            case DENORMAL -> uniform() * Float.MIN_NORMAL;
            case TINY -> uniform() * 1e-36f;
            case LARGE -> uniform() * 1e17f;
            case HUGE -> uniform() * 1e30f;
          };
    }
    return values;
  }

  /** Floats of which some are zero, infinite, NaN, denormal or huge. */
  public float[] mixed(int n) {
    float[] special = {
      0f,
      -0f,
      Float.NaN,
      Float.POSITIVE_INFINITY,
      Float.NEGATIVE_INFINITY,
      Float.MIN_VALUE,
      -Float.MIN_NORMAL / 3,
      Float.MAX_VALUE,
      -1e30f
    };
    float[] values = floats(n);
    for (int i = 0; i < n; i++) {
      if (random.nextInt(6) == 0) {
        values[i] = special[random.nextInt(special.length)];
      }
    }
    return values;
  }

  /** Zeros and ones, about a quarter of them zero. */
  public float[] mask(int n) {
    float[] values = new float[n];
    for (int i = 0; i < n; i++) {
      values[i] = random.nextInt(4) == 0 ? 0f : 1f;
    }
    return values;
  }

  /** All signed bytes. */
  public byte[] bytes(int n) {
    byte[] values = new byte[n];
    random.nextBytes(values);
    return values;
  }
}
