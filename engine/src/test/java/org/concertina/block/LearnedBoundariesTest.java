package org.concertina.block;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LearnedBoundariesTest {
  /** n * ln(mean of p + 1) - sum of ln(p + 1), over all groups. */
  private static double cost(int[] popularity, int... starts) {
    double cost = 0;
    for (int g = 1; g < starts.length; g++) {
      double sum = 0;
      for (int item = starts[g - 1]; item < starts[g]; item++) {
        sum += popularity[item] + 1;
        cost -= Math.log(popularity[item] + 1);
      }
      int items = starts[g] - starts[g - 1];
      cost += items * Math.log(sum / items);
    }
    return cost;
  }

  /** The least cost of any boundaries, within runs of equals too. */
  private static double least(int[] popularity, int[] starts, int placed) {
    if (placed == starts.length - 1) {
      return cost(popularity, starts);
    }
    double least = Double.POSITIVE_INFINITY;
    int most = popularity.length - (starts.length - 1 - placed);
    for (int start = starts[placed - 1] + 1; start <= most; start++) {
      starts[placed] = start;
      least = Math.min(least, least(popularity, starts, placed + 1));
    }
    return least;
  }

  private static double least(int[] popularity, int groups) {
    int[] starts = new int[groups + 1];
    starts[groups] = popularity.length;
    return least(popularity, starts, 1);
  }

  private static int[] falling(SplittableRandom random, int items, int bound) {
    int[] popularity = new int[items];
    for (int item = 0; item < items; item++) {
      // Few popular items and many of the same small popularity.
      popularity[item] = (int) (bound * Math.pow(random.nextDouble(), 4));
    }
    Arrays.sort(popularity);
    for (int item = 0; item < items / 2; item++) {
      int swapped = popularity[item];
      popularity[item] = popularity[items - 1 - item];
      popularity[items - 1 - item] = swapped;
    }
    return popularity;
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void noBoundariesCostLess(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    for (int round = 0; round < 10; round++) {
      int[] popularity = falling(random, random.nextInt(4, 17), random.nextInt(2, 200));
      for (int groups = 1; groups <= 4; groups++) {
        int[] starts = Groups.learned(popularity, groups).starts();
        assertEquals(groups + 1, starts.length);
        assertEquals(least(popularity, groups), cost(popularity, starts), 1e-9);
      }
    }
  }

  @Test
  void equalsStayTogetherAndGapsAreBoundaries() {
    int[] popularity = {900, 880, 860, 60, 60, 55, 4, 4, 4, 4, 3, 3};
    assertArrayEquals(new int[] {0, 3, 6, 12}, Groups.learned(popularity, 3).starts());
    assertArrayEquals(new int[] {0, 3, 6, 10, 12}, Groups.learned(popularity, 4).starts());
  }

  @Test
  void moreGroupsThanPopularitiesHalveTheLargest() {
    assertArrayEquals(new int[] {0, 2, 4, 6, 8}, Groups.learned(new int[8], 4).starts());
    int[] two = {5, 5, 5, 5, 5, 1, 1};
    assertArrayEquals(new int[] {0, 5, 7}, Groups.learned(two, 2).starts());
    assertArrayEquals(new int[] {0, 2, 5, 7}, Groups.learned(two, 3).starts());
    assertArrayEquals(new int[] {0, 1, 2, 3, 4, 5, 6, 7}, Groups.learned(two, 7).starts());
  }

  @Test
  void aLongTailCostsLessThanEqualSharesOfAnything() {
    int[] popularity = falling(new SplittableRandom(9), 20_000, 3_000);
    double learned = cost(popularity, Groups.learned(popularity, 20).starts());
    assertTrue(learned < cost(popularity, Groups.equalCount(popularity.length, 20).starts()));
    assertTrue(learned < cost(popularity, Groups.equalMass(popularity, 20).starts()));
  }

  @Test
  void validates() {
    assertThrows(IllegalArgumentException.class, () -> Groups.learned(new int[] {3, 2}, 3));
    assertThrows(IllegalArgumentException.class, () -> Groups.learned(new int[] {3, 2}, 0));
    assertThrows(IllegalArgumentException.class, () -> Groups.learned(new int[] {2, 3}, 1));
  }
}
