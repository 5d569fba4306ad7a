package org.concertina.serve;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.concertina.artifact.ArtifactFixture;
import org.concertina.block.GroupPrior;
import org.concertina.memory.MemoryCap;
import org.concertina.memory.MemoryCapExceededException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a prior of the items changes about requests. */
class PriorServingTest {
  private static final int ITEMS = ServingFixture.ITEMS;
  private static final int DIM = ServingFixture.DIM;

  @TempDir Path dir;
  private Path file;
  private ArtifactFixture fixture;
  private DeviceRuntime runtime;
  private Recommender recommender;
  private final float[] user = new float[DIM];
  private final int[] rows = new int[ITEMS];
  private final float[] scores = new float[ITEMS];

  @BeforeEach
  void open() throws Exception {
    file = dir.resolve("a.cnct");
    fixture = ServingFixture.writeWithPrior(file);
    runtime = DeviceRuntime.open(file, MemoryCap.unlimited());
    recommender = runtime.newRecommender();
  }

  @AfterEach
  void close() {
    runtime.close();
    fixture.close();
  }

  private int recommend(int k) {
    return recommender.recommend(MemorySegment.ofArray(user), 0, k, null, rows, scores);
  }

  private void assertRankedByPrior() {
    for (int rank = 0; rank < ITEMS; rank++) {
      int item = fixture.order().itemAtRow(rows[rank]);
      float prior = fixture.prior().getAtIndex(ValueLayout.JAVA_FLOAT, item);
      // The first group's priors span most: 0.1 * ln(125) + 0.2.
      assertEquals(prior, scores[rank], 0.7 / (2 * 2 * GroupPrior.MAX_CODE) + 1e-6);
      if (rank > 0) {
        boolean tied = scores[rank] == scores[rank - 1];
        assertTrue(tied ? rows[rank] > rows[rank - 1] : scores[rank] < scores[rank - 1]);
      }
    }
  }

  @Test
  void whoNothingIsKnownOfGetsWhatIsPopular() {
    assertEquals(ITEMS, recommend(ITEMS));
    assertRankedByPrior();
    for (int[] history : new int[][] {{}, {-1, ITEMS}}) {
      Arrays.fill(rows, 0);
      int n = history.length;
      assertEquals(ITEMS, recommender.recommendFromHistory(history, n, ITEMS, null, rows, scores));
      assertRankedByPrior();
    }
  }

  @Test
  void lengthOfTheVectorDoesNotMatter() {
    for (int k = 0; k < DIM; k++) {
      user[k] = (float) Math.sin(k);
    }
    recommend(20);
    int[] expected = Arrays.copyOf(rows, 20);
    float[] expectedScores = Arrays.copyOf(scores, 20);
    for (float length : new float[] {1 << 10, 1f / (1 << 20), 1L << 40}) {
      float[] before = user.clone();
      for (int k = 0; k < DIM; k++) {
        user[k] *= length;
      }
      recommend(20);
      assertArrayEquals(expected, Arrays.copyOf(rows, 20));
      assertArrayEquals(expectedScores, Arrays.copyOf(scores, 20));
      System.arraycopy(before, 0, user, 0, DIM);
    }
  }

  @Test
  void aHistoryRanksAsItsVectorDoes() {
    int[] history = {3, 40, 499};
    recommender.userVectorOfHistory(history, 3, MemorySegment.ofArray(user), 0);
    try (RowFilter filter = runtime.newRowFilter()) {
      for (int row : history) {
        filter.exclude(row);
      }
      recommender.recommend(MemorySegment.ofArray(user), 0, 30, filter, rows, scores);
    }
    int[] expected = Arrays.copyOf(rows, 30);
    recommender.recommendFromHistory(history, 3, 30, null, rows, scores);
    assertArrayEquals(expected, Arrays.copyOf(rows, 30));
  }

  @Test
  void aVectorThatIsNotFiniteIsRefused() {
    user[DIM - 1] = Float.NaN;
    assertThrows(IllegalArgumentException.class, () -> recommend(5));
    user[DIM - 1] = Recommender.MAX_USER_NORM;
    assertEquals(5, recommend(5));
    assertTrue(Float.isFinite(scores[0]), "score " + scores[0]);
  }

  @Test
  void theScratchIsCounted() throws Exception {
    long needed = Files.size(file) + runtime.recommenderBytes();
    try (DeviceRuntime exact = DeviceRuntime.open(file, MemoryCap.ofBytes(needed))) {
      exact.newRecommender();
      assertEquals(needed, exact.cap().usedBytes());
    }
    MemoryCap tooSmall = MemoryCap.ofBytes(needed - 1);
    try (DeviceRuntime refusing = DeviceRuntime.open(file, tooSmall)) {
      assertThrows(MemoryCapExceededException.class, refusing::newRecommender);
      assertEquals(Files.size(file), tooSmall.usedBytes());
    }
    assertEquals(0, tooSmall.usedBytes());
  }
}
