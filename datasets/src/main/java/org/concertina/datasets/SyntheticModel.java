package org.concertina.datasets;

import java.util.Objects;
import org.concertina.datasets.RandomStreams.Purpose;
import org.concertina.datasets.TasteWorld.UserTastes;

/**
 * The model behind synthetic interactions, with its ground truth.
 *
 * <p>It is a made-up model and no picture of any real service: popularity by Zipf-Mandelbrot, user
 * activity log-normal, and each user a mixture of three of the tastes that items belong to. The
 * probability that a user's draw is an item is
 *
 * <pre>
 *   p(item | user) = popularity(item) * lift(user, item)
 *   lift           = 1 - tasteShare + tasteShare * sum over the user's tastes t of
 *                    weight(user, t) * belonging(item, t) / mass(t)
 * </pre>
 *
 * where {@code mass(t)} is the popularity that belongs to the taste. Over all users the lift is 1
 * on average, so that items are as popular as they were asked to be. With {@code drift} there is a
 * second model of other ranks and other tastes of the users, and a draw at time {@code t} in [0, 1)
 * comes from it with probability {@code drift * t}. A user takes an item once; a draw of one taken
 * is repeated.
 *
 * <p>The true ranking of a user's items is that by {@link #score}. Takes 28 bytes an item, 56 with
 * drift, and 4 a user; while it is built 16 more an item and 8 more a user. Immutable and safe for
 * any number of threads; the same configuration gives the same numbers on every platform.
 */
public final class SyntheticModel {
  private final SyntheticConfig config;
  private final RandomStreams streams;
  private final TasteWorld first;
  private final TasteWorld last;
  private final int[] counts;

  /** Builds the tables; linear in users and items. */
  public SyntheticModel(SyntheticConfig config) {
    this.config = config;
    streams = new RandomStreams(config.seed());
    counts = UserActivity.counts(config, streams);
    first = new TasteWorld(config, streams, 0);
    last = config.drift() > 0 ? new TasteWorld(config, streams, 1) : first;
  }

  /** What it was built from. */
  public SyntheticConfig config() {
    return config;
  }

  /** Interactions of a user. */
  public int interactions(int user) {
    return counts[user];
  }

  /**
   * The true score of an item for a user: the probability that the user's next draw is this item.
   *
   * @param time from 0 to 1, the first and the last moment of the log; without drift it is of no
   *     account
   */
  public double score(int user, int item, double time) {
    Objects.checkIndex(user, config.users());
    Objects.checkIndex(item, config.items());
    double moved = moved(time);
    double score = (1 - moved) * score(first, first.tastesOf(user), item);
    return moved == 0 ? score : score + moved * score(last, last.tastesOf(user), item);
  }

  /**
   * The true scores of all items for a user, as {@link #score} gives them one by one.
   *
   * @param scores as many as items
   */
  public void scores(int user, double time, double[] scores) {
    Objects.checkIndex(user, config.users());
    double moved = moved(time);
    UserTastes before = first.tastesOf(user);
    UserTastes after = last.tastesOf(user);
    for (int item = 0; item < config.items(); item++) {
      scores[item] = (1 - moved) * score(first, before, item);
      if (moved != 0) {
        scores[item] += moved * score(last, after, item);
      }
    }
  }

  /** The probability that a draw over all users at this time is this item. */
  public double popularity(int item, double time) {
    Objects.checkIndex(item, config.items());
    double moved = moved(time);
    return (1 - moved) * first.popularity(item) + moved * last.popularity(item);
  }

  /**
   * A reader of users' interactions; one a thread.
   *
   * @param withTimes whether times are wanted; items are the same without
   */
  public SyntheticHistory newHistory(boolean withTimes) {
    return new SyntheticHistory(this, withTimes);
  }

  /** The taste that the item belongs to most. */
  int mainTaste(int item) {
    return first.belonging(item).main();
  }

  RandomStreams streams() {
    return streams;
  }

  TasteWorld first() {
    return first;
  }

  TasteWorld last() {
    return last;
  }

  /** The share of draws from the last world. */
  double moved(double time) {
    if (!(time >= 0 && time <= 1)) {
      throw new IllegalArgumentException("time: expected 0 to 1, got " + time);
    }
    return config.drift() * time;
  }

  Gaussian ratingNoise(int user) {
    return new Gaussian(streams.of(Purpose.RATINGS, user));
  }

  private static double score(TasteWorld world, UserTastes tastes, int item) {
    return world.popularity(item) * world.lift(tastes, item);
  }
}
