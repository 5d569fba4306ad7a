package org.concertina.metric;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.Comparator;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TopKTest {
  @Test
  void ranksByScoreThenByLowerId() {
    TopK top = new TopK(3);
    top.offer(1f, 9);
    top.offer(2f, 7);
    top.offer(1f, 4);
    top.offer(1f, 6);
    top.offer(2f, 8);
    top.sortInPlace();
    assertRanking(top, 7, 8, 4);
    assertEquals(1f, top.score(2));
  }

  @Test
  void selectsFewerThanItsCapacityWhenAsked() {
    TopK top = new TopK(5);
    top.reset(2);
    for (int id = 0; id < 5; id++) {
      top.offer(id, id);
    }
    assertEquals(3f, top.threshold());
    top.sortInPlace();
    assertRanking(top, 4, 3);
    top.reset();
    for (int id = 0; id < 7; id++) {
      top.offer(id, id);
    }
    top.sortInPlace();
    assertRanking(top, 6, 5, 4, 3, 2);
    assertThrows(IllegalArgumentException.class, () -> top.reset(6));
    assertThrows(IllegalArgumentException.class, () -> top.reset(0));
  }

  @Test
  void thresholdIsTheWorstScoreOnceFull() {
    TopK top = new TopK(2);
    assertEquals(Float.NEGATIVE_INFINITY, top.threshold());
    top.offer(5f, 1);
    assertEquals(Float.NEGATIVE_INFINITY, top.threshold());
    top.offer(-3f, 2);
    assertEquals(-3f, top.threshold());
    top.offer(4f, 3);
    assertEquals(4f, top.threshold());
    top.reset();
    assertEquals(Float.NEGATIVE_INFINITY, top.threshold());
    assertEquals(0, top.size());
  }

  @Test
  void neverAcceptsNan() {
    TopK top = new TopK(2);
    top.offer(Float.NaN, 0);
    assertEquals(0, top.size());
    top.offer(1f, 1);
    top.offer(Float.intBitsToFloat(0xffc00001), 2);
    top.offer(0f, 3);
    top.offer(Float.NaN, 4);
    top.sortInPlace();
    assertRanking(top, 1, 3);
  }

  @Test
  void infinitiesAreScoresAndZerosAreEqual() {
    TopK top = new TopK(5);
    top.offer(Float.NEGATIVE_INFINITY, 1);
    top.offer(0f, 5);
    top.offer(-0f, 3);
    top.offer(0f, 4);
    top.offer(Float.POSITIVE_INFINITY, 2);
    top.offer(Float.NEGATIVE_INFINITY, 0);
    top.sortInPlace();
    assertRanking(top, 2, 3, 4, 5, 0);
  }

  @Test
  void holdsFewerThanItsCapacity() {
    TopK top = new TopK(50);
    top.offer(-1f, Integer.MAX_VALUE);
    top.offer(-1f, 0);
    top.sortInPlace();
    top.sortInPlace();
    assertRanking(top, 0, Integer.MAX_VALUE);
    assertThrows(IndexOutOfBoundsException.class, () -> top.id(2));
  }

  @Test
  void refusesWrongUse() {
    assertThrows(IllegalArgumentException.class, () -> new TopK(0));
    TopK top = new TopK(1);
    top.offer(1f, 1);
    assertThrows(IllegalStateException.class, () -> top.id(0));
    top.sortInPlace();
    assertThrows(IllegalStateException.class, () -> top.offer(2f, 2));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void equalsAFullSort(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    for (int round = 0; round < 200; round++) {
      int count = random.nextInt(300);
      int distinctScores = 1 + random.nextInt(40);
      float[] scores = new float[count];
      for (int id = 0; id < count; id++) {
        scores[id] = (random.nextInt(distinctScores) - 20) * 0.37f;
      }
      int[] expected =
          IntStream.range(0, count)
              .boxed()
              .sorted(
                  Comparator.comparingDouble((Integer id) -> -scores[id])
                      .thenComparingInt(id -> id))
              .mapToInt(id -> id)
              .toArray();
      TopK top = new TopK(1 + random.nextInt(60));
      for (int id : shuffled(count, random)) {
        top.offer(scores[id], id);
      }
      top.sortInPlace();
      assertEquals(Math.min(top.capacity(), count), top.size());
      for (int rank = 0; rank < top.size(); rank++) {
        assertEquals(expected[rank], top.id(rank));
        assertEquals(scores[expected[rank]], top.score(rank));
      }
    }
  }

  @Test
  void allocatesNothingAfterConstruction() {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    TopK top = new TopK(50);
    long checksum = selectRepeatedly(top, 200);
    long before = threads.getCurrentThreadAllocatedBytes();
    checksum += selectRepeatedly(top, 200);
    long allocated = threads.getCurrentThreadAllocatedBytes() - before;
    assertTrue(allocated < 1024, allocated + " bytes allocated, checksum " + checksum);
  }

  private static long selectRepeatedly(TopK top, int rounds) {
    long checksum = 0;
    for (int round = 0; round < rounds; round++) {
      top.reset();
      for (int id = 0; id < 1000; id++) {
        top.offer((id * 7919 + round) % 1009, id);
      }
      top.sortInPlace();
      checksum += top.id(0);
    }
    return checksum;
  }

  private static int[] shuffled(int count, SplittableRandom random) {
    int[] ids = new int[count];
    for (int i = 0; i < count; i++) {
      int at = random.nextInt(i + 1);
      ids[i] = ids[at];
      ids[at] = i;
    }
    return ids;
  }

  private static void assertRanking(TopK top, int... ids) {
    assertEquals(ids.length, top.size());
    for (int rank = 0; rank < ids.length; rank++) {
      assertEquals(ids[rank], top.id(rank), "rank " + rank);
    }
  }
}
