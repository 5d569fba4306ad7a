package org.concertina.datasets;

/**
 * What a {@link SyntheticModel} generates.
 *
 * @param users number of users, at least 1
 * @param items number of items, at least 20
 * @param interactions of all users together, exactly; at least {@code leastInteractions} and at
 *     most a quarter of the items for each user
 * @param leastInteractions of a user, at least 1
 * @param activitySpread standard deviation of the logarithm of a user's interactions, at least 0
 * @param popularityExponent the s of Zipf-Mandelbrot's {@code 1 / (rank + q)^s}, at least 0. A user
 *     takes an item once, so the curve of very active users of narrow tastes comes out flatter
 * @param popularityOffset the q of Zipf-Mandelbrot, at least 0; ranks count from 1
 * @param tastes that users mix and items belong to, at least 1; the true scores are products of
 *     vectors of so many dimensions, so an embedding of fewer cannot say all of them
 * @param tasteShare share of interactions that come from the user's tastes and not from popularity
 *     alone, 0 to 1
 * @param drift share of interactions that at the end of the log come from other popularities and
 *     tastes than at its start, 0 to 1; it rises linearly with time
 * @param seed of everything random
 */
public record SyntheticConfig(
    int users,
    int items,
    long interactions,
    int leastInteractions,
    double activitySpread,
    double popularityExponent,
    double popularityOffset,
    int tastes,
    double tasteShare,
    double drift,
    long seed) {

  /** Checks every range. */
  public SyntheticConfig {
    within("users", users, 1, Integer.MAX_VALUE);
    within("items", items, 20, 1 << 30);
    within("leastInteractions", leastInteractions, 1, items / 4.0);
    if (interactions < (long) leastInteractions * users || interactions > items / 4.0 * users) {
      throw new IllegalArgumentException(
          "interactions: expected %,d to %,d (%d to a quarter of the items for each of %,d users), got %,d"
              .formatted(
                  (long) leastInteractions * users,
                  (long) (items / 4.0 * users),
                  leastInteractions,
                  users,
                  interactions));
    }
    within("activitySpread", activitySpread, 0, 5);
    within("popularityExponent", popularityExponent, 0, 10);
    within("popularityOffset", popularityOffset, 0, Integer.MAX_VALUE);
    within("tastes", tastes, 1, 1 << 20);
    within("tasteShare", tasteShare, 0, 1);
    within("drift", drift, 0, 1);
  }

  /** 3,000 users, 2,000 items and about 30 interactions a user: trains in seconds. */
  public static SyntheticConfig small() {
    return new SyntheticConfig(3_000, 2_000, 90_000, 5, 0.6, 0.9, 10, 48, 0.9, 0, 1);
  }

  /** A copy with other counts of users and items and another mean of interactions. */
  public SyntheticConfig withSize(int newUsers, int newItems, double meanInteractions) {
    return new SyntheticConfig(
        newUsers,
        newItems,
        Math.round(newUsers * meanInteractions),
        leastInteractions,
        activitySpread,
        popularityExponent,
        popularityOffset,
        tastes,
        tasteShare,
        drift,
        seed);
  }

  /** A copy with another least number of interactions and another spread. */
  public SyntheticConfig withActivity(int newLeast, double newSpread) {
    return new SyntheticConfig(
        users,
        items,
        interactions,
        newLeast,
        newSpread,
        popularityExponent,
        popularityOffset,
        tastes,
        tasteShare,
        drift,
        seed);
  }

  /** A copy with another curve of popularity. */
  public SyntheticConfig withPopularity(double newExponent, double newOffset) {
    return new SyntheticConfig(
        users,
        items,
        interactions,
        leastInteractions,
        activitySpread,
        newExponent,
        newOffset,
        tastes,
        tasteShare,
        drift,
        seed);
  }

  /** A copy with another number of tastes and another share of them. */
  public SyntheticConfig withTastes(int newTastes, double newTasteShare) {
    return new SyntheticConfig(
        users,
        items,
        interactions,
        leastInteractions,
        activitySpread,
        popularityExponent,
        popularityOffset,
        newTastes,
        newTasteShare,
        drift,
        seed);
  }

  /** A copy with another drift. */
  public SyntheticConfig withDrift(double newDrift) {
    return new SyntheticConfig(
        users,
        items,
        interactions,
        leastInteractions,
        activitySpread,
        popularityExponent,
        popularityOffset,
        tastes,
        tasteShare,
        newDrift,
        seed);
  }

  /** A copy with another seed. */
  public SyntheticConfig withSeed(long newSeed) {
    return new SyntheticConfig(
        users,
        items,
        interactions,
        leastInteractions,
        activitySpread,
        popularityExponent,
        popularityOffset,
        tastes,
        tasteShare,
        drift,
        newSeed);
  }

  /** The most interactions of a user: more would leave too little to rank. */
  int mostInteractions() {
    return items / 2;
  }

  private static void within(String name, double value, double least, double most) {
    if (!(value >= least && value <= most)) {
      throw new IllegalArgumentException(
          "%s: expected %s to %s, got %s".formatted(name, text(least), text(most), text(value)));
    }
  }

  private static String text(double value) {
    return value == Math.rint(value) && Math.abs(value) < 1e15
        ? Long.toString((long) value)
        : Double.toString(value);
  }
}
