package org.concertina.metric;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import org.junit.jupiter.api.Test;

class RankingMetricsTest {
  private static final double EPSILON = 1e-12;

  @Test
  void discountsByRank() {
    assertEquals(1.0, RankingMetrics.discount(0), EPSILON); // 1 / log2(2)
    assertEquals(0.6309297535714575, RankingMetrics.discount(1), EPSILON); // 1 / log2(3)
    assertEquals(0.5, RankingMetrics.discount(2), EPSILON); // 1 / log2(4)
    assertEquals(0.25, RankingMetrics.discount(14), EPSILON); // 1 / log2(16)
  }

  @Test
  void recallDividesByAllRelevantItems() {
    assertEquals(0.25, RankingMetrics.recallAtK(1, 4));
    assertEquals(20 / 50.0, RankingMetrics.recallAtK(20, 50));
    assertEquals(0.0, RankingMetrics.hitRateAtK(0));
    assertEquals(1.0, RankingMetrics.hitRateAtK(3));
  }

  @Test
  void ndcgDividesByTheBestRanking() {
    // DCG = 1/log2(2) + 1/log2(4) = 1.5; ideal of 3 = 1 + 0.63093 + 0.5 = 2.13093
    assertEquals(
        1.5 / 2.1309297535714573, RankingMetrics.ndcgAtK(new int[] {0, 2}, 2, 3, 20), EPSILON);
    // The hit at rank 2 is outside K = 2; ideal of min(2, 3) = 1 + 0.63093
    assertEquals(
        1 / 1.6309297535714573, RankingMetrics.ndcgAtK(new int[] {0, 2}, 2, 3, 2), EPSILON);
    // More relevant items than K: a perfect top 2 is 1
    assertEquals(1.0, RankingMetrics.ndcgAtK(new int[] {0, 1}, 2, 10, 2), EPSILON);
    assertEquals(0.0, RankingMetrics.ndcgAtK(new int[0], 0, 1, 20));
  }

  @Test
  void refusesImpossibleCounts() {
    assertThrows(IllegalArgumentException.class, () -> RankingMetrics.recallAtK(0, 0));
    assertThrows(IllegalArgumentException.class, () -> RankingMetrics.recallAtK(2, 1));
    assertThrows(IllegalArgumentException.class, () -> new RankingAccumulator());
    assertThrows(IllegalArgumentException.class, () -> new RankingAccumulator(20, 20));
    assertThrows(IllegalArgumentException.class, () -> new RankingAccumulator(0, 20));
    RankingAccumulator accumulator = new RankingAccumulator(2);
    assertThrows(
        IllegalArgumentException.class, () -> accumulator.addHits(new int[] {0, 1}, 2, 1));
    assertThrows(
        IllegalArgumentException.class, () -> accumulator.merge(new RankingAccumulator(3)));
  }

  @Test
  void meansAreOverUsersWithRelevantItems() {
    RankingAccumulator accumulator = new RankingAccumulator(2, 4);
    accumulator.addHits(new int[] {0, 3}, 2, 2);
    accumulator.addHits(new int[0], 0, 0);
    accumulator.addHits(new int[] {5, 9}, 2, 2);
    List<RankingQuality> result = accumulator.result();
    // K = 2: user 1 has 1 of 2 and 1 / 1.63093 = 0.61315, user 3 nothing, user 2 does not count.
    assertQuality(result.get(0), 2, 0.5 / 2, 1 / 1.6309297535714573 / 2, 0.5);
    // K = 4: user 1 has 2 of 2 and (1 + 1/log2(5) = 1.43068) / 1.63093 = 0.87722
    assertQuality(result.get(1), 4, 0.5, 1.4306765580733931 / 1.6309297535714573 / 2, 0.5);
  }

  @Test
  void findsTheHitsOfARanking() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment rows = arena.allocateFrom(ValueLayout.JAVA_INT, 1, 2, 5, 8, 13, 0, 1);
      RankingAccumulator byArray = new RankingAccumulator(1, 3, 10);
      byArray.add(new int[] {4, 8, 2, 13, 1}, 4, rows, 2, 5);
      TopK top = new TopK(10);
      top.offer(0.1f, 13);
      top.offer(0.9f, 4);
      top.offer(0.3f, 2);
      top.offer(0.5f, 8);
      top.sortInPlace();
      RankingAccumulator bySelection = new RankingAccumulator(1, 3, 10);
      bySelection.add(top, rows, 2, 5);
      // Relevant are 5, 8, 13; ranked 4, 8, 2, 13: hits at ranks 1 and 3.
      RankingAccumulator byHits = new RankingAccumulator(1, 3, 10);
      byHits.addHits(new int[] {1, 3}, 2, 3);
      assertEquals(byHits.result(), byArray.result());
      assertEquals(byHits.result(), bySelection.result());
      assertEquals(2 / 3.0, byHits.result().get(2).recall(), EPSILON);
      assertEquals(
          RankingMetrics.ndcgAtK(new int[] {1, 3}, 2, 3, 10),
          byHits.result().get(2).ndcg(),
          EPSILON);
    }
  }

  @Test
  void rankingsMayBeLongerThanTheCutoff() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment row = arena.allocateFrom(ValueLayout.JAVA_INT, 3);
      RankingAccumulator accumulator = new RankingAccumulator(2);
      accumulator.add(new int[] {1, 2, 3}, 3, row, 0, 1);
      assertQuality(accumulator.result().get(0), 2, 0, 0, 0);
    }
  }

  @Test
  void mergesAndResets() {
    RankingAccumulator first = new RankingAccumulator(20, 50);
    RankingAccumulator second = new RankingAccumulator(20, 50);
    RankingAccumulator both = new RankingAccumulator(20, 50);
    for (int user = 0; user < 100; user++) {
      int[] ranks = {user % 7, user % 7 + 10, user % 7 + 40};
      (user < 60 ? first : second).addHits(ranks, 3, 3 + user % 5);
      both.addHits(ranks, 3, 3 + user % 5);
    }
    first.merge(second);
    for (int cutoff = 0; cutoff < 2; cutoff++) {
      RankingQuality expected = both.result().get(cutoff);
      RankingQuality merged = first.result().get(cutoff);
      assertEquals(expected.users(), merged.users());
      assertEquals(expected.recall(), merged.recall(), EPSILON);
      assertEquals(expected.ndcg(), merged.ndcg(), EPSILON);
    }
    first.reset();
    assertEquals(new RankingQuality(50, 0, 0, 0, 0), first.result().get(1));
  }

  private static void assertQuality(
      RankingQuality quality, int k, double recall, double ndcg, double hitRate) {
    assertEquals(k, quality.k());
    assertEquals(recall, quality.recall(), EPSILON);
    assertEquals(ndcg, quality.ndcg(), EPSILON);
    assertEquals(hitRate, quality.hitRate(), EPSILON);
  }
}
