package org.concertina.serve;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * One artifact of a {@link ReloadableRuntime} and the leases on it.
 *
 * <p>A lease is free, busy or retired. Retiring takes free leases out of service at once and busy
 * ones when they are given back; whoever takes out the last one closes the runtime, so that nobody
 * reads it any more when it goes. A retired lease stays so, hence a reader that still holds an old
 * generation cannot revive it.
 */
final class Generation {
  private final DeviceRuntime runtime;
  private final ServingLease[] leases;
  private final AtomicInteger left;
  private volatile boolean retiring;

  /** Takes the runtime over; on failure it remains the caller's. */
  Generation(DeviceRuntime runtime, RowFilter filter, int concurrency) {
    this.runtime = runtime;
    this.leases = new ServingLease[concurrency];
    this.left = new AtomicInteger(concurrency);
    for (int i = 0; i < concurrency; i++) {
      leases[i] = new ServingLease(this, runtime, runtime.newRecommender(), filter);
    }
  }

  /** A lease that was free, or null. */
  ServingLease tryAcquire() {
    // Threads start at different leases, so that they seldom contend for one.
    int start = (int) (Thread.currentThread().threadId() % leases.length);
    for (int i = 0; i < leases.length; i++) {
      ServingLease lease = leases[(start + i) % leases.length];
      if (lease.tryTake()) {
        return lease;
      }
    }
    return null;
  }

  void retire() {
    retiring = true;
    for (ServingLease lease : leases) {
      takeOut(lease);
    }
  }

  /** Called after a lease became free: the order of both makes sure that one side takes it out. */
  void released(ServingLease lease) {
    if (retiring) {
      takeOut(lease);
    }
  }

  private void takeOut(ServingLease lease) {
    if (lease.tryRetire() && left.decrementAndGet() == 0) {
      runtime.close();
    }
  }
}
