package org.concertina.datasets;

import org.concertina.datasets.RandomStreams.Purpose;

/**
 * How many interactions every user has: log-normal numbers, rounded, kept between the least and
 * half of the items, and scaled so that their sum is exactly what is asked for.
 */
final class UserActivity {
  private static final int BISECTIONS = 200;

  private UserActivity() {}

  /** Interactions by user; linear in the users. */
  static int[] counts(SyntheticConfig config, RandomStreams streams) {
    double[] weights = new double[config.users()];
    for (int user = 0; user < weights.length; user++) {
      double gaussian = new Gaussian(streams.of(Purpose.ACTIVITY, user)).next();
      weights[user] = StrictMath.exp(config.activitySpread() * gaussian);
    }
    int least = config.leastInteractions();
    int most = config.mostInteractions();
    double low = 0;
    double high = 1;
    while (sum(weights, high, least, most) < config.interactions()) {
      high *= 2;
    }
    for (int i = 0; i < BISECTIONS && low < high; i++) {
      double middle = (low + high) / 2;
      if (sum(weights, middle, least, most) <= config.interactions()) {
        low = middle;
      } else {
        high = middle;
      }
    }
    int[] counts = new int[weights.length];
    long missing = config.interactions();
    for (int user = 0; user < counts.length; user++) {
      counts[user] = count(weights[user], low, least, most);
      missing -= counts[user];
    }
    // Equal weights step together, so a few may be left.
    for (int user = 0; missing > 0; user = (user + 1) % counts.length) {
      if (counts[user] < most) {
        counts[user]++;
        missing--;
      }
    }
    return counts;
  }

  private static long sum(double[] weights, double scale, int least, int most) {
    long sum = 0;
    for (double weight : weights) {
      sum += count(weight, scale, least, most);
    }
    return sum;
  }

  private static int count(double weight, double scale, int least, int most) {
    return Math.clamp(Math.round(weight * scale), least, most);
  }
}
