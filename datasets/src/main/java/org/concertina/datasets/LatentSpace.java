package org.concertina.datasets;

import java.util.SplittableRandom;

/**
 * Unit vectors of clusters, items and users: the tastes behind the interactions.
 *
 * <p>An item lies between its main cluster and a second one, a user between a few; both with noise,
 * so that the vectors fill the space smoothly. Immutable once made.
 */
final class LatentSpace {
  private static final int CLUSTERS_OF_USER = 3;
  private static final double NOISE = 0.35;

  private final float[][] centres;
  private final float[][] itemVectors;
  private final int[] mainClusters;

  LatentSpace(SyntheticConfig config, SplittableRandom random) {
    Gaussian gaussian = new Gaussian(random);
    centres = new float[config.clusters()][];
    for (int cluster = 0; cluster < centres.length; cluster++) {
      centres[cluster] = unit(noise(gaussian, config.latentDim(), 1));
    }
    itemVectors = new float[config.items()][];
    mainClusters = new int[config.items()];
    for (int item = 0; item < itemVectors.length; item++) {
      double[] vector = noise(gaussian, config.latentDim(), NOISE);
      mainClusters[item] = random.nextInt(centres.length);
      add(vector, centres[mainClusters[item]], 1);
      add(vector, centres[random.nextInt(centres.length)], 0.5 * random.nextDouble());
      itemVectors[item] = unit(vector);
    }
  }

  /** The vector of a user, by the user's own random numbers. */
  float[] drawUser(SplittableRandom random) {
    double[] vector = noise(new Gaussian(random), centres[0].length, NOISE);
    double weight = 1;
    for (int taste = 0; taste < CLUSTERS_OF_USER; taste++) {
      add(vector, centres[random.nextInt(centres.length)], weight);
      weight *= 0.4 + 0.6 * random.nextDouble();
    }
    return unit(vector);
  }

  /** Cosine of a user's vector and an item. */
  double affinity(float[] user, int item) {
    float[] vector = itemVectors[item];
    double sum = 0;
    for (int i = 0; i < user.length; i++) {
      sum += (double) user[i] * vector[i];
    }
    return sum;
  }

  /** The cluster that the item belongs to most. */
  int mainCluster(int item) {
    return mainClusters[item];
  }

  /** Gaussian noise whose expected length is {@code length} whatever the dimension. */
  private static double[] noise(Gaussian gaussian, int dim, double length) {
    double[] vector = new double[dim];
    double scale = length / StrictMath.sqrt(dim);
    for (int i = 0; i < dim; i++) {
      vector[i] = scale * gaussian.next();
    }
    return vector;
  }

  private static void add(double[] target, float[] vector, double weight) {
    for (int i = 0; i < target.length; i++) {
      target[i] += weight * vector[i];
    }
  }

  private static float[] unit(double[] vector) {
    double squares = 0;
    for (double value : vector) {
      squares += value * value;
    }
    double scale = 1 / StrictMath.sqrt(squares);
    float[] unit = new float[vector.length];
    for (int i = 0; i < unit.length; i++) {
      unit[i] = (float) (scale * vector[i]);
    }
    return unit;
  }
}
