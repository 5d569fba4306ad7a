package org.concertina.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import org.concertina.artifact.ArtifactFixture;
import org.concertina.block.Precision;
import org.concertina.memory.MemoryCap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A warm request allocates nothing. */
class ServingAllocationTest {
  private static final int CALLS = 20_000;
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  @TempDir Path dir;
  private ArtifactFixture fixture;
  private DeviceRuntime runtime;
  private Recommender recommender;
  private final int[] rows = new int[20];
  private final float[] scores = new float[20];

  @BeforeEach
  void open() throws Exception {
    fixture = ServingFixture.write(dir.resolve("a.cnct"));
    runtime = DeviceRuntime.open(dir.resolve("a.cnct"), MemoryCap.unlimited());
    recommender = runtime.newRecommender();
    recommender.warmUp();
  }

  @AfterEach
  void close() {
    runtime.close();
    fixture.close();
  }

  @Test
  void aKnownUser() {
    try (Arena arena = Arena.ofConfined();
        RowFilter filter = runtime.newRowFilter()) {
      filter.exclude(7);
      MemorySegment user = arena.allocate(ServingFixture.DIM * Float.BYTES, 64);
      assertNoAllocation(
          call -> {
            user.setAtIndex(ValueLayout.JAVA_FLOAT, call % ServingFixture.DIM, call % 17 - 8);
            recommender.recommend(user, 0, 1 + call % 20, filter, rows, scores);
          });
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"FP32", "INT8"})
  void aUserOfTheArtifact(Precision precision) throws Exception {
    Path file = dir.resolve("u.cnct");
    ServingFixture.writeWithUsers(file, precision, false).close();
    try (DeviceRuntime other = DeviceRuntime.open(file, MemoryCap.unlimited());
        Recommender own = other.newRecommender()) {
      own.warmUp();
      assertNoAllocation(
          call -> {
            int userRow = call % ServingFixture.USERS;
            if (other.userRowOfId(other.userIdAtRow(userRow)) == userRow) {
              own.recommendUser(userRow, 1 + call % 20, null, rows, scores);
            }
          });
    }
  }

  @Test
  void aHistory() {
    int[] history = new int[12];
    assertNoAllocation(
        call -> {
          history[call % 12] = call % (ServingFixture.ITEMS + 10);
          recommender.recommendFromHistory(history, 12, 20, null, rows, scores);
        });
  }

  @Test
  void aPrior() throws Exception {
    int[] history = new int[12];
    MemorySegment user = MemorySegment.ofArray(new float[ServingFixture.DIM]);
    try (ArtifactFixture withPrior = ServingFixture.writeWithPrior(dir.resolve("p.cnct"));
        DeviceRuntime other = DeviceRuntime.open(dir.resolve("p.cnct"), MemoryCap.unlimited());
        Recommender own = other.newRecommender()) {
      assertTrue(withPrior.prior() != null);
      own.warmUp();
      assertNoAllocation(
          call -> {
            user.setAtIndex(ValueLayout.JAVA_FLOAT, call % ServingFixture.DIM, call % 17 - 8);
            own.recommend(user, 0, 1 + call % 20, null, rows, scores);
            history[call % 12] = call % ServingFixture.ITEMS;
            own.recommendFromHistory(history, 12, 20, null, rows, scores);
          });
    }
  }

  @Test
  void aVectorOfAHistory() {
    int[] history = new int[12];
    MemorySegment user = MemorySegment.ofArray(new float[ServingFixture.DIM]);
    assertNoAllocation(
        call -> {
          history[call % 12] = call % ServingFixture.ITEMS;
          recommender.userVectorOfHistory(history, 12, user, 0);
        });
  }

  @Test
  void similarItemsGivenItemsAndSeenItems() {
    int[] seen = new int[8];
    MemorySegment user = MemorySegment.ofArray(new float[ServingFixture.DIM]);
    assertNoAllocation(
        call -> {
          user.setAtIndex(ValueLayout.JAVA_FLOAT, call % ServingFixture.DIM, call % 17 - 8);
          seen[call % 8] = call % ServingFixture.ITEMS;
          recommender.similarItems(call % ServingFixture.ITEMS, 20, null, rows, scores);
          recommender.scoreRows(user, 0, seen, 8, scores);
          recommender.recommendUnseen(user, 0, seen, 8, 20, null, rows, scores);
        });
  }

  @Test
  void aBatch() {
    int users = 5;
    long stride = (long) ServingFixture.DIM * Float.BYTES;
    MemorySegment vectors = MemorySegment.ofArray(new float[users * ServingFixture.DIM]);
    int[] counts = new int[users];
    try (BatchRecommender batch = runtime.newBatchRecommender(users)) {
      assertNoAllocation(
          call -> {
            vectors.setAtIndex(ValueLayout.JAVA_FLOAT, call % (5 * 32), call % 17 - 8);
            batch.recommend(vectors, 0, stride, users, 4, null, rows, scores, counts);
          });
    }
  }

  @Test
  void leasesOfAReloadedArtifact() throws Exception {
    int[] history = new int[12];
    try (ReloadableRuntime reloadable =
        ReloadableRuntime.open(dir.resolve("a.cnct"), MemoryCap.unlimited(), 2, null)) {
      reloadable.reload(dir.resolve("a.cnct"));
      assertNoAllocation(
          call -> {
            history[call % 12] = call % ServingFixture.ITEMS;
            try (ServingLease lease = reloadable.acquire()) {
              lease.recommender().recommendFromHistory(history, 12, 20, null, rows, scores);
            }
          });
    }
  }

  @Test
  void ids() {
    int[] ids = new int[20];
    assertNoAllocation(
        call -> {
          rows[call % 20] = call % ServingFixture.ITEMS;
          runtime.itemIdsAtRows(rows, 20, ids);
          ids[0] = -1 - call;
          runtime.rowsOfItemIds(ids, 20, ids);
        });
  }

  private interface Call {
    void run(int call);
  }

  /**
   * The JIT decides when it is done, so the first clean run counts; a path that allocates has none.
   * The counter is read once before, since its first reading may allocate.
   */
  private static void assertNoAllocation(Call call) {
    long allocated = THREADS.getCurrentThreadAllocatedBytes();
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (System.nanoTime() < deadline) {
      long before = THREADS.getCurrentThreadAllocatedBytes();
      for (int i = 0; i < CALLS; i++) {
        call.run(i);
      }
      allocated = THREADS.getCurrentThreadAllocatedBytes() - before;
      if (allocated == 0) {
        return;
      }
    }
    assertEquals(0, allocated, "bytes in " + CALLS + " warm calls");
  }
}
