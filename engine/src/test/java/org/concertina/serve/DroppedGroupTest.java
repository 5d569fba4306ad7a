package org.concertina.serve;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.concertina.artifact.ArtifactFixture;
import org.concertina.memory.MemoryCap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Items of a dropped group are unknown to every request. */
class DroppedGroupTest {
  private static final int ITEMS = ServingFixture.ITEMS;
  private static final int DIM = ServingFixture.DIM;

  /** Rows 125 to 249 are the dropped group's. */
  private static final int DROPPED = 130;

  private static final int KEPT = 7;

  @TempDir Path dir;
  private ArtifactFixture fixture;
  private DeviceRuntime runtime;
  private Recommender recommender;
  private final SplittableRandom random = new SplittableRandom(12);

  private void open(boolean prior) throws Exception {
    Path file = dir.resolve("dropped.cnct");
    fixture = ServingFixture.writeWithDropped(file, prior);
    runtime = DeviceRuntime.open(file, MemoryCap.unlimited());
    recommender = runtime.newRecommender();
  }

  @AfterEach
  void close() {
    runtime.close();
    fixture.close();
  }

  private MemorySegment randomUser() {
    return MemorySegment.ofArray(ServingFixture.randomFloats(random, DIM));
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void neverComesUpAndLeavesRoomToNobody(boolean prior) throws Exception {
    open(prior);
    int[] rows = new int[ITEMS];
    float[] scores = new float[ITEMS];
    int count = recommender.recommend(randomUser(), 0, ITEMS, null, rows, scores);
    assertEquals(375, count);
    assertTrue(Arrays.stream(rows, 0, count).allMatch(fixture::isThere));
    assertEquals(375, Arrays.stream(rows, 0, count).distinct().count());
    assertEquals(0.75, runtime.info().coverage());
    assertEquals(ITEMS, runtime.info().items());
    runtime.warmUp();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void hasNoScoreNothingSimilarAndNoId(boolean prior) throws Exception {
    open(prior);
    float[] scores = new float[2];
    recommender.scoreRows(randomUser(), 0, new int[] {DROPPED, KEPT}, 2, scores);
    assertTrue(Float.isNaN(scores[0]));
    assertFalse(Float.isNaN(scores[1]));
    int[] rows = new int[5];
    IndexOutOfBoundsException refused =
        assertThrows(
            IndexOutOfBoundsException.class,
            () -> recommender.similarItems(DROPPED, 5, null, rows, new float[5]));
    assertTrue(refused.getMessage().contains("group that is kept"), refused.getMessage());
    assertEquals(5, recommender.similarItems(KEPT, 5, null, rows, new float[5]));
    assertEquals(-1, runtime.rowOfItemId(fixture.idAtRow(DROPPED)));
    assertThrows(IndexOutOfBoundsException.class, () -> runtime.itemIdAtRow(DROPPED));
    int[] ids = {fixture.idAtRow(DROPPED), fixture.idAtRow(KEPT)};
    runtime.rowsOfItemIds(ids, 2, ids);
    assertArrayEquals(new int[] {-1, KEPT}, ids);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void countsForNothingInAHistory(boolean prior) throws Exception {
    open(prior);
    float[] with = new float[DIM];
    float[] without = new float[DIM];
    int known =
        recommender.userVectorOfHistory(
            new int[] {DROPPED, KEPT, DROPPED + 1, 300}, 4, MemorySegment.ofArray(with), 0);
    recommender.userVectorOfHistory(new int[] {KEPT, 300}, 2, MemorySegment.ofArray(without), 0);
    assertEquals(2, known);
    assertArrayEquals(without, with);
    int[] rows = new int[10];
    int[] again = new int[10];
    float[] scores = new float[10];
    recommender.recommendFromHistory(new int[] {DROPPED}, 1, 10, null, rows, scores);
    recommender.recommendFromHistory(new int[0], 0, 10, null, again, scores);
    assertArrayEquals(again, rows);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void mayBeFilteredAndAskedForInBatches(boolean prior) throws Exception {
    open(prior);
    MemorySegment user = randomUser();
    int[] rows = new int[20];
    float[] scores = new float[20];
    recommender.recommend(user, 0, 20, null, rows, scores);
    int[] batchRows = new int[20];
    try (RowFilter filter = runtime.newRowFilter();
        BatchRecommender batch = runtime.newBatchRecommender(1)) {
      filter.exclude(DROPPED);
      int[] counts = new int[1];
      batch.recommend(
          user, 0, 0, 1, 20, new RowFilter[] {filter}, batchRows, new float[20], counts);
      assertEquals(20, counts[0]);
      assertArrayEquals(rows, batchRows);
      filter.excludeAll();
      filter.allow(DROPPED);
      assertEquals(0, recommender.recommend(user, 0, 20, filter, rows, scores));
    }
  }
}
