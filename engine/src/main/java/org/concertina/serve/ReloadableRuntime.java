package org.concertina.serve;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import org.concertina.memory.MemoryCap;

/**
 * Serves the threads of an application from the newest of a series of artifacts.
 *
 * <p>A request borrows a {@link ServingLease}, which holds a warm recommender, and gives it back by
 * closing it. {@link #reload} opens and verifies another artifact beside the present one and then
 * swaps them: whoever borrowed before finishes on the old one, whose memory is given back when the
 * last of them is done; no request is dropped. Borrowing allocates nothing and takes no lock.
 *
 * <p>As many requests run at once as there are recommenders; others wait for a lease. When the old
 * memory goes, the JVM may send a request that runs in that moment back to the interpreter, where
 * vectors are objects: that one is slow and allocates. Owns what it opened. Thread-safe.
 */
public final class ReloadableRuntime implements AutoCloseable {
  private static final long PAUSE_NANOS = 20_000;

  private final MemoryCap cap;
  private final int concurrency;
  private final Function<DeviceRuntime, RowFilter> filters;

  /** Null when closed. */
  private volatile Generation current;

  private ReloadableRuntime(
      MemoryCap cap, int concurrency, Function<DeviceRuntime, RowFilter> filters) {
    if (concurrency < 1) {
      throw new IllegalArgumentException("concurrency: expected >= 1, got " + concurrency);
    }
    this.cap = cap;
    this.concurrency = concurrency;
    this.filters = filters;
  }

  /**
   * Opens, verifies and warms the first artifact.
   *
   * @param file read once; may be replaced or deleted afterwards
   * @param cap everything off-heap is taken from it; a reload needs room for two artifacts and
   *     their recommenders until the last request on the old one is done
   * @param concurrency how many requests run at once, at least 1; as many recommenders are made
   * @param filters makes of every artifact's runtime the filter that its leases carry, such as a
   *     deny-list by item ids; it may return null, and is null if there are no filters
   * @throws org.concertina.artifact.ArtifactFormatException if the file is not a sound artifact
   * @throws org.concertina.memory.MemoryCapExceededException if it does not fit
   */
  public static ReloadableRuntime open(
      Path file, MemoryCap cap, int concurrency, Function<DeviceRuntime, RowFilter> filters)
      throws IOException {
    ReloadableRuntime runtime = new ReloadableRuntime(cap, concurrency, filters);
    runtime.current = runtime.load(file, true);
    return runtime;
  }

  private Generation load(Path file, boolean first) throws IOException {
    DeviceRuntime runtime = DeviceRuntime.open(file, cap);
    try {
      // What the first artifact made the JIT compile serves the next ones too.
      if (first) {
        runtime.warmUp();
      } else {
        runtime.prepare();
      }
      RowFilter filter = filters == null ? null : filters.apply(runtime);
      return new Generation(runtime, filter, concurrency);
    } catch (RuntimeException | Error failure) {
      runtime.close();
      throw failure;
    }
  }

  /**
   * Serves another artifact from now on; the old one goes on if this throws.
   *
   * @param file read once; may be replaced or deleted afterwards
   * @throws org.concertina.artifact.ArtifactFormatException if the file is not a sound artifact
   * @throws org.concertina.memory.MemoryCapExceededException if the cap has no room for both
   * @throws IllegalStateException if this is closed
   */
  public synchronized void reload(Path file) throws IOException {
    Generation old = open();
    current = load(file, false);
    old.retire();
  }

  /**
   * Borrows a recommender of the newest artifact, waiting for one if all are in use; close the
   * lease when the request is done.
   *
   * @throws IllegalStateException if this is closed
   */
  public ServingLease acquire() {
    while (true) {
      ServingLease lease = open().tryAcquire();
      if (lease != null) {
        return lease;
      }
      // A queue of waiters would be memory that no cap counts; requests are shorter than this pause
      // or a few of it.
      LockSupport.parkNanos(PAUSE_NANOS);
    }
  }

  private Generation open() {
    Generation generation = current;
    if (generation == null) {
      throw new IllegalStateException("the reloadable runtime is closed");
    }
    return generation;
  }

  /**
   * Refuses requests from now on; those that run finish, and the last of them gives the memory
   * back. Closing again does nothing.
   */
  @Override
  public synchronized void close() {
    Generation last = current;
    current = null;
    if (last != null) {
      last.retire();
    }
  }
}
