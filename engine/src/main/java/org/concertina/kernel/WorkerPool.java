package org.concertina.kernel;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * Threads that share out numbered tasks, with a barrier at the end of every call.
 *
 * <p>Tasks are taken in order by whichever thread is free, so work whose result depends only on the
 * task's number gives the same bits for any number of threads. The caller is worker 0. One caller
 * at a time; {@link #run} allocates nothing.
 */
public final class WorkerPool implements AutoCloseable {
  /** Work that is cut into numbered tasks. */
  @FunctionalInterface
  public interface Task {
    /**
     * Does one task.
     *
     * @param task its number
     * @param worker the worker that does it, 0 to threads - 1; for scratch memory
     */
    void run(int task, int worker);
  }

  private static final int SPINS_BEFORE_PARK = 20_000;
  private static final int SPINS_BEFORE_YIELD = 2_000;

  private final Thread[] helpers;
  private final AtomicInteger nextTask = new AtomicInteger();
  private final AtomicInteger running = new AtomicInteger();
  private Task task;
  private int taskCount;
  private final AtomicInteger generation = new AtomicInteger();
  private volatile boolean closed;
  private volatile Throwable failure;

  /** Starts {@code threads - 1} helpers; {@code threads >= 1}. */
  public WorkerPool(int threads) {
    if (threads < 1) {
      throw new IllegalArgumentException("threads: expected >= 1, got " + threads);
    }
    helpers = new Thread[threads - 1];
    for (int i = 0; i < helpers.length; i++) {
      int worker = i + 1;
      helpers[i] =
          Thread.ofPlatform()
              .daemon()
              .name("concertina-worker-" + worker)
              .start(() -> help(worker));
    }
  }

  /** A pool without helpers: the caller does all tasks. Needs no close. */
  public static WorkerPool inline() {
    return new WorkerPool(1);
  }

  /** Number of workers, the caller included. */
  public int threads() {
    return helpers.length + 1;
  }

  /**
   * Runs tasks 0 to {@code count - 1} and returns when all are done.
   *
   * @throws RuntimeException what a task threw; tasks that had not started are then left out
   */
  @SuppressWarnings("ThreadPriorityCheck") // yield is a hint here; nothing depends on who runs next
  public void run(int count, Task work) {
    if (closed) {
      throw new IllegalStateException("worker pool: used after close");
    }
    task = work;
    taskCount = count;
    failure = null;
    nextTask.set(0);
    if (count > 1 && helpers.length > 0) {
      running.set(helpers.length);
      generation.incrementAndGet();
      for (Thread helper : helpers) {
        LockSupport.unpark(helper);
      }
    }
    takeTasks(0);
    for (int spin = 0; running.get() > 0; spin++) {
      if (spin < SPINS_BEFORE_YIELD) {
        Thread.onSpinWait();
      } else {
        // On a busy machine the helper may be waiting for this very core.
        Thread.yield();
      }
    }
    task = null;
    if (failure instanceof RuntimeException runtime) {
      throw runtime;
    } else if (failure instanceof Error error) {
      throw error;
    }
  }

  private void takeTasks(int worker) {
    try {
      for (int t = nextTask.getAndIncrement(); t < taskCount; t = nextTask.getAndIncrement()) {
        task.run(t, worker);
      }
    } catch (RuntimeException | Error thrown) {
      failure = thrown;
      nextTask.set(taskCount);
    }
  }

  private void help(int worker) {
    int seen = 0;
    while (true) {
      for (int spin = 0; generation.get() == seen && !closed; spin++) {
        if (spin < SPINS_BEFORE_PARK) {
          Thread.onSpinWait();
        } else {
          LockSupport.park(this);
        }
      }
      if (closed) {
        return;
      }
      seen = generation.get();
      takeTasks(worker);
      running.decrementAndGet();
    }
  }

  /** Ends the helpers; tasks must not be running. */
  @Override
  public void close() {
    closed = true;
    for (Thread helper : helpers) {
      LockSupport.unpark(helper);
    }
  }
}
