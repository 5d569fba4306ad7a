package org.concertina.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class MemoryCapTest {
  @Test
  void countsAndRefusesTheOneByteTooMany() {
    MemoryCap cap = MemoryCap.ofBytes(100);
    cap.reserve(60, "a");
    cap.reserve(40, "b");
    assertEquals(100, cap.usedBytes());
    cap.reserve(0, "nothing");
    MemoryCapExceededException refused =
        assertThrows(MemoryCapExceededException.class, () -> cap.reserve(1, "the table"));
    assertTrue(refused.getMessage().contains("the table"), refused.getMessage());
    assertTrue(refused.getMessage().contains("101"), refused.getMessage());
    assertEquals(100, cap.usedBytes());
    assertEquals(100, cap.limitBytes());
  }

  @Test
  void releaseMakesRoomAndThePeakStays() {
    MemoryCap cap = MemoryCap.ofBytes(100);
    cap.reserve(80, "a");
    cap.release(80);
    cap.reserve(50, "b");
    assertEquals(50, cap.usedBytes());
    assertEquals(80, cap.peakBytes());
    cap.reserve(50, "c");
    assertEquals(100, cap.peakBytes());
  }

  @Test
  void tooMuchReleasedThrowsAndChangesNothing() {
    MemoryCap cap = MemoryCap.ofBytes(100);
    cap.reserve(10, "a");
    assertThrows(IllegalStateException.class, () -> cap.release(11));
    assertEquals(10, cap.usedBytes());
    assertThrows(IllegalArgumentException.class, () -> cap.release(-1));
    assertEquals(10, cap.usedBytes());
  }

  @Test
  void negativeSizesThrow() {
    assertThrows(IllegalArgumentException.class, () -> MemoryCap.ofBytes(-1));
    assertThrows(IllegalArgumentException.class, () -> MemoryCap.ofBytes(1).reserve(-1, "a"));
  }

  @Test
  void sumsDoNotOverflow() {
    MemoryCap cap = MemoryCap.unlimited();
    cap.reserve(Long.MAX_VALUE - 1, "all");
    MemoryCapExceededException refused =
        assertThrows(
            MemoryCapExceededException.class, () -> cap.reserve(Long.MAX_VALUE, "as much"));
    assertTrue(!refused.getMessage().contains("-"), refused.getMessage());
    cap.reserve(1, "the last");
    assertEquals(Long.MAX_VALUE, cap.usedBytes());
  }

  @Test
  void threadsNeverExceedItTogether() throws Exception {
    int threads = 4;
    int calls = 50_000;
    MemoryCap cap = MemoryCap.ofBytes(5);
    List<Callable<Integer>> tasks = new ArrayList<>();
    for (int t = 0; t < threads; t++) {
      tasks.add(
          () -> {
            int refusals = 0;
            for (int i = 0; i < calls; i++) {
              try {
                cap.reserve(2, "pair");
                cap.release(2);
              } catch (MemoryCapExceededException full) {
                refusals++;
              }
            }
            return refusals;
          });
    }
    try (ExecutorService pool = Executors.newFixedThreadPool(threads)) {
      for (Future<Integer> task : pool.invokeAll(tasks)) {
        assertTrue(task.get() < calls);
      }
    }
    assertEquals(0, cap.usedBytes());
    assertTrue(cap.peakBytes() <= 4, "peak " + cap.peakBytes());
  }

  @Test
  void racingThreadsGetExactlyWhatFits() throws Exception {
    MemoryCap cap = MemoryCap.ofBytes(1_000);
    List<Callable<Integer>> tasks = new ArrayList<>();
    for (int t = 0; t < 4; t++) {
      tasks.add(
          () -> {
            int taken = 0;
            for (int i = 0; i < 600; i++) {
              try {
                cap.reserve(1, "byte");
                taken++;
              } catch (MemoryCapExceededException full) {
                // Counted by what is missing from the sum.
              }
            }
            return taken;
          });
    }
    int taken = 0;
    try (ExecutorService pool = Executors.newFixedThreadPool(4)) {
      for (Future<Integer> task : pool.invokeAll(tasks)) {
        taken += task.get();
      }
    }
    assertEquals(1_000, taken);
    assertEquals(1_000, cap.usedBytes());
    assertEquals(1_000, cap.peakBytes());
  }
}
