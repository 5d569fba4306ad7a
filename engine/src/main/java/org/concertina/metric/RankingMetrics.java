package org.concertina.metric;

/**
 * The definitions of the metrics for one user with {@code relevant >= 1} relevant items; ranks
 * count from 0. The mean of a metric is over such users.
 */
public final class RankingMetrics {
  private RankingMetrics() {}

  /** Recall@K: the share of the relevant items that are among the first K. */
  public static double recallAtK(int hits, int relevant) {
    checkCounts(hits, relevant);
    return (double) hits / relevant;
  }

  /** HR@K: 1 if any relevant item is among the first K, else 0. */
  public static double hitRateAtK(int hits) {
    return hits > 0 ? 1.0 : 0.0;
  }

  /** The weight of a hit at a rank: {@code 1 / log2(rank + 2)}. */
  public static double discount(int rank) {
    return StrictMath.log(2) / StrictMath.log(rank + 2.0);
  }

  /** DCG@K of the best possible ranking: relevant items at the first min(K, relevant) ranks. */
  public static double idealDcgAtK(int k, int relevant) {
    double sum = 0;
    for (int rank = 0; rank < Math.min(k, relevant); rank++) {
      sum += discount(rank);
    }
    return sum;
  }

  /**
   * NDCG@K: the discounts of the hits among the first K, divided by {@link #idealDcgAtK}.
   *
   * @param hitRanks ranks of relevant items, ascending; those from K on count for nothing
   * @param hitCount how many of {@code hitRanks} are meant
   */
  public static double ndcgAtK(int[] hitRanks, int hitCount, int relevant, int k) {
    checkCounts(hitCount, relevant);
    double sum = 0;
    for (int hit = 0; hit < hitCount && hitRanks[hit] < k; hit++) {
      sum += discount(hitRanks[hit]);
    }
    return sum / idealDcgAtK(k, relevant);
  }

  static void checkCounts(int hits, int relevant) {
    if (relevant < 1 || hits < 0 || hits > relevant) {
      throw new IllegalArgumentException(
          "expected 0 <= hits <= relevant and relevant >= 1, got hits %d, relevant %d"
              .formatted(hits, relevant));
    }
  }
}
