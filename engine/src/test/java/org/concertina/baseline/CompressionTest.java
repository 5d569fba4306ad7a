package org.concertina.baseline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.stream.IntStream;
import org.concertina.kernel.CounterRandom;
import org.concertina.kernel.WorkerPool;
import org.concertina.memory.CappedArena;
import org.concertina.memory.FloatTable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class CompressionTest {
  private static final int ITEMS = 300;
  private static final int DIM = 16;

  private final CappedArena arena = CappedArena.unlimited();
  private final SourceTable table = new SourceTable(random(), 1_000);

  private FloatTable random() {
    FloatTable rows = FloatTable.allocate(arena, ITEMS, DIM, "test");
    for (int item = 0; item < ITEMS; item++) {
      for (int k = 0; k < DIM; k++) {
        rows.set(item, k, (float) CounterRandom.gaussian(7, (long) item * DIM + k));
      }
    }
    return rows;
  }

  @AfterEach
  void close() {
    arena.close();
  }

  private double squaredError(FloatTable other) {
    double sum = 0;
    for (int item = 0; item < ITEMS; item++) {
      for (int k = 0; k < DIM; k++) {
        double off = other.get(item, k) - table.rows().get(item, k);
        sum += off * off;
      }
    }
    return sum;
  }

  private double squaredNorm() {
    return squaredError(FloatTable.allocate(arena, ITEMS, DIM, "zero"));
  }

  @Test
  void otherBytesAreThoseOfAnArtifact() {
    int[] ids = IntStream.range(0, ITEMS).map(i -> 3 * i).toArray();
    // Header 256, one directory entry of 64.
    assertEquals(320, SourceTable.of(table.rows(), null, 0).otherBytes());
    assertEquals(320 + 128, SourceTable.of(table.rows(), null, 128).otherBytes());
    // Elias-Fano of 300 ids below 900: 5 words of low bits, 12 of high ones, and a head of 8 bytes.
    assertEquals(320 + 192, SourceTable.of(table.rows(), ids, 0).otherBytes());
  }

  @ParameterizedTest
  @EnumSource(ScalarCodes.class)
  void pruningKeepsTheLargestThatFit(ScalarCodes codes) {
    long last = Long.MAX_VALUE;
    double lastError = -1;
    for (long budget : new long[] {30_000, 9_000, 5_000, 3_000}) {
      Compressed pruned = new MagnitudePruning(codes).fit(table, budget, arena).orElseThrow();
      assertTrue(pruned.fileBytes() <= budget, pruned + " in " + budget);
      assertTrue(pruned.fileBytes() <= last);
      double error = squaredError(pruned.rows());
      assertTrue(error >= lastError, error + " after " + lastError);
      last = pruned.fileBytes();
      lastError = error;
    }
    assertFalse(new MagnitudePruning(codes).fit(table, 1_500, arena).isPresent());
  }

  @Test
  void pruningCountsElementsAndWhereTheyAre() {
    Compressed pruned =
        new MagnitudePruning(ScalarCodes.FP32).fit(table, 9_000, arena).orElseThrow();
    int kept = 0;
    float smallestKept = Float.MAX_VALUE;
    float largestDropped = 0;
    for (int item = 0; item < ITEMS; item++) {
      int own = 0;
      float largest = 0;
      for (int k = 0; k < DIM; k++) {
        largest = Math.max(largest, Math.abs(table.rows().get(item, k)));
      }
      for (int k = 0; k < DIM; k++) {
        float value = pruned.rows().get(item, k);
        float before = Math.abs(table.rows().get(item, k));
        if (value == 0) {
          largestDropped = Math.max(largestDropped, before);
        } else {
          own++;
          smallestKept = before == largest ? smallestKept : Math.min(smallestKept, before);
        }
      }
      assertTrue(own >= 1, "row " + item);
      kept += own;
    }
    assertTrue(smallestKept >= largestDropped);
    // A bit an element takes 2 bytes a row, less than a count and indices.
    assertEquals(1_000 + ITEMS * 2 + kept * 4L, pruned.fileBytes());
    assertTrue(9_000 - pruned.fileBytes() < 4);
  }

  @Test
  void everythingKeptIsTheTable() {
    Compressed all =
        new MagnitudePruning(ScalarCodes.FP32).fit(table, 1_000_000, arena).orElseThrow();
    assertEquals(0, squaredError(all.rows()));
    Compressed bytes =
        new MagnitudePruning(ScalarCodes.INT8).fit(table, 1_000_000, arena).orElseThrow();
    assertTrue(squaredError(bytes.rows()) < 2e-4 * squaredNorm());
  }

  @Test
  void quotientAndRemainderRestoreASumOfTwoTables() {
    int m = 20;
    float[] quotients = new float[15];
    float[] remainders = new float[m];
    float[] target = new float[ITEMS];
    for (int i = 0; i < ITEMS; i++) {
      int quotient = i / m;
      target[i] = quotient * 0.5f - (i % m) * 0.25f;
    }
    QuotientRemainder.fit(target, quotients, remainders);
    for (int i = 0; i < ITEMS; i++) {
      assertEquals(target[i], quotients[i / m] + remainders[i % m], 1e-4);
    }
  }

  @ParameterizedTest
  @EnumSource(ScalarCodes.class)
  void hashingFitsItsBudget(ScalarCodes codes) {
    QuotientRemainder hashing = new QuotientRemainder(codes);
    assertFalse(hashing.fit(table, 1_300, arena).isPresent(), "35 rows are the least");
    Compressed small = hashing.fit(table, 5_000, arena).orElseThrow();
    Compressed large = hashing.fit(table, 15_000, arena).orElseThrow();
    assertTrue(small.fileBytes() <= 5_000 && large.fileBytes() <= 15_000);
    assertTrue(squaredError(large.rows()) < squaredError(small.rows()));
    assertTrue(squaredError(small.rows()) < squaredNorm());
  }

  @Test
  void theLargestNumberOfRemaindersIsTaken() {
    assertEquals(0, QuotientRemainder.remainders(300, 34));
    assertEquals(20, QuotientRemainder.remainders(300, 35));
    assertEquals(98, QuotientRemainder.remainders(300, 102));
    assertEquals(300, QuotientRemainder.remainders(300, 1_000));
  }

  @ParameterizedTest
  @ValueSource(ints = {4, 8})
  void productQuantisationCountsCodesAndCodebooks(int bits) {
    try (WorkerPool two = new WorkerPool(2);
        WorkerPool one = WorkerPool.inline()) {
      ProductQuantization coarse = new ProductQuantization(2, bits, 1);
      ProductQuantization fine = new ProductQuantization(8, bits, 1);
      Compressed compressed = coarse.compress(table, arena, two);
      long centroids = 1L << bits;
      assertEquals(1_000 + ITEMS * 2L * bits / 8 + centroids * DIM * 4, compressed.fileBytes());
      double error = squaredError(compressed.rows());
      assertTrue(error < squaredNorm());
      assertTrue(squaredError(fine.compress(table, arena, two).rows()) < error);
      assertEquals(
          -1,
          compressed.rows().segment().mismatch(coarse.compress(table, arena, one).rows().segment()),
          "threads change nothing");
    }
  }

  @Test
  void asManyCentroidsAsRowsRestoreThem() {
    try (WorkerPool pool = WorkerPool.inline()) {
      SourceTable few = new SourceTable(FloatTable.allocate(arena, 10, DIM, "few"), 0);
      for (int item = 0; item < 10; item++) {
        for (int k = 0; k < DIM; k++) {
          few.rows().set(item, k, item - k);
        }
      }
      Compressed same = new ProductQuantization(4, 8, 1).compress(few, arena, pool);
      assertEquals(-1, same.rows().segment().mismatch(few.rows().segment()));
      assertEquals(10 * 4 + 10L * DIM * 4, same.fileBytes());
    }
  }
}
