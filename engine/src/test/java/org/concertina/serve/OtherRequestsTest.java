package org.concertina.serve;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.concertina.artifact.ArtifactFixture;
import org.concertina.memory.MemoryCap;
import org.concertina.memory.MemoryCapExceededException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Similar items, scores of given items, seen items beside a filter, batches. */
class OtherRequestsTest {
  private static final int ITEMS = ServingFixture.ITEMS;
  private static final int DIM = ServingFixture.DIM;

  @TempDir Path dir;
  private ArtifactFixture fixture;
  private DeviceRuntime runtime;
  private Recommender recommender;
  private final SplittableRandom random = new SplittableRandom(11);

  private void open(boolean prior) throws Exception {
    Path file = dir.resolve("a.cnct");
    fixture = prior ? ServingFixture.writeWithPrior(file) : ServingFixture.write(file);
    runtime = DeviceRuntime.open(file, MemoryCap.unlimited());
    recommender = runtime.newRecommender();
  }

  @AfterEach
  void close() {
    runtime.close();
    fixture.close();
  }

  private float[] randomUser() {
    return ServingFixture.randomFloats(random, DIM);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void similarItemsAreThoseOfTheHighestCosineWithoutPriors(boolean prior) throws Exception {
    open(prior);
    ServingOracle oracle = new ServingOracle(fixture.withPrior(null));
    int[] rows = new int[12];
    float[] scores = new float[12];
    for (int item = 0; item < ITEMS; item += 7) {
      int self = item;
      assertEquals(12, recommender.similarItems(item, 12, null, rows, scores));
      float[] vector = oracle.userVector(new int[] {item});
      assertArrayEquals(oracle.best(vector, 12, row -> row == self), rows);
      for (int rank = 0; rank < 12; rank++) {
        assertEquals(oracle.score(vector, rows[rank]), scores[rank]);
        assertTrue(scores[rank] < 1.05, "a cosine: " + scores[rank]);
      }
    }
    int[] all = new int[ITEMS];
    assertEquals(ITEMS - 1, recommender.similarItems(3, ITEMS, null, all, new float[ITEMS]));
    assertThrows(
        IndexOutOfBoundsException.class,
        () -> recommender.similarItems(ITEMS, 3, null, rows, scores));
    assertThrows(
        IndexOutOfBoundsException.class, () -> recommender.similarItems(-1, 3, null, rows, scores));
    assertEquals(
        ITEMS, recommender.recommend(segment(randomUser()), 0, ITEMS, null, all, new float[ITEMS]));
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void scoresOfGivenRowsAreThoseOfRecommending(boolean prior) throws Exception {
    open(prior);
    int[] rows = new int[ITEMS];
    float[] ranked = new float[ITEMS];
    float[] scores = new float[ITEMS];
    for (int request = 0; request < 20; request++) {
      float[] user = request == 0 ? new float[DIM] : randomUser();
      recommender.recommend(segment(user), 0, ITEMS, null, rows, ranked);
      recommender.scoreRows(segment(user), 0, rows, ITEMS, scores);
      assertArrayEquals(ranked, scores);
    }
    recommender.scoreRows(segment(randomUser()), 0, new int[] {-1, ITEMS, 3}, 3, scores);
    assertTrue(Float.isNaN(scores[0]) && Float.isNaN(scores[1]) && !Float.isNaN(scores[2]));
    assertThrows(
        IndexOutOfBoundsException.class,
        () -> recommender.scoreRows(segment(new float[DIM]), 0, rows, 2, new float[1]));
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void seenRowsAreLeftOutBesidesTheFilters(boolean prior) throws Exception {
    open(prior);
    ServingOracle oracle = new ServingOracle(fixture);
    try (RowFilter filter = runtime.newRowFilter()) {
      filter.exclude(5);
      int[] rows = new int[20];
      float[] scores = new float[20];
      for (int request = 0; request < 20; request++) {
        float[] user = randomUser();
        int[] seen = random.ints(40, -2, ITEMS + 2).toArray();
        recommender.recommendUnseen(segment(user), 0, seen, 40, 20, filter, rows, scores);
        assertArrayEquals(
            oracle.best(user, 20, row -> row == 5 || Arrays.stream(seen).anyMatch(s -> s == row)),
            rows);
      }
      int[] all = new int[ITEMS];
      assertEquals(
          ITEMS - 1,
          recommender.recommend(segment(randomUser()), 0, ITEMS, filter, all, new float[ITEMS]));
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aBatchIsItsUsersOneByOne(boolean prior) throws Exception {
    open(prior);
    try (BatchRecommender batch = runtime.newBatchRecommender(9);
        RowFilter filter = runtime.newRowFilter()) {
      filter.excludeAll();
      filter.allow(7);
      filter.allow(490);
      for (int users : new int[] {0, 1, 4, 9}) {
        int k = 15;
        float[] vectors = ServingFixture.randomFloats(random, 1 + 9 * (DIM + 3));
        RowFilter[] filters = new RowFilter[users];
        if (users > 2) {
          filters[2] = filter;
        }
        int[] rows = new int[users * k];
        float[] scores = new float[users * k];
        int[] counts = new int[users];
        long stride = (DIM + 3) * Float.BYTES;
        batch.recommend(segment(vectors), 4, stride, users, k, filters, rows, scores, counts);
        for (int u = 0; u < users; u++) {
          int[] expectedRows = new int[k];
          float[] expected = new float[k];
          int count =
              recommender.recommend(
                  segment(vectors), 4 + u * stride, k, filters[u], expectedRows, expected);
          assertEquals(u == 2 ? 2 : k, count);
          assertEquals(count, counts[u]);
          assertArrayEquals(expectedRows, Arrays.copyOfRange(rows, u * k, u * k + k));
          assertArrayEquals(expected, Arrays.copyOfRange(scores, u * k, u * k + k));
        }
      }
      assertEquals(9, batch.mostUsers());
      assertThrows(
          IndexOutOfBoundsException.class,
          () ->
              batch.recommend(
                  segment(new float[10 * DIM]),
                  0,
                  DIM * 4,
                  10,
                  1,
                  null,
                  new int[10],
                  new float[10],
                  new int[10]));
      assertThrows(
          IllegalArgumentException.class,
          () ->
              batch.recommend(
                  segment(new float[2 * DIM]),
                  0,
                  DIM * 4,
                  2,
                  3,
                  null,
                  new int[5],
                  new float[6],
                  new int[2]));
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aBatchTakesItsMemoryFromTheCap(boolean prior) throws Exception {
    open(prior);
    MemoryCap cap = MemoryCap.ofBytes(Files.size(dir.resolve("a.cnct")) + 20_000);
    DeviceRuntime own = DeviceRuntime.open(dir.resolve("a.cnct"), cap);
    assertThrows(MemoryCapExceededException.class, () -> own.newBatchRecommender(1000));
    assertThrows(IllegalArgumentException.class, () -> own.newBatchRecommender(0));
    long before = cap.usedBytes();
    BatchRecommender batch = own.newBatchRecommender(2);
    assertTrue(cap.usedBytes() > before);
    own.close();
    assertEquals(0, cap.usedBytes());
    assertThrows(
        IllegalStateException.class,
        () ->
            batch.recommend(
                segment(randomUser()), 0, 0, 1, 1, null, new int[1], new float[1], new int[1]));
  }

  private static MemorySegment segment(float[] floats) {
    return MemorySegment.ofArray(floats);
  }
}
