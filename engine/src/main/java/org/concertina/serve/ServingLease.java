package org.concertina.serve;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * The use of one recommender of a {@link ReloadableRuntime} for the time of a request.
 *
 * <p>Whoever acquired it must close it once, and must use neither it nor what it gives after that.
 * For one thread at a time. Rows mean items of this lease's artifact alone, so convert them to ids
 * before it is closed.
 */
public final class ServingLease implements AutoCloseable {
  private static final int FREE = 0;
  private static final int BUSY = 1;
  private static final int RETIRED = 2;

  private final Generation generation;
  private final DeviceRuntime runtime;
  private final Recommender recommender;
  private final RowFilter filter;
  private final AtomicInteger state = new AtomicInteger(FREE);

  ServingLease(
      Generation generation, DeviceRuntime runtime, Recommender recommender, RowFilter filter) {
    this.generation = generation;
    this.runtime = runtime;
    this.recommender = recommender;
    this.filter = filter;
  }

  boolean tryTake() {
    return state.get() == FREE && state.compareAndSet(FREE, BUSY);
  }

  boolean tryRetire() {
    return state.compareAndSet(FREE, RETIRED);
  }

  /**
   * Converts ids and rows, and says what is served; do not close it.
   *
   * @throws IllegalStateException if the lease is closed
   */
  public DeviceRuntime runtime() {
    checkBusy();
    return runtime;
  }

  /**
   * Answers the request; do not close it.
   *
   * @throws IllegalStateException if the lease is closed
   */
  public Recommender recommender() {
    checkBusy();
    return recommender;
  }

  /**
   * The filter that was made for this artifact, null if there is none; all leases share it, so do
   * not change it.
   *
   * @throws IllegalStateException if the lease is closed
   */
  public RowFilter filter() {
    checkBusy();
    return filter;
  }

  private void checkBusy() {
    if (state.get() != BUSY) {
      throw new IllegalStateException("the lease is closed");
    }
  }

  /**
   * Gives the recommender back; the last lease on an artifact that was replaced gives its memory
   * back.
   *
   * @throws IllegalStateException if the lease is closed already
   */
  @Override
  public void close() {
    if (!state.compareAndSet(BUSY, FREE)) {
      throw new IllegalStateException("the lease is closed already");
    }
    generation.released(this);
  }
}
