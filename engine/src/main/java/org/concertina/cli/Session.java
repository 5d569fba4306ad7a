package org.concertina.cli;

import org.concertina.kernel.VectorOps;
import org.concertina.kernel.VectorOpsProvider;
import org.concertina.kernel.WorkerPool;

/** What every service needs; owns the threads. */
final class Session implements AutoCloseable {
  private final Console console;
  private final WorkerPool pool;
  private final long seed;

  Session(Console console, int threads, long seed) {
    this.console = console;
    this.pool = new WorkerPool(threads);
    this.seed = seed;
  }

  Console console() {
    return console;
  }

  VectorOps ops() {
    return VectorOpsProvider.get();
  }

  WorkerPool pool() {
    return pool;
  }

  long seed() {
    return seed;
  }

  @Override
  public void close() {
    pool.close();
  }
}
