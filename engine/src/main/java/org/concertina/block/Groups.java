package org.concertina.block;

import java.util.Arrays;
import java.util.Objects;

/** Contiguous ranges of popularity rank; every item of a group keeps the same blocks. Immutable. */
public final class Groups {
  private final int[] starts;

  private Groups(int[] starts) {
    this.starts = starts;
  }

  /**
   * Groups of equal size, up to one item.
   *
   * @param items catalogue size
   * @param groups G, 1 to {@code items}
   */
  public static Groups equalCount(int items, int groups) {
    if (groups < 1 || groups > items) {
      throw new IllegalArgumentException(
          "groups: expected 1 to the number of items (" + items + "), got " + groups);
    }
    int[] starts = new int[groups + 1];
    for (int g = 0; g <= groups; g++) {
      starts[g] = (int) ((long) items * g / groups);
    }
    return new Groups(starts);
  }

  /**
   * Groups of equal popularity, as far as whole items allow: few items in the first, many in the
   * last.
   *
   * @param popularity interactions of every item, most popular first; none negative
   * @param groups G, 1 to the number of items
   */
  public static Groups equalMass(int[] popularity, int groups) {
    Groups equal = equalCount(popularity.length, groups);
    long total = Arrays.stream(popularity).asLongStream().sum();
    if (total == 0) {
      return equal;
    }
    int[] starts = new int[groups + 1];
    starts[groups] = popularity.length;
    long before = 0;
    int item = 0;
    for (int g = 1; g < groups; g++) {
      // Every group has an item at least, this one and each of those to come.
      int most = popularity.length - (groups - g);
      do {
        before += popularity[item++];
      } while (item < most && before < (double) total * g / groups);
      starts[g] = item;
    }
    return new Groups(starts);
  }

  /**
   * Groups whose boundaries cost least where all items of a group keep the same bytes: what an item
   * is worth falls off within a group as little as that many groups allow. Between {@link
   * #equalCount} and {@link #equalMass}; exact, and the same for the same popularities.
   *
   * @param popularity training interactions of every item, most popular first; none negative
   * @param groups G, 1 to the number of items
   * @see LearnedBoundaries
   */
  public static Groups learned(int[] popularity, int groups) {
    equalCount(popularity.length, groups);
    return ofStarts(LearnedBoundaries.starts(popularity, groups));
  }

  /**
   * Groups with these boundaries.
   *
   * @param starts first item of every group, then the number of items; strictly increasing from 0
   */
  public static Groups ofStarts(int... starts) {
    if (starts.length < 2 || starts[0] != 0) {
      throw new IllegalArgumentException(
          "starts: expected 0, ..., items, got " + Arrays.toString(starts));
    }
    for (int g = 1; g < starts.length; g++) {
      if (starts[g] <= starts[g - 1]) {
        throw new IllegalArgumentException(
            "starts: expected strictly increasing, got " + starts[g - 1] + ", " + starts[g]);
      }
    }
    return new Groups(starts.clone());
  }

  /** G, the number of groups. */
  public int count() {
    return starts.length - 1;
  }

  /** Number of items in all groups. */
  public int items() {
    return starts[starts.length - 1];
  }

  /** First item (and first packed row) of a group. */
  public int start(int group) {
    return starts[group];
  }

  /** One past the last item of a group. */
  public int end(int group) {
    return starts[group + 1];
  }

  /** Items of a group. */
  public int size(int group) {
    return starts[group + 1] - starts[group];
  }

  /** Items of the largest group. */
  public int maxSize() {
    int largest = 0;
    for (int g = 0; g < count(); g++) {
      largest = Math.max(largest, size(g));
    }
    return largest;
  }

  /** The group of an item or packed row. */
  public int groupOf(int item) {
    int at = Arrays.binarySearch(starts, Objects.checkIndex(item, items()));
    return at >= 0 ? at : -at - 2;
  }

  /** Copy of the boundaries: first item of every group, then the number of items. */
  public int[] starts() {
    return starts.clone();
  }
}
