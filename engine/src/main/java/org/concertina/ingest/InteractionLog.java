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

  /**
   * A list of ints that grows: in small chunks at first, then in chunks that the system gives back
   * when they are freed.
   */
  static final class IntColumn {
    private static final int SMALL_BITS = 16;
    private static final int LARGE_BITS = 20;
    private static final long LARGE_FROM = 1L << LARGE_BITS;

    private final CappedArena arena;
    private final List<MemorySegment> small = new ArrayList<>();
    private final List<MemorySegment> large = new ArrayList<>();
    private MemorySegment last = MemorySegment.NULL;
    private long lastMask = -1;
    private boolean closed;

    IntColumn(MemoryCap cap) {
      this.arena = new CappedArena(cap);
    }

    /** Sets the element behind the last. */
    private void append(long index, int value) {
      if ((index & lastMask) == 0) {
        boolean isSmall = index < LARGE_FROM;
        int length = 1 << (isSmall ? SMALL_BITS : LARGE_BITS);
        last = arena.allocateInts(length, "parsed interactions");
        (isSmall ? small : large).add(last);
        lastMask = length - 1L;
      }
      last.setAtIndex(ValueLayout.JAVA_INT, index & lastMask, value);
    }

    int get(long index) {
      return index < LARGE_FROM
          ? small
              .get((int) (index >>> SMALL_BITS))
              .getAtIndex(ValueLayout.JAVA_INT, index & ((1 << SMALL_BITS) - 1))
          : large
              .get((int) (index >>> LARGE_BITS) - 1)
              .getAtIndex(ValueLayout.JAVA_INT, index & ((1 << LARGE_BITS) - 1));
    }

    void close() {
      if (!closed) {
        closed = true;
        arena.close();
      }
    }
  }

  void add(int user, int item, long time) {
    users.append(size, user);
    items.append(size, item);
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
