package org.concertina.metric;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Sums the metrics of users at several cut-offs and gives their means.
 *
 * <p>Allocates nothing for a user. Not thread-safe: each thread has its own, and they are merged in
 * a fixed order, as sums of doubles depend on theirs. By the definitions of {@link RankingMetrics}.
 */
public final class RankingAccumulator {
  private final int[] cutoffs;
  private final double[] discounts;
  private final double[] idealDcgs;
  private final double[] recallSums;
  private final double[] ndcgSums;
  private final double[] hitRateSums;
  private final int[] hitRanks;
  private long users;

  /**
   * @param cutoffs the K of each metric, ascending, distinct, at least 1
   */
  public RankingAccumulator(int... cutoffs) {
    this.cutoffs = cutoffs.clone();
    for (int i = 0; i < cutoffs.length; i++) {
      if (cutoffs[i] < 1 || (i > 0 && cutoffs[i] <= cutoffs[i - 1])) {
        throw new IllegalArgumentException(
            "cutoffs: expected ascending numbers >= 1, got " + Arrays.toString(cutoffs));
      }
    }
    if (cutoffs.length == 0) {
      throw new IllegalArgumentException("cutoffs: expected at least one");
    }
    int maxK = maxCutoff();
    discounts = new double[maxK];
    idealDcgs = new double[maxK + 1];
    for (int rank = 0; rank < maxK; rank++) {
      discounts[rank] = RankingMetrics.discount(rank);
      idealDcgs[rank + 1] = idealDcgs[rank] + discounts[rank];
    }
    recallSums = new double[cutoffs.length];
    ndcgSums = new double[cutoffs.length];
    hitRateSums = new double[cutoffs.length];
    hitRanks = new int[maxK];
  }

  /** The largest cut-off: a ranking needs no more items. */
  public int maxCutoff() {
    return cutoffs[cutoffs.length - 1];
  }

  /**
   * Adds a user by the ranks of the hits; a user with no relevant item is left out of the means.
   *
   * @param hitRanks ranks from 0, ascending; those from the largest cut-off on count for nothing
   * @param hitCount how many of {@code hitRanks} are meant
   * @param relevant the user's relevant items, ranked or not
   */
  public void addHits(int[] hitRanks, int hitCount, int relevant) {
    if (relevant == 0 && hitCount == 0) {
      return;
    }
    RankingMetrics.checkCounts(hitCount, relevant);
    int hits = 0;
    double dcg = 0;
    for (int cutoff = 0; cutoff < cutoffs.length; cutoff++) {
      int k = cutoffs[cutoff];
      while (hits < hitCount && hitRanks[hits] < k) {
        dcg += discounts[hitRanks[hits]];
        hits++;
      }
      recallSums[cutoff] += RankingMetrics.recallAtK(hits, relevant);
      ndcgSums[cutoff] += dcg / idealDcgs[Math.min(k, relevant)];
      hitRateSums[cutoff] += RankingMetrics.hitRateAtK(hits);
    }
    users++;
  }

  /**
   * Adds a user by a ranking.
   *
   * @param rankedItems item indices, best first, distinct
   * @param count how many of {@code rankedItems} are meant
   * @param relevantItems ints, of which positions {@code begin} to {@code end} (exclusive) are the
   *     user's relevant item indices, ascending: a row of an interaction matrix
   */
  public void add(
      int[] rankedItems, int count, MemorySegment relevantItems, long begin, long end) {
    int hits = 0;
    for (int rank = 0; rank < Math.min(count, hitRanks.length); rank++) {
      if (contains(relevantItems, begin, end, rankedItems[rank])) {
        hitRanks[hits++] = rank;
      }
    }
    addHits(hitRanks, hits, Math.toIntExact(end - begin));
  }

  /**
   * Adds a user by a sorted selection; the rest as in {@link #add(int[], int, MemorySegment, long,
   * long)}.
   */
  public void add(TopK ranked, MemorySegment relevantItems, long begin, long end) {
    int hits = 0;
    for (int rank = 0; rank < Math.min(ranked.size(), hitRanks.length); rank++) {
      if (contains(relevantItems, begin, end, ranked.id(rank))) {
        hitRanks[hits++] = rank;
      }
    }
    addHits(hitRanks, hits, Math.toIntExact(end - begin));
  }

  /**
   * Adds the other's sums to these.
   *
   * @throws IllegalArgumentException if the cut-offs differ
   */
  public void merge(RankingAccumulator other) {
    if (!Arrays.equals(cutoffs, other.cutoffs)) {
      throw new IllegalArgumentException(
          "cutoffs: expected %s, got %s"
              .formatted(Arrays.toString(cutoffs), Arrays.toString(other.cutoffs)));
    }
    for (int cutoff = 0; cutoff < cutoffs.length; cutoff++) {
      recallSums[cutoff] += other.recallSums[cutoff];
      ndcgSums[cutoff] += other.ndcgSums[cutoff];
      hitRateSums[cutoff] += other.hitRateSums[cutoff];
    }
    users += other.users;
  }

  /** Forgets all users. */
  public void reset() {
    Arrays.fill(recallSums, 0);
    Arrays.fill(ndcgSums, 0);
    Arrays.fill(hitRateSums, 0);
    users = 0;
  }

  /** The means, in the order of the cut-offs. */
  public List<RankingQuality> result() {
    List<RankingQuality> qualities = new ArrayList<>(cutoffs.length);
    double divisor = Math.max(1, users);
    for (int cutoff = 0; cutoff < cutoffs.length; cutoff++) {
      qualities.add(
          new RankingQuality(
              cutoffs[cutoff],
              recallSums[cutoff] / divisor,
              ndcgSums[cutoff] / divisor,
              hitRateSums[cutoff] / divisor,
              users));
    }
    return List.copyOf(qualities);
  }

  private static boolean contains(MemorySegment items, long begin, long end, int item) {
    long low = begin;
    long high = end;
    while (low < high) {
      long middle = (low + high) >>> 1;
      if (items.getAtIndex(ValueLayout.JAVA_INT, middle) < item) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low < end && items.getAtIndex(ValueLayout.JAVA_INT, low) == item;
  }
}
