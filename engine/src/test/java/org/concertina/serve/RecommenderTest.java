package org.concertina.serve;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.concertina.artifact.ArtifactFixture;
import org.concertina.memory.MemoryCap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a request does at the edges. */
class RecommenderTest {
  private static final int ITEMS = ServingFixture.ITEMS;
  private static final int DIM = ServingFixture.DIM;

  @TempDir Path dir;
  private ArtifactFixture fixture;
  private DeviceRuntime runtime;
  private Recommender recommender;
  private final float[] user = new float[DIM];
  private final int[] rows = new int[ITEMS];
  private final float[] scores = new float[ITEMS];

  @BeforeEach
  void open() throws Exception {
    fixture = ServingFixture.write(dir.resolve("a.cnct"));
    runtime = DeviceRuntime.open(dir.resolve("a.cnct"), MemoryCap.unlimited());
    recommender = runtime.newRecommender();
    for (int k = 0; k < DIM; k++) {
      user[k] = (float) Math.sin(k);
    }
  }

  @AfterEach
  void close() {
    runtime.close();
    fixture.close();
  }

  private int recommend(int k, RowFilter filter) {
    return recommender.recommend(MemorySegment.ofArray(user), 0, k, filter, rows, scores);
  }

  @ParameterizedTest
  @ValueSource(ints = {ITEMS, ITEMS + 1, Integer.MAX_VALUE})
  void moreThanTheCatalogueGivesTheCatalogue(int k) {
    assertEquals(ITEMS, recommend(k, null));
    assertEquals(ITEMS, Arrays.stream(rows).distinct().count());
    for (int rank = 1; rank < ITEMS; rank++) {
      assertTrue(scores[rank] <= scores[rank - 1]);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, -1, Integer.MIN_VALUE})
  void fewerThanOneIsRefused(int k) {
    assertThrows(IllegalArgumentException.class, () -> recommend(k, null));
    assertThrows(
        IllegalArgumentException.class,
        () -> recommender.recommendFromHistory(new int[0], 0, k, null, rows, scores));
  }

  @Test
  void aSmallKAfterALargeOneIsItsPrefix() {
    recommend(100, null);
    int[] all = Arrays.copyOf(rows, 7);
    assertEquals(7, recommend(7, null));
    assertArrayEquals(all, Arrays.copyOf(rows, 7));
  }

  @Test
  void arraysThatAreTooShortAreRefused() {
    assertThrows(
        IllegalArgumentException.class,
        () ->
            recommender.recommend(
                MemorySegment.ofArray(user), 0, 5, null, new int[4], new float[5]));
    assertThrows(
        IllegalArgumentException.class,
        () ->
            recommender.recommend(
                MemorySegment.ofArray(user), 0, 5, null, new int[5], new float[4]));
    assertThrows(
        IndexOutOfBoundsException.class,
        () -> recommender.recommend(MemorySegment.ofArray(user), 4, 5, null, rows, scores));
    assertThrows(
        IndexOutOfBoundsException.class,
        () -> recommender.recommendFromHistory(new int[3], 4, 5, null, rows, scores));
  }

  @ParameterizedTest
  @ValueSource(
      floats = {
        Float.NaN,
        Float.POSITIVE_INFINITY,
        Float.NEGATIVE_INFINITY,
        Float.MAX_VALUE,
        1.1e30f
      })
  void aVectorThatIsNotFiniteIsRefused(float value) {
    user[DIM - 1] = value;
    assertThrows(IllegalArgumentException.class, () -> recommend(5, null));
    user[DIM - 1] = 1;
    assertEquals(5, recommend(5, null));
  }

  @Test
  void aHugeVectorHasFiniteScores() {
    Arrays.fill(user, Recommender.MAX_USER_NORM / 10);
    assertEquals(ITEMS, recommend(ITEMS, null));
    for (float score : scores) {
      assertTrue(Math.abs(score) < 1.02f, "score " + score);
    }
  }

  @Test
  void lengthOfTheVectorDoesNotMatter() {
    recommend(20, null);
    int[] expected = Arrays.copyOf(rows, 20);
    float[] expectedScores = Arrays.copyOf(scores, 20);
    for (int k = 0; k < DIM; k++) {
      user[k] *= 1024;
    }
    recommend(20, null);
    assertArrayEquals(expected, Arrays.copyOf(rows, 20));
    assertArrayEquals(expectedScores, Arrays.copyOf(scores, 20));
  }

  @Test
  void nothingKnownGivesTheMostPopularGroup() {
    int[] first = IntStream.range(0, 6).toArray();
    Arrays.fill(user, 0);
    assertEquals(6, recommend(6, null));
    assertArrayEquals(first, Arrays.copyOf(rows, 6));
    assertArrayEquals(new float[6], Arrays.copyOf(scores, 6));
    for (int[] history : new int[][] {{}, {-1, ITEMS, Integer.MAX_VALUE, Integer.MIN_VALUE}}) {
      assertEquals(
          6, recommender.recommendFromHistory(history, history.length, 6, null, rows, scores));
      assertArrayEquals(first, Arrays.copyOf(rows, 6));
      assertArrayEquals(new float[6], Arrays.copyOf(scores, 6));
    }
  }

  @Test
  void theHistoryIsLeftOutOnlyOnce() {
    int[] history = {3, 3, 40, -7, 499};
    assertEquals(
        ITEMS - 3, recommender.recommendFromHistory(history, 5, ITEMS, null, rows, scores));
    assertFalse(
        Arrays.stream(rows, 0, ITEMS - 3).anyMatch(row -> row == 3 || row == 40 || row == 499));
    assertEquals(
        ITEMS - 1, recommender.recommendFromHistory(new int[] {7}, 1, ITEMS, null, rows, scores));
    assertEquals(ITEMS, recommend(ITEMS, null));
  }

  @Test
  void theHistoryMayBeOverwrittenByTheResult() {
    recommender.recommendFromHistory(new int[] {3, 40, 499}, 3, 10, null, rows, scores);
    int[] expected = Arrays.copyOf(rows, 10);
    System.arraycopy(new int[] {3, 40, 499}, 0, rows, 0, 3);
    recommender.recommendFromHistory(rows, 3, 10, null, rows, scores);
    assertArrayEquals(expected, Arrays.copyOf(rows, 10));
    assertEquals(ITEMS, recommender.recommendFromHistory(new int[0], 0, ITEMS, null, rows, scores));
  }

  @Test
  void aRefusedHistoryLeavesNoTrace() {
    RowFilter closed = runtime.newRowFilter();
    closed.close();
    assertThrows(
        IllegalStateException.class,
        () -> recommender.recommendFromHistory(new int[] {5}, 1, 9, closed, rows, scores));
    assertEquals(ITEMS, recommend(ITEMS, null));
  }

  @Test
  void filtersDenyAndAllow() {
    try (RowFilter filter = runtime.newRowFilter()) {
      recommend(1, filter);
      int best = rows[0];
      filter.exclude(best);
      assertEquals(ITEMS - 1, recommend(ITEMS, filter));
      assertTrue(Arrays.stream(rows, 0, ITEMS - 1).noneMatch(row -> row == best));
      filter.excludeAll();
      assertEquals(0, recommend(ITEMS, filter));
      filter.allow(17);
      filter.allow(450);
      assertEquals(2, recommend(ITEMS, filter));
      assertTrue(filter.excludes(18));
      assertFalse(filter.excludes(17));
      filter.allowAll();
      assertEquals(ITEMS, recommend(ITEMS, filter));
      assertThrows(IndexOutOfBoundsException.class, () -> filter.exclude(ITEMS));
      assertThrows(IndexOutOfBoundsException.class, () -> filter.allow(-1));
    }
  }

  @Test
  void aFilterOfAnotherCatalogueIsRefused() throws Exception {
    try (ArtifactFixture other = ArtifactFixture.random(77)) {
      other.write(dir.resolve("other.cnct"));
      try (DeviceRuntime second =
              DeviceRuntime.open(dir.resolve("other.cnct"), MemoryCap.unlimited());
          RowFilter filter = second.newRowFilter()) {
        assertThrows(IllegalArgumentException.class, () -> recommend(3, filter));
      }
    }
  }

  @Test
  void idsConvertBothWays() {
    int[] ids = {fixture.idAtRow(0), fixture.unknownId(), fixture.idAtRow(ITEMS - 1)};
    int[] converted = new int[3];
    runtime.rowsOfItemIds(ids, 3, converted);
    assertArrayEquals(new int[] {0, -1, ITEMS - 1}, converted);
    assertEquals(-1, runtime.rowOfItemId(Long.MAX_VALUE));
    assertTrue(runtime.hasItemIds());
    converted[1] = 1;
    runtime.itemIdsAtRows(converted, 3, converted);
    assertArrayEquals(new int[] {ids[0], fixture.idAtRow(1), ids[2]}, converted);
    assertThrows(IndexOutOfBoundsException.class, () -> runtime.itemIdAtRow(ITEMS));
  }
}
