package org.concertina.ingest;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import org.concertina.memory.CappedArena;
import org.concertina.memory.MemoryCap;

/**
 * Interactions under provisional indices in the order of the files: off-heap columns of users and
 * items, each freed by itself, and times on disk if they are needed. Not thread-safe.
 */
final class InteractionLog implements AutoCloseable {
  private static final int CHUNK = 1 << 16;

  private final MemoryCap cap;
  private final IntColumn users;
  private final IntColumn items;
  private final TimeSpill times;
  private long size;

  /**
   * An empty log.
   *
   * @param times closed with the log; null if times are not needed
   */
  InteractionLog(MemoryCap cap, TimeSpill times) {
    this.cap = cap;
    this.users = new IntColumn(cap);
    this.items = new IntColumn(cap);
    this.times = times;
  }

  /** A list of ints that grows. */
  static final class IntColumn {
    private final CappedArena arena;
    private final List<MemorySegment> chunks = new ArrayList<>();
    private boolean closed;

    IntColumn(MemoryCap cap) {
      this.arena = new CappedArena(cap);
    }

    private void set(long index, int value) {
      int within = (int) (index % CHUNK);
      if (within == 0) {
        chunks.add(arena.allocateInts(CHUNK, "parsed interactions"));
      }
      chunks.getLast().setAtIndex(ValueLayout.JAVA_INT, within, value);
    }

    int get(long index) {
      return chunks.get((int) (index / CHUNK)).getAtIndex(ValueLayout.JAVA_INT, index % CHUNK);
    }

    void close() {
      if (!closed) {
        closed = true;
        arena.close();
      }
    }
  }

  void add(int user, int item, long time) {
    users.set(size, user);
    items.set(size, item);
    if (times != null) {
      times.add(time);
    }
    size++;
  }

  long size() {
    return size;
  }

  boolean timed() {
    return times != null;
  }

  MemoryCap cap() {
    return cap;
  }

  int user(long index) {
    return users.get(index);
  }

  int item(long index) {
    return items.get(index);
  }

  /** The times, if the log is timed. */
  TimeSpill times() {
    return times;
  }

  /** Frees the items, which have been used. */
  void freeItems() {
    items.close();
  }

  @Override
  public void close() {
    users.close();
    items.close();
    if (times != null) {
      times.close();
    }
  }
}
