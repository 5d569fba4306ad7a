package org.concertina.ingest;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.concertina.memory.CappedArena;

/** A list of times of fixed length, of four bytes each if they span less than 2^32, else eight. */
final class Times {
  private static final long NARROW_SPAN = 1L << Integer.SIZE;

  private final MemorySegment values;
  private final long base;
  private final boolean narrow;

  private Times(MemorySegment values, long base, boolean narrow) {
    this.values = values;
    this.base = base;
    this.narrow = narrow;
  }

  /** Room for {@code count} times from {@code min} to {@code max}, in memory of the arena. */
  static Times between(long min, long max, long count, CappedArena arena) {
    boolean narrow = max - min >= 0 && max - min < NARROW_SPAN;
    MemorySegment values =
        narrow ? arena.allocateInts(count, "times") : arena.allocateLongs(count, "times");
    return new Times(values, min, narrow);
  }

  long get(long index) {
    return narrow
        ? base + (values.getAtIndex(ValueLayout.JAVA_INT, index) & 0xffffffffL)
        : values.getAtIndex(ValueLayout.JAVA_LONG, index);
  }

  void set(long index, long time) {
    if (narrow) {
      values.setAtIndex(ValueLayout.JAVA_INT, index, (int) (time - base));
    } else {
      values.setAtIndex(ValueLayout.JAVA_LONG, index, time);
    }
  }
}
