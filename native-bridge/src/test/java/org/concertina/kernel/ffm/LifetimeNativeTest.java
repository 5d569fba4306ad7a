package org.concertina.kernel.ffm;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.concertina.kernel.OpCase;
import org.concertina.kernel.TileOps;
import org.concertina.kernel.VectorOps;
import org.concertina.kernel.VectorOpsProvider;
import org.junit.jupiter.api.Test;

/** Memory that comes and goes while other threads compute: a refusal or a result, never a crash. */
class LifetimeNativeTest {
  private static final VectorOps OPS = VectorOpsProvider.get();
  private static final Duration TIME_BOX = Duration.ofSeconds(2);
  private static final int DIMS = 64;
  private static final int TILES = 256;
  private static final long TILE_BYTES = TileOps.int4TileBytes(DIMS);

  /** A table, a query and room for scores. */
  private record Scored(Arena arena, MemorySegment tiles, MemorySegment query, MemorySegment out) {
    static Scored open() {
      Arena arena = Arena.ofShared();
      MemorySegment tiles = arena.allocate(TILES * TILE_BYTES, 64).fill((byte) 0x11);
      MemorySegment query = arena.allocate(DIMS * 4L, 64);
      for (int k = 0; k < DIMS; k++) {
        query.setAtIndex(JAVA_FLOAT, k, 1f);
      }
      return new Scored(arena, tiles, query, arena.allocate(TILES * 64L, 64));
    }

    /** Every row is the ones' direction: 64 / 8. */
    void score() {
      OPS.tiles().scoreTilesInt4(tiles, 0, TILES, DIMS, query, 0, out, 0);
      assertEquals(8f, out.getAtIndex(JAVA_FLOAT, TILES * 16L - 1));
    }
  }

  @Test
  void threadsOpenScoreAndClose() throws Exception {
    inTwoThreads(
        random -> {
          Scored own = Scored.open();
          for (int round = random.nextInt(50); round >= 0; round--) {
            own.score();
          }
          own.arena.close();
          assertThrows(IllegalStateException.class, own::score);
        });
  }

  @Test
  void oneThreadClosesWhatAnotherScores() throws Exception {
    AtomicReference<Scored> shared = new AtomicReference<>(Scored.open());
    inTwoThreads(
        random -> {
          Scored current = shared.get();
          if (random.nextInt(20) > 0) {
            try {
              current.score();
            } catch (IllegalStateException closedMeanwhile) {
              // As it should be.
            }
          } else if (shared.compareAndSet(current, Scored.open())) {
            close(current.arena);
          }
        });
    close(shared.get().arena);
  }

  /** An arena cannot be closed while a kernel works on it. */
  private static void close(Arena arena) {
    while (arena.scope().isAlive()) {
      try {
        arena.close();
      } catch (IllegalStateException inUse) {
        Thread.onSpinWait();
      }
    }
  }

  /** One round of one thread's work. */
  private interface Round {
    void run(SplittableRandom random);
  }

  private static void inTwoThreads(Round round) throws Exception {
    SplittableRandom seeds = new SplittableRandom(46);
    long end = System.nanoTime() + TIME_BOX.toNanos();
    try (ExecutorService threads = Executors.newFixedThreadPool(2)) {
      List<Callable<Void>> work =
          IntStream.range(0, 2)
              .mapToObj(_ -> seeds.split())
              .<Callable<Void>>map(
                  random ->
                      () -> {
                        while (System.nanoTime() < end) {
                          round.run(random);
                        }
                        return null;
                      })
              .toList();
      for (Future<Void> done : threads.invokeAll(work)) {
        done.get();
      }
    }
  }

  /** What the Java kernels refuse with their own words. */
  @Test
  void heapReadOnlyAndMisalignedMemoryNeverReachTheLibrary() {
    try (Arena arena = Arena.ofConfined()) {
      for (OpCase op : OpCase.all(16)) {
        if (op.name().startsWith("bpr")) {
          int bytes = op.operandBytes().get(1);
          MemorySegment user = arena.allocate(64, 64);
          MemorySegment items = arena.allocate(bytes + 64L, 64);
          MemorySegment heap = MemorySegment.ofArray(new float[bytes]);
          assertRefused(IllegalArgumentException.class, op, user, heap, 0);
          assertRefused(IllegalArgumentException.class, op, user, items, 1);
          assertRefused(UnsupportedOperationException.class, op, user, items.asReadOnly(), 0);
          assertRefused(UnsupportedOperationException.class, op, user.asReadOnly(), items, 0);
        }
      }
    }
  }

  private static void assertRefused(
      Class<? extends RuntimeException> expected,
      OpCase op,
      MemorySegment user,
      MemorySegment items,
      long itemsAt) {
    MemorySegment[] operands = {user, items};
    assertThrows(expected, () -> op.call().run(OPS, operands, new long[] {0, itemsAt}), op.name());
  }
}
