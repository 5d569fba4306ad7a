package org.concertina.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;

class WorkerPoolTest {
  @Test
  void everyTaskRunsOnceAndAllAreDoneOnReturn() {
    for (int threads : new int[] {1, 2, 5}) {
      try (WorkerPool pool = new WorkerPool(threads)) {
        for (int count : new int[] {0, 1, 2, 7, 100}) {
          for (int round = 0; round < 200; round++) {
            AtomicIntegerArray runs = new AtomicIntegerArray(count);
            pool.run(count, (task, worker) -> runs.incrementAndGet(task));
            for (int task = 0; task < count; task++) {
              assertEquals(1, runs.get(task));
            }
          }
        }
      }
    }
  }

  @Test
  void whatATaskThrowsReachesTheCallerAndThePoolGoesOn() {
    try (WorkerPool pool = new WorkerPool(2)) {
      IllegalStateException thrown =
          assertThrows(
              IllegalStateException.class,
              () ->
                  pool.run(
                      50,
                      (task, worker) -> {
                        if (task == 30) {
                          throw new IllegalStateException("task 30");
                        }
                      }));
      assertEquals("task 30", thrown.getMessage());
      AtomicIntegerArray runs = new AtomicIntegerArray(1);
      pool.run(10, (task, worker) -> runs.incrementAndGet(0));
      assertEquals(10, runs.get(0));
    }
  }

  @Test
  void aClosedPoolRefusesWork() {
    WorkerPool pool = new WorkerPool(2);
    pool.close();
    assertThrows(IllegalStateException.class, () -> pool.run(1, (task, worker) -> {}));
  }
}
