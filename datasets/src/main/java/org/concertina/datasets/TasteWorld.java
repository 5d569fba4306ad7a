package org.concertina.datasets;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.concertina.datasets.RandomStreams.Purpose;

/**
 * How popular every item is at one end of the log, and the items of every taste.
 *
 * <p>An item belongs to a main taste and, by less than half, to a second one; {@code belonging}
 * sums to 1 over the tastes. Within a taste an item is drawn by popularity times belonging. Users
 * take to tastes in proportion to what their items are popular, so that over all users an item's
 * share is its popularity and nothing else. Immutable.
 */
final class TasteWorld {
  private static final int TASTES_OF_USER = 3;

  private final SyntheticConfig config;
  private final RandomStreams streams;
  private final int number;
  private final int[] ranks;
  private final double popularitySum;
  private final double[] masses;
  private final AliasTable tastes;
  private final int[] begins;
  private final int[] items;
  private final AliasTable itemTables;

  TasteWorld(SyntheticConfig config, RandomStreams streams, int number) {
    this.config = config;
    this.streams = streams;
    this.number = number;
    ranks = permutation(config.items(), streams.of(Purpose.RANKS, number));
    double sum = 0;
    for (int rank = 0; rank < ranks.length; rank++) {
      sum += weight(rank);
    }
    popularitySum = sum;
    begins = new int[config.tastes() + 1];
    for (int item = 0; item < ranks.length; item++) {
      Belonging belonging = belonging(item);
      begins[belonging.main() + 1]++;
      begins[belonging.second() + 1]++;
    }
    for (int taste = 0; taste < config.tastes(); taste++) {
      begins[taste + 1] += begins[taste];
    }
    items = new int[2 * ranks.length];
    double[] weights = new double[items.length];
    int[] next = begins.clone();
    masses = new double[config.tastes()];
    for (int item = 0; item < ranks.length; item++) {
      Belonging belonging = belonging(item);
      double popularity = popularity(item);
      place(item, belonging.main(), popularity * (1 - belonging.share()), weights, next);
      place(item, belonging.second(), popularity * belonging.share(), weights, next);
    }
    itemTables = new AliasTable(items.length);
    for (int taste = 0; taste < config.tastes(); taste++) {
      int size = begins[taste + 1] - begins[taste];
      if (masses[taste] > 0) {
        double[] own = Arrays.copyOfRange(weights, begins[taste], begins[taste + 1]);
        itemTables.fill(begins[taste], own, size);
      }
    }
    tastes = AliasTable.of(masses);
  }

  private void place(int item, int taste, double weight, double[] weights, int[] next) {
    masses[taste] += weight;
    weights[next[taste]] = weight;
    items[next[taste]++] = item;
  }

  /**
   * The tastes of an item.
   *
   * @param share of the second taste, below a half
   */
  record Belonging(int main, int second, double share) {
    double to(int taste) {
      return (taste == main ? 1 - share : 0) + (taste == second ? share : 0);
    }
  }

  /** The same at both ends of the log. */
  Belonging belonging(int item) {
    SplittableRandom random = streams.of(Purpose.ITEM_TASTES, item);
    int main = random.nextInt(config.tastes());
    return new Belonging(main, random.nextInt(config.tastes()), 0.5 * random.nextDouble());
  }

  /** The tastes of a user and their weights, of the sum 1. */
  @SuppressWarnings("ArrayRecordComponent") // package-private carrier, never compared
  record UserTastes(int[] ids, double[] weights) {}

  UserTastes tastesOf(int user) {
    SplittableRandom random = streams.of(Purpose.USER_TASTES, 2L * user + number);
    int[] ids = new int[TASTES_OF_USER];
    double[] weights = new double[TASTES_OF_USER];
    double weight = 1;
    double sum = 0;
    for (int i = 0; i < TASTES_OF_USER; i++) {
      ids[i] = tastes.draw(0, masses.length, random.nextLong());
      weights[i] = weight;
      sum += weight;
      weight *= 0.4 + 0.6 * random.nextDouble();
    }
    for (int i = 0; i < TASTES_OF_USER; i++) {
      weights[i] /= sum;
    }
    return new UserTastes(ids, weights);
  }

  /** Draws an item by the user's tastes, or now and then by popularity alone. */
  int draw(UserTastes user, SplittableRandom random) {
    double uniform = random.nextDouble();
    int taste;
    if (uniform >= config.tasteShare()) {
      taste = tastes.draw(0, masses.length, random.nextLong());
    } else {
      double left = uniform / config.tasteShare();
      int i = 0;
      while (i < TASTES_OF_USER - 1 && left >= user.weights()[i]) {
        left -= user.weights()[i++];
      }
      taste = user.ids()[i];
    }
    int begin = begins[taste];
    return items[begin + itemTables.draw(begin, begins[taste + 1] - begin, random.nextLong())];
  }

  /** By how much more likely the item is for the user than for everybody. */
  double lift(UserTastes user, int item) {
    Belonging belonging = belonging(item);
    double lift = 1 - config.tasteShare();
    for (int i = 0; i < TASTES_OF_USER; i++) {
      int taste = user.ids()[i];
      lift += config.tasteShare() * user.weights()[i] * belonging.to(taste) / masses[taste];
    }
    return lift;
  }

  /** The probability that a draw over all users is this item. */
  double popularity(int item) {
    return weight(ranks[item]) / popularitySum;
  }

  private double weight(int rank) {
    return StrictMath.pow(rank + 1 + config.popularityOffset(), -config.popularityExponent());
  }

  private static int[] permutation(int size, SplittableRandom random) {
    int[] numbers = new int[size];
    for (int i = 1; i < size; i++) {
      int other = random.nextInt(i + 1);
      numbers[i] = numbers[other];
      numbers[other] = i;
    }
    return numbers;
  }
}
