package org.concertina.datasets;

import java.util.SplittableRandom;

/**
 * Standard normal numbers by Marsaglia's polar method in strict arithmetic: the same on every
 * platform, which {@code RandomGenerator.nextGaussian} does not promise.
 */
final class Gaussian {
  private final SplittableRandom random;
  private double spare;
  private boolean hasSpare;

  Gaussian(SplittableRandom random) {
    this.random = random;
  }

  double next() {
    if (hasSpare) {
      hasSpare = false;
      return spare;
    }
    double x;
    double y;
    double square;
    do {
      x = 2 * random.nextDouble() - 1;
      y = 2 * random.nextDouble() - 1;
      square = x * x + y * y;
    } while (square >= 1 || square == 0);
    double scale = StrictMath.sqrt(-2 * StrictMath.log(square) / square);
    spare = scale * y;
    hasSpare = true;
    return scale * x;
  }
}
