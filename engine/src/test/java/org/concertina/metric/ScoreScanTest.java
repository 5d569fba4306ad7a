package org.concertina.metric;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.SplittableRandom;
import org.concertina.kernel.VectorOps;
import org.concertina.kernel.VectorOpsProvider;
import org.concertina.kernel.scalar.ScalarVectorOps;
import org.concertina.memory.CappedArena;
import org.junit.jupiter.api.Test;

/** A scan selects what offering every score would. */
class ScoreScanTest {
  private static final int CAPACITY = 50;

  private final SplittableRandom random = new SplittableRandom(5);

  @Test
  void selectsWhatOfferingEveryScoreSelects() {
    for (VectorOps ops : new VectorOps[] {ScalarVectorOps.create(), VectorOpsProvider.get()}) {
      try (CappedArena arena = CappedArena.unlimited()) {
        ScoreScan scan = new ScoreScan(ops.scan(), arena, CAPACITY);
        for (int n : new int[] {0, 1, 49, 50, 383, 384, 385, 2049}) {
          for (int k : new int[] {1, 20, CAPACITY}) {
            for (int values : new int[] {2, 40, 1_000_000}) {
              assertSame(arena, scan, n, k, values);
            }
          }
        }
      }
    }
  }

  /** Two rows, one after the other, of few or many different values, some of them masked or NaN. */
  private void assertSame(CappedArena arena, ScoreScan scan, int n, int k, int values) {
    MemorySegment scores = arena.allocateFloats(2L * n + 1, "scores");
    for (int i = 0; i < 2 * n; i++) {
      float score = (random.nextInt(values) - values / 2) / 64f;
      int kind = random.nextInt(20);
      scores.setAtIndex(
          ValueLayout.JAVA_FLOAT,
          i,
          kind == 0 ? Float.NEGATIVE_INFINITY : kind == 1 ? Float.NaN : score);
    }
    TopK expected = new TopK(CAPACITY);
    expected.reset(k);
    for (int i = 0; i < 2 * n; i++) {
      float score = scores.getAtIndex(ValueLayout.JAVA_FLOAT, i);
      if (score > Float.NEGATIVE_INFINITY) {
        expected.offer(score, i);
      }
    }
    TopK actual = new TopK(CAPACITY);
    actual.reset(k);
    scan.offer(actual, 0, scores, 0, n);
    scan.offer(actual, n, scores, (long) n * Float.BYTES, n);
    expected.sortInPlace();
    actual.sortInPlace();
    String what = "%d of twice %d scores of %d values".formatted(k, n, values);
    assertEquals(expected.size(), actual.size(), what);
    for (int rank = 0; rank < expected.size(); rank++) {
      assertEquals(expected.id(rank), actual.id(rank), what);
      assertEquals(expected.score(rank), actual.score(rank), what);
    }
  }

  @Test
  void aFloorLeavesOutWhatIsBelowIt() {
    try (CappedArena arena = CappedArena.unlimited()) {
      MemorySegment scores = arena.allocateFloats(1000, "scores");
      for (int i = 0; i < 1000; i++) {
        scores.setAtIndex(ValueLayout.JAVA_FLOAT, i, random.nextInt(100));
      }
      ScoreScan scan = new ScoreScan(VectorOpsProvider.get().scan(), arena, CAPACITY);
      for (float floor : new float[] {Float.NEGATIVE_INFINITY, 0, 95, 98.5f, 99, 100}) {
        TopK expected = new TopK(CAPACITY);
        for (int i = 0; i < 1000; i++) {
          if (scores.getAtIndex(ValueLayout.JAVA_FLOAT, i) >= floor) {
            expected.offer(scores.getAtIndex(ValueLayout.JAVA_FLOAT, i), i);
          }
        }
        TopK actual = new TopK(CAPACITY);
        scan.offerFrom(floor, actual, 0, scores, 0, 400);
        scan.offerFrom(floor, actual, 400, scores, 400 * Float.BYTES, 600);
        expected.sortInPlace();
        actual.sortInPlace();
        assertEquals(expected.size(), actual.size(), "floor " + floor);
        for (int rank = 0; rank < expected.size(); rank++) {
          assertEquals(expected.id(rank), actual.id(rank), "floor " + floor);
        }
      }
    }
  }

  @Test
  void aRowOfMaskedScoresSelectsNothing() {
    try (CappedArena arena = CappedArena.unlimited()) {
      MemorySegment scores = arena.allocateFloats(1000, "scores");
      for (int i = 0; i < 1000; i++) {
        scores.setAtIndex(ValueLayout.JAVA_FLOAT, i, Float.NEGATIVE_INFINITY);
      }
      TopK top = new TopK(CAPACITY);
      new ScoreScan(VectorOpsProvider.get().scan(), arena, CAPACITY).offer(top, 0, scores, 0, 1000);
      assertEquals(0, top.size());
    }
  }
}
