package org.concertina.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import org.concertina.artifact.ArtifactFixture;
import org.concertina.artifact.ArtifactFormatException;
import org.concertina.memory.MemoryCap;
import org.concertina.memory.MemoryCapExceededException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Artifacts change under requests that run. */
class ReloadableRuntimeTest {
  @TempDir Path dir;
  private Path first;
  private Path second;
  private final MemoryCap cap = MemoryCap.ofBytes(1 << 20);
  private final int[] rows = new int[5];
  private final float[] scores = new float[5];

  @BeforeEach
  void write() throws Exception {
    first = dir.resolve("first.cnct");
    second = dir.resolve("second.cnct");
    ServingFixture.write(first).close();
    try (ArtifactFixture other = ArtifactFixture.random(77)) {
      other.write(second);
    }
  }

  private int ask(ServingLease lease) {
    return lease.recommender().recommendFromHistory(new int[] {1}, 1, 5, null, rows, scores);
  }

  @Test
  void whoBorrowedBeforeAReloadFinishesOnTheOldArtifact() throws Exception {
    try (ReloadableRuntime reloadable = ReloadableRuntime.open(first, cap, 2, null)) {
      long usedByOne = cap.usedBytes();
      ServingLease old = reloadable.acquire();
      DeviceRuntime oldRuntime = old.runtime();
      reloadable.reload(second);
      assertTrue(cap.usedBytes() > usedByOne, "both are open");
      try (ServingLease fresh = reloadable.acquire()) {
        assertNotSame(oldRuntime, fresh.runtime());
        assertNotEquals(ServingFixture.ITEMS, fresh.runtime().info().items());
        ask(fresh);
      }
      assertEquals(5, ask(old));
      assertEquals(ServingFixture.ITEMS, old.runtime().info().items());
      long both = cap.usedBytes();
      old.close();
      assertTrue(cap.usedBytes() < both, "the old one is given back");
      assertThrows(IllegalStateException.class, oldRuntime::newRecommender);
    }
    assertEquals(0, cap.usedBytes());
  }

  @Test
  void closingLetsRequestsFinish() throws Exception {
    ReloadableRuntime reloadable = ReloadableRuntime.open(first, cap, 2, null);
    ServingLease running = reloadable.acquire();
    reloadable.close();
    assertEquals(5, ask(running));
    assertThrows(IllegalStateException.class, reloadable::acquire);
    assertThrows(IllegalStateException.class, () -> reloadable.reload(second));
    assertTrue(cap.usedBytes() > 0);
    running.close();
    assertEquals(0, cap.usedBytes());
    reloadable.close();
  }

  @Test
  void aRefusedReloadChangesNothing() throws Exception {
    byte[] bytes = Files.readAllBytes(second);
    bytes[bytes.length / 2] ^= 1;
    Files.write(second, bytes);
    try (ReloadableRuntime reloadable = ReloadableRuntime.open(first, cap, 1, null)) {
      long used = cap.usedBytes();
      assertThrows(ArtifactFormatException.class, () -> reloadable.reload(second));
      assertEquals(used, cap.usedBytes());
      try (ServingLease lease = reloadable.acquire()) {
        assertEquals(5, ask(lease));
      }
    }
  }

  @Test
  void aCapForOneArtifactRefusesTheSecond() throws Exception {
    MemoryCap tight = MemoryCap.ofBytes(Files.size(first) * 3 / 2);
    try (ReloadableRuntime reloadable = ReloadableRuntime.open(first, tight, 1, null)) {
      assertThrows(MemoryCapExceededException.class, () -> reloadable.reload(first));
      try (ServingLease lease = reloadable.acquire()) {
        assertEquals(5, ask(lease));
      }
    }
    assertEquals(0, tight.usedBytes());
  }

  @Test
  void filtersAreMadeForEveryArtifact() throws Exception {
    try (ReloadableRuntime reloadable =
        ReloadableRuntime.open(
            first,
            cap,
            1,
            runtime -> {
              RowFilter filter = runtime.newRowFilter();
              filter.exclude(0);
              return filter;
            })) {
      RowFilter old;
      try (ServingLease lease = reloadable.acquire()) {
        old = lease.filter();
        assertTrue(old.excludes(0));
      }
      reloadable.reload(first);
      try (ServingLease lease = reloadable.acquire()) {
        assertNotSame(old, lease.filter());
        assertThrows(
            IllegalArgumentException.class,
            () ->
                lease
                    .recommender()
                    .recommend(
                        MemorySegment.ofArray(new float[ServingFixture.DIM]),
                        0,
                        5,
                        old,
                        rows,
                        scores));
      }
    }
  }

  @Test
  void aLeaseEndsOnce() throws Exception {
    try (ReloadableRuntime reloadable = ReloadableRuntime.open(first, cap, 1, null)) {
      ServingLease lease = reloadable.acquire();
      assertNull(lease.filter());
      lease.close();
      assertThrows(IllegalStateException.class, lease::close);
      assertThrows(IllegalStateException.class, lease::recommender);
      assertThrows(IllegalStateException.class, lease::runtime);
    }
  }

  @Test
  void moreRequestsThanRecommendersWaitTheirTurn() throws Exception {
    try (ReloadableRuntime reloadable = ReloadableRuntime.open(first, cap, 1, null)) {
      ServingLease held = reloadable.acquire();
      CountDownLatch started = new CountDownLatch(1);
      ServingLease[] got = new ServingLease[1];
      Thread waiting =
          Thread.ofVirtual()
              .start(
                  () -> {
                    started.countDown();
                    got[0] = reloadable.acquire();
                  });
      started.await();
      assertTrue(waiting.isAlive());
      held.close();
      waiting.join();
      assertSame(held, got[0]);
      got[0].close();
    }
  }

  @Test
  void fewerThanOneAtOnceIsRefused() {
    assertThrows(IllegalArgumentException.class, () -> ReloadableRuntime.open(first, cap, 0, null));
    assertEquals(0, cap.usedBytes());
  }
}
