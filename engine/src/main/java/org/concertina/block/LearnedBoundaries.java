package org.concertina.block;

import java.util.Arrays;

/**
 * Finds the groups that lose least by giving all of their items the same bytes.
 *
 * <p>Let an item of {@code p} interactions that keeps {@code b} bytes lose {@code p * exp(-c * b)}:
 * popular items matter more, and every byte brings less than the one before. A sum of such losses
 * under a budget is least where all items gain the same by a byte more, which is at {@code b =
 * ln(p) / c} plus a constant (reverse water-filling: T. Cover and J. Thomas, Elements of
 * Information Theory, 2006, section 10.3.3); for a group that must agree, {@code p} is the mean of
 * its items. So what a group costs beyond items on their own is, but for a factor that is the same
 * for all of them,
 *
 * <pre>
 * cost(group) = n * ln(mean of p + 1) - sum of ln(p + 1)
 * </pre>
 *
 * <p>over its n items, the one being there for items without interactions. That is the sum of their
 * Itakura-Saito divergences from their mean, so the best boundaries are those of an optimal
 * clustering on the line: exact by dynamic programming, {@code O(G * m log m)} for m different
 * popularities, since best boundaries move only forward with the last item (A. Gronlund et al.,
 * Fast Exact k-Means, k-Medians and Bregman Divergence Clustering in 1D, 2017). Equally popular
 * items need never be parted: the cost is concave in how many of them go to either side.
 */
final class LearnedBoundaries {
  /** First item of every run of equally popular items, then the number of items. */
  private final int[] runs;

  /** Sums of {@code p + 1} over all items before a run. */
  private final double[] before;

  /** Least cost of everything before a run, in as many groups as have been placed. */
  private double[] costs;

  /** By groups placed and run: where the last of them begins. */
  private final int[][] lastStarts;

  private LearnedBoundaries(int[] runs, double[] before, int groups) {
    this.runs = runs;
    this.before = before;
    this.lastStarts = new int[groups + 1][runs.length];
  }

  /** The first items of {@code groups} groups, then the number of items; see {@link Groups}. */
  static int[] starts(int[] popularity, int groups) {
    int[] runs = runs(popularity);
    if (runs.length - 1 <= groups) {
      return halved(runs, groups);
    }
    double[] before = new double[runs.length];
    for (int r = 1; r < runs.length; r++) {
      double items = runs[r] - runs[r - 1];
      before[r] = before[r - 1] + items * (popularity[runs[r - 1]] + 1.0);
    }
    return new LearnedBoundaries(runs, before, groups).best(groups);
  }

  private static int[] runs(int[] popularity) {
    int[] runs = new int[popularity.length + 1];
    int count = 0;
    for (int item = 0; item < popularity.length; item++) {
      if (item == 0 || popularity[item] != popularity[item - 1]) {
        if (item > 0 && popularity[item] > popularity[item - 1]) {
          throw new IllegalArgumentException(
              "popularity: expected most popular first, got %d before %d"
                  .formatted(popularity[item - 1], popularity[item]));
        }
        runs[count++] = item;
      }
    }
    runs[count++] = popularity.length;
    return Arrays.copyOf(runs, count);
  }

  /** Fewer popularities than groups: halves the largest range again and again. */
  private static int[] halved(int[] runs, int groups) {
    int[] starts = Arrays.copyOf(runs, groups + 1);
    for (int ranges = runs.length - 1; ranges < groups; ranges++) {
      int largest = 0;
      for (int r = 1; r < ranges; r++) {
        if (starts[r + 1] - starts[r] > starts[largest + 1] - starts[largest]) {
          largest = r;
        }
      }
      System.arraycopy(starts, largest + 1, starts, largest + 2, ranges - largest);
      starts[largest + 1] = (starts[largest] + starts[largest + 2]) >>> 1;
    }
    return starts;
  }

  /** What a group of these runs costs; the sum of logarithms is the same for all boundaries. */
  private double cost(int firstRun, int endRun) {
    double items = runs[endRun] - runs[firstRun];
    return items * StrictMath.log((before[endRun] - before[firstRun]) / items);
  }

  private int[] best(int groups) {
    int last = runs.length - 1;
    costs = new double[runs.length];
    for (int end = 1; end <= last; end++) {
      costs[end] = cost(0, end);
    }
    for (int placed = 2; placed <= groups; placed++) {
      double[] next = new double[runs.length];
      place(placed, placed, last, placed - 1, last - 1, next);
      costs = next;
    }
    int[] starts = new int[groups + 1];
    int end = last;
    for (int placed = groups; placed >= 1; placed--) {
      starts[placed] = runs[end];
      end = lastStarts[placed][end];
    }
    return starts;
  }

  /** Places the last group for the ends in a range, the middle one first: it bounds the others. */
  private void place(
      int placed, int firstEnd, int lastEnd, int firstStart, int lastStart, double[] next) {
    if (firstEnd > lastEnd) {
      return;
    }
    int end = (firstEnd + lastEnd) >>> 1;
    int best = firstStart;
    double least = Double.POSITIVE_INFINITY;
    for (int start = firstStart; start <= Math.min(lastStart, end - 1); start++) {
      double total = costs[start] + cost(start, end);
      if (total < least) {
        least = total;
        best = start;
      }
    }
    next[end] = least;
    lastStarts[placed][end] = best;
    place(placed, firstEnd, end - 1, firstStart, best, next);
    place(placed, end + 1, lastEnd, best, lastStart, next);
  }
}
