package org.concertina.datasets;

/**
 * What {@link SyntheticInteractions} generates.
 *
 * @param users number of users, at least 1
 * @param items number of items, at least 20
 * @param clusters taste clusters that users mix and items belong to, at least 1
 * @param latentDim dimension of tastes and items, at least 1: an embedding of fewer dimensions
 *     cannot say all of it
 * @param meanInteractions mean interactions of a user, at least 5 and at most a quarter of the items
 * @param activitySpread standard deviation of the logarithm of a user's interactions, at least 0
 * @param popularityExponent the s of Zipf-Mandelbrot's {@code 1 / (rank + q)^s}, at least 0
 * @param popularityOffset the q of Zipf-Mandelbrot, at least 0; ranks count from 1
 * @param tasteStrength logarithm by which a perfectly fitting item gains over an indifferent one,
 *     at least 0; at 0 there is popularity only
 * @param seed of everything random
 */
public record SyntheticConfig(
    int users,
    int items,
    int clusters,
    int latentDim,
    double meanInteractions,
    double activitySpread,
    double popularityExponent,
    double popularityOffset,
    double tasteStrength,
    long seed) {

  /** Checks every range. */
  public SyntheticConfig {
    atLeast("users", users, 1);
    atLeast("items", items, 20);
    atLeast("clusters", clusters, 1);
    atLeast("latentDim", latentDim, 1);
    atLeast("meanInteractions", meanInteractions, SyntheticInteractions.MIN_INTERACTIONS);
    if (meanInteractions > items / 4.0) {
      throw new IllegalArgumentException(
          "meanInteractions: expected at most a quarter of the %d items, got %s"
              .formatted(items, meanInteractions));
    }
    atLeast("activitySpread", activitySpread, 0);
    atLeast("popularityExponent", popularityExponent, 0);
    atLeast("popularityOffset", popularityOffset, 0);
    atLeast("tasteStrength", tasteStrength, 0);
  }

  /** 3,000 users, 2,000 items and about 30 interactions a user: trains in seconds. */
  public static SyntheticConfig small() {
    return new SyntheticConfig(3_000, 2_000, 48, 32, 30, 0.6, 0.9, 10, 7, 1);
  }

  /** A copy with other counts of users and items and another mean of interactions. */
  public SyntheticConfig withSize(int newUsers, int newItems, double newMeanInteractions) {
    return new SyntheticConfig(
        newUsers,
        newItems,
        clusters,
        latentDim,
        newMeanInteractions,
        activitySpread,
        popularityExponent,
        popularityOffset,
        tasteStrength,
        seed);
  }

  /** A copy with another number of clusters and latent dimensions and another strength. */
  public SyntheticConfig withTastes(int newClusters, int newLatentDim, double newTasteStrength) {
    return new SyntheticConfig(
        users,
        items,
        newClusters,
        newLatentDim,
        meanInteractions,
        activitySpread,
        popularityExponent,
        popularityOffset,
        newTasteStrength,
        seed);
  }

  /** A copy with another seed. */
  public SyntheticConfig withSeed(long newSeed) {
    return new SyntheticConfig(
        users,
        items,
        clusters,
        latentDim,
        meanInteractions,
        activitySpread,
        popularityExponent,
        popularityOffset,
        tasteStrength,
        newSeed);
  }

  private static void atLeast(String name, double value, double least) {
    if (!(value >= least && value < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "%s: expected a finite number >= %s, got %s".formatted(name, least, value));
    }
  }
}
