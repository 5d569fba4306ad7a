package org.concertina.serve;

import org.concertina.memory.CappedArena;
import org.concertina.memory.MemoryCap;

/**
 * An arena that may be closed more than once, by its owner and by the runtime behind it.
 * Thread-safe.
 */
final class OwnedMemory implements AutoCloseable {
  private final CappedArena arena;
  private volatile boolean closed;

  OwnedMemory(MemoryCap cap) {
    this.arena = new CappedArena(cap);
  }

  CappedArena arena() {
    return arena;
  }

  boolean isClosed() {
    return closed;
  }

  @Override
  public synchronized void close() {
    if (!closed) {
      arena.close();
      closed = true;
    }
  }
}
