package org.concertina.ingest;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import org.concertina.memory.CappedArena;
import org.concertina.memory.MemoryCap;

/**
 * Interactions under provisional indices in the order of the files: off-heap columns of users,
 * items and, if they are needed, times, each freed by itself. Not thread-safe.
 */
final class InteractionLog implements AutoCloseable {
  private static final int CHUNK = 1 << 16;
  private static final long HALF_SPAN = 1L << 31;

  private final MemoryCap cap;
  private final IntColumn users;
  private final IntColumn items;
  private final CappedArena timeArena;
  private final List<Times> times = new ArrayList<>();
  private final boolean timed;
  private long minTime = Long.MAX_VALUE;
  private long maxTime = Long.MIN_VALUE;
  private long size;
  private boolean closed;

  InteractionLog(MemoryCap cap, boolean timed) {
    this.cap = cap;
    this.users = new IntColumn(cap);
    this.items = new IntColumn(cap);
    this.timeArena = new CappedArena(cap);
    this.timed = timed;
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
    if (timed) {
      addTime(time);
    }
    size++;
  }

  private void addTime(long time) {
    minTime = Math.min(minTime, time);
    maxTime = Math.max(maxTime, time);
    int within = (int) (size % CHUNK);
    if (within == 0) {
      times.add(Times.between(time - HALF_SPAN, time + HALF_SPAN - 1, CHUNK, timeArena));
    }
    Times chunk = times.getLast();
    if (!chunk.holds(time)) {
      Times wide = Times.between(Long.MIN_VALUE, Long.MAX_VALUE, CHUNK, timeArena);
      for (int i = 0; i < within; i++) {
        wide.set(i, chunk.get(i));
      }
      times.set(times.size() - 1, wide);
      chunk = wide;
    }
    chunk.set(within, time);
  }

  long size() {
    return size;
  }

  boolean timed() {
    return timed;
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

  long time(long index) {
    return times.get((int) (index / CHUNK)).get(index % CHUNK);
  }

  long minTime() {
    return minTime;
  }

  long maxTime() {
    return maxTime;
  }

  /** Frees the items, which have been used. */
  void freeItems() {
    items.close();
  }

  @Override
  public void close() {
    users.close();
    items.close();
    if (!closed) {
      closed = true;
      timeArena.close();
    }
  }
}
