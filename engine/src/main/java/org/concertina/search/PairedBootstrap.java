package org.concertina.search;

import org.concertina.kernel.CounterRandom;

/**
 * How sure it is that one configuration is better than another on the same users: the mean gain and
 * the standard error that a bootstrap over users gives it (Efron, Annals of Statistics 1979).
 *
 * <p>Paired: users are drawn with replacement and both configurations are taken from the same
 * users, so what makes users differ from each other cancels out.
 *
 * @param gain mean of the differences
 * @param standardError deviation of that mean over resamples
 * @param users number of users
 */
public record PairedBootstrap(double gain, double standardError, int users) {
  /** Resamples of the search: the standard error is then known to about 4 %. */
  public static final int RESAMPLES = 300;

  /**
   * Compares; depends on its arguments alone. Costs {@code resamples * users} draws.
   *
   * @param better metric of every user under the one
   * @param worse metric of the same users under the other
   * @param resamples at least 2
   */
  public static PairedBootstrap of(double[] better, double[] worse, int resamples, long seed) {
    int users = better.length;
    if (users == 0 || worse.length != users || resamples < 2) {
      throw new IllegalArgumentException(
          "bootstrap: expected the same users, one at least, and 2 resamples at least, got"
              + " %d, %d and %d".formatted(users, worse.length, resamples));
    }
    double[] gains = new double[users];
    double sum = 0;
    for (int u = 0; u < users; u++) {
      gains[u] = better[u] - worse[u];
      sum += gains[u];
    }
    double first = 0;
    double second = 0;
    for (int r = 0; r < resamples; r++) {
      double off = resampled(gains, CounterRandom.key(seed, r)) - sum / users;
      first += off;
      second += off * off;
    }
    double variance = (second - first * first / resamples) / (resamples - 1);
    return new PairedBootstrap(sum / users, Math.sqrt(Math.max(0, variance)), users);
  }

  private static double resampled(double[] gains, long key) {
    double sum = 0;
    for (int u = 0; u < gains.length; u++) {
      sum += gains[(int) CounterRandom.below(key, u, gains.length)];
    }
    return sum / gains.length;
  }

  /** Whether the gain is more than so many standard errors. */
  public boolean exceeds(double standardErrors) {
    return gain > standardErrors * standardError;
  }
}
