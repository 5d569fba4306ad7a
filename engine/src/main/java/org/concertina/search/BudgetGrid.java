package org.concertina.search;

import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.Set;

/** Sizes that a front is searched at, even in the logarithm: budgets differ by factors. */
final class BudgetGrid {
  private BudgetGrid() {}

  /**
   * So many sizes from the smallest to the largest, both included, and the sizes that were asked
   * for; ascending and distinct.
   *
   * @param smallestBytes at least 1
   * @param asked any number of sizes, each at least the smallest
   */
  static long[] of(long smallestBytes, long largestBytes, int count, long... asked) {
    Set<Long> sizes = new LinkedHashSet<>();
    for (int i = 0; i < count; i++) {
      double share = count == 1 ? 1 : i / (count - 1.0);
      double size = smallestBytes * StrictMath.pow((double) largestBytes / smallestBytes, share);
      sizes.add(Math.clamp(Math.round(size), smallestBytes, largestBytes));
    }
    Arrays.stream(asked).forEach(sizes::add);
    return sizes.stream().mapToLong(Long::longValue).sorted().toArray();
  }
}
