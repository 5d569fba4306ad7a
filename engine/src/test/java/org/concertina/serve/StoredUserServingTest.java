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
import org.concertina.artifact.UserVectors;
import org.concertina.block.BlockChoice;
import org.concertina.block.BlockShape;
import org.concertina.block.ElasticConfig;
import org.concertina.block.Groups;
import org.concertina.block.Precision;
import org.concertina.memory.CappedArena;
import org.concertina.memory.FloatTable;
import org.concertina.memory.MemoryCap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Requests for users whose vectors the artifact holds. */
class StoredUserServingTest {
  private static final int DIM = ServingFixture.DIM;
  private static final int USERS = ServingFixture.USERS;
  private static final int K = 12;

  @TempDir Path dir;

  private final int[] rows = new int[K];
  private final float[] scores = new float[K];

  @ParameterizedTest
  @CsvSource({"FP32, false", "FP32, true", "INT8, false", "INT8, true"})
  void answersAreTheOraclesForTheDecodedVector(Precision precision, boolean prior)
      throws Exception {
    Path file = dir.resolve("a.cnct");
    try (ArtifactFixture fixture = ServingFixture.writeWithUsers(file, precision, prior);
        DeviceRuntime runtime = DeviceRuntime.open(file, MemoryCap.unlimited());
        Recommender recommender = runtime.newRecommender();
        RowFilter filter = runtime.newRowFilter()) {
      ServingOracle oracle = new ServingOracle(fixture);
      filter.exclude(3);
      int[] plainRows = new int[K];
      float[] plainScores = new float[K];
      assertEquals(USERS, runtime.users());
      for (int userRow = 0; userRow < USERS; userRow++) {
        float[] vector = new float[DIM];
        MemorySegment segment = MemorySegment.ofArray(vector);
        recommender.storedUserVector(userRow, segment, 0);
        assertArrayEquals(stored(fixture.users(), userRow), vector, 0f);
        assertEquals(K, recommender.recommendUser(userRow, K, filter, rows, scores));
        assertArrayEquals(oracle.best(vector, K, row -> row == 3), rows);
        for (int rank = 0; rank < K; rank++) {
          assertEquals(oracle.score(vector, rows[rank]), scores[rank]);
        }
        recommender.recommend(segment, 0, K, filter, plainRows, plainScores);
        assertArrayEquals(plainRows, rows);
        assertArrayEquals(plainScores, scores);
        int id = fixture.users().ids()[userRow];
        assertEquals(id, runtime.userIdAtRow(userRow));
        assertEquals(userRow, runtime.userRowOfId(id));
      }
    }
  }

  private static float[] stored(UserVectors users, int row) {
    float[] vector = new float[DIM];
    float largest = 0;
    for (int k = 0; k < DIM; k++) {
      vector[k] = users.vectors().get(row, k);
      largest = Math.max(largest, Math.abs(vector[k]));
    }
    for (int k = 0; k < DIM && users.precision() == Precision.INT8 && largest > 0; k++) {
      vector[k] = (float) Math.rint(vector[k] * 127.0 / largest);
    }
    return vector;
  }

  @Test
  void wrongRequestsAreNamed() throws Exception {
    Path file = dir.resolve("a.cnct");
    try (ArtifactFixture fixture = ServingFixture.writeWithUsers(file, Precision.INT8, false);
        DeviceRuntime runtime = DeviceRuntime.open(file, MemoryCap.unlimited());
        Recommender recommender = runtime.newRecommender()) {
      for (int userRow : new int[] {-1, USERS, Integer.MAX_VALUE, Integer.MIN_VALUE}) {
        IndexOutOfBoundsException refused =
            assertThrows(
                IndexOutOfBoundsException.class,
                () -> recommender.recommendUser(userRow, K, null, rows, scores));
        assertTrue(refused.getMessage().startsWith("userRow: expected 0 to"), refused.getMessage());
      }
      MemorySegment small = MemorySegment.ofArray(new float[DIM - 1]);
      assertThrows(
          IndexOutOfBoundsException.class, () -> recommender.storedUserVector(0, small, 0));
      assertThrows(
          IllegalArgumentException.class,
          () -> recommender.recommendUser(0, 0, null, rows, scores));
      assertEquals(-1, runtime.userRowOfId(fixture.users().ids()[0] - 1L));
    }
    Recommender orphan;
    try (DeviceRuntime runtime = DeviceRuntime.open(file, MemoryCap.unlimited())) {
      orphan = runtime.newRecommender();
    }
    assertThrows(IllegalStateException.class, () -> orphan.recommendUser(0, K, null, rows, scores));
  }

  @Test
  void anArtifactWithoutUsersSaysSo() throws Exception {
    Path file = dir.resolve("a.cnct");
    try (ArtifactFixture fixture = ServingFixture.write(file);
        DeviceRuntime runtime = DeviceRuntime.open(file, MemoryCap.unlimited());
        Recommender recommender = runtime.newRecommender()) {
      assertEquals(0, runtime.users());
      assertFalse(runtime.hasUserIds());
      assertEquals(null, fixture.users());
      for (UnsupportedOperationException refused :
          new UnsupportedOperationException[] {
            assertThrows(
                UnsupportedOperationException.class,
                () -> recommender.recommendUser(0, K, null, rows, scores)),
            assertThrows(UnsupportedOperationException.class, () -> runtime.userRowOfId(1))
          }) {
        assertTrue(refused.getMessage().contains(file + ": holds no users"), refused.getMessage());
      }
    }
  }

  @Test
  void usersTakeNothingFromTheCapButTheFile() throws Exception {
    Path file = dir.resolve("a.cnct");
    try (ArtifactFixture fixture = ServingFixture.writeWithUsers(file, Precision.INT8, true)) {
      MemoryCap cap = MemoryCap.ofBytes(1 << 20);
      try (DeviceRuntime runtime = DeviceRuntime.open(file, cap);
          Recommender recommender = runtime.newRecommender()) {
        recommender.recommendUser(0, K, null, rows, scores);
        assertEquals(
            fixture.layout().fileBytes(fixture.config()) + runtime.recommenderBytes(),
            cap.usedBytes());
      }
      assertEquals(0, cap.usedBytes());
    }
  }

  @Test
  void leasesServeTheUsersOfTheirOwnArtifact() throws Exception {
    Path file = dir.resolve("a.cnct");
    Path other = dir.resolve("b.cnct");
    ServingFixture.writeWithUsers(file, Precision.FP32, false).close();
    ServingFixture.write(other).close();
    try (ReloadableRuntime service =
        ReloadableRuntime.open(file, MemoryCap.ofBytes(1 << 20), 2, null)) {
      try (ServingLease lease = service.acquire()) {
        assertEquals(K, lease.recommender().recommendUser(5, K, null, rows, scores));
        assertEquals(USERS, lease.runtime().users());
        service.reload(other);
        assertEquals(K, lease.recommender().recommendUser(5, K, null, rows, scores));
      }
      try (ServingLease lease = service.acquire()) {
        assertEquals(0, lease.runtime().users());
        assertThrows(
            UnsupportedOperationException.class,
            () -> lease.recommender().recommendUser(5, K, null, rows, scores));
      }
    }
  }

  /**
   * 2,000 items in 64 dimensions, users that lean to a few of them as trained vectors do: bytes
   * hardly change what is recommended.
   */
  @Test
  void usersInBytesRankAsThoseInFloatsDo() throws Exception {
    int items = 2_000;
    int users = 500;
    BlockShape shape = new BlockShape(8, 8);
    try (CappedArena arena = CappedArena.unlimited();
        ArtifactFixture random = ArtifactFixture.of(3, Groups.equalCount(items, 4), shape)) {
      SplittableRandom gaussian = new SplittableRandom(17);
      FloatTable vectors = FloatTable.allocate(arena, users, 64, "users");
      for (int item = 0; item < items; item++) {
        for (int k = 0; k < 64; k++) {
          random.items().set(item, k, (float) gaussian.nextGaussian());
        }
      }
      for (int user = 0; user < users; user++) {
        int[] liked = gaussian.ints(8, 0, items).toArray();
        for (int k = 0; k < 64; k++) {
          double sum = gaussian.nextGaussian();
          for (int item : liked) {
            sum += random.items().get(item, k);
          }
          vectors.set(user, k, (float) sum);
        }
      }
      ElasticConfig full =
          ElasticConfig.full(shape, 4).withChoice(3, BlockChoice.prefix(8, Precision.INT8));
      int[][] exact = new int[users][];
      double shared = 0;
      for (Precision precision : new Precision[] {Precision.FP32, Precision.INT8}) {
        Path file = dir.resolve(precision + ".cnct");
        random.withConfig(full).withUsers(new UserVectors(vectors, null, precision)).write(file);
        try (DeviceRuntime runtime = DeviceRuntime.open(file, MemoryCap.unlimited());
            Recommender recommender = runtime.newRecommender()) {
          int[] top = new int[20];
          float[] topScores = new float[20];
          for (int user = 0; user < users; user++) {
            recommender.recommendUser(user, 20, null, top, topScores);
            int[] sorted = top.clone();
            Arrays.sort(sorted);
            if (precision == Precision.FP32) {
              exact[user] = sorted;
            } else {
              int[] before = exact[user];
              shared +=
                  Arrays.stream(sorted)
                      .filter(row -> Arrays.binarySearch(before, row) >= 0)
                      .count();
            }
          }
        }
      }
      double overlap = shared / (20.0 * users);
      assertTrue(overlap > 0.985 && overlap < 1, "overlap of the top 20: " + overlap);
    }
  }
}
