package org.concertina.judge;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.BitSet;
import org.concertina.memory.CappedArena;
import org.concertina.memory.MemoryCap;
import org.concertina.memory.MemoryCapExceededException;

/**
 * For every hit of one {@link GroupList} how many entries of each other list are above it, up to K:
 * once counted, a configuration's ranks are sums of bytes and need no list again.
 *
 * <p>A row a slot, which is what other lists are known by; a byte a hit, {@value #BIAS} less than
 * the count, since kernels read signed bytes. Rows lie in pages that are allocated when first
 * needed. Owns its memory. One thread makes room, then threads may fill and read rows of different
 * lists.
 */
final class AboveCounts implements AutoCloseable {
  /** What is added to a byte to get the count. */
  static final int BIAS = 128;

  private static final int PAGE_SLOTS = 64;

  private final CappedArena arena;
  private final int hits;
  private final BitSet filled = new BitSet();
  private MemorySegment[] pages = new MemorySegment[0];

  AboveCounts(MemoryCap cap, int hits) {
    this.arena = new CappedArena(cap);
    this.hits = hits;
  }

  /** Makes room for the row of a slot; false if the cap has none. */
  boolean reserve(int slot) {
    int page = slot / PAGE_SLOTS;
    if (page >= pages.length) {
      pages = Arrays.copyOf(pages, page + 1);
    }
    if (pages[page] == null) {
      long bytes = (long) PAGE_SLOTS * hits;
      if (arena.cap().limitBytes() - arena.cap().usedBytes() < bytes) {
        return false;
      }
      try {
        pages[page] = arena.allocate(bytes, "judge: counts of a pair of groups");
      } catch (MemoryCapExceededException takenMeanwhile) {
        return false;
      }
    }
    return true;
  }

  /** The page of a slot that has room. */
  MemorySegment page(int slot) {
    return pages[slot / PAGE_SLOTS];
  }

  /** Where the row of a slot begins in its page. */
  long offsetBytes(int slot) {
    return (long) (slot % PAGE_SLOTS) * hits;
  }

  /** Counts the row of a list, which has room, unless it has been counted. */
  void fill(GroupList own, GroupList other, boolean tiesCount, int k) {
    int slot = other.slot();
    if (filled.get(slot)) {
      return;
    }
    MemorySegment page = page(slot);
    long at = offsetBytes(slot);
    for (int hit = 0; hit < hits; hit++) {
      int count = other.above(own.hitUser(hit), own.barOfHit(hit, tiesCount), k);
      page.set(ValueLayout.JAVA_BYTE, at + hit, (byte) (count - BIAS));
    }
    filled.set(slot);
  }

  @Override
  public void close() {
    arena.close();
  }
}
