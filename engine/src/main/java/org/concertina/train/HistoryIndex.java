package org.concertina.train;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import org.concertina.interaction.InteractionMatrix;
import org.concertina.kernel.SparseOps;
import org.concertina.memory.CappedArena;
import org.concertina.memory.FloatTable;

/**
 * The histories of a batch's users, turned around: for every item the users that have it.
 *
 * <p>A run is the slots of one user, which are adjacent. Touched items are the batch's own, in the
 * order of their slots, then those of the histories. Built by one thread, read by many.
 */
final class HistoryIndex {
  private final InteractionMatrix train;
  private final int[] firstSlotOfRun;
  private final int[] touchedItems;
  private final int[] ascending;
  private final int[] firstEntry;
  private final int[] localOfItem;
  private final int[] stampOfItem;
  private final MemorySegment runsByItem;
  private final MemorySegment ones;
  private final MemorySegment zeros;
  private int stamp;
  private int runs;
  private int touched;

  HistoryIndex(CappedArena arena, InteractionMatrix train, int batchSize, int stride) {
    this.train = train;
    firstSlotOfRun = new int[batchSize + 1];
    touchedItems = new int[train.items()];
    ascending = new int[train.items()];
    firstEntry = new int[train.items() + 1];
    localOfItem = new int[train.items()];
    stampOfItem = new int[train.items()];
    runsByItem = arena.allocateInts(mostEntries(train, batchSize), "users of the touched items");
    ones = arena.allocateFloats(batchSize, "ones");
    for (int i = 0; i < batchSize; i++) {
      ones.setAtIndex(ValueLayout.JAVA_FLOAT, i, 1f);
    }
    zeros = arena.allocateFloats(stride, "zeros");
  }

  private static int mostEntries(InteractionMatrix train, int batchSize) {
    int[] degrees = new int[train.users()];
    for (int user = 0; user < degrees.length; user++) {
      degrees[user] = train.degree(user);
    }
    Arrays.sort(degrees);
    long most = 0;
    for (int i = Math.max(0, degrees.length - batchSize); i < degrees.length; i++) {
      most += degrees[i];
    }
    return Math.toIntExact(most);
  }

  void index(BatchPlan plan) {
    stamp++;
    touched = 0;
    for (int slot = 0; slot < plan.itemSlots; slot++) {
      touch(plan.itemOfSlot[slot]);
    }
    runs = 0;
    for (int slot = 0; slot < plan.userSlots; slot++) {
      int user = plan.userOfSlot[slot];
      if (slot > 0 && user == plan.userOfSlot[slot - 1]) {
        continue;
      }
      firstSlotOfRun[runs++] = slot;
      for (long p = train.begin(user), end = train.end(user); p < end; p++) {
        firstEntry[touch(train.itemAt(p))]++;
      }
    }
    firstSlotOfRun[runs] = plan.userSlots;
    fill(plan);
    sort();
  }

  private void sort() {
    int next = 0;
    for (int item = 0; next < touched; item++) {
      if (stampOfItem[item] == stamp) {
        ascending[next++] = localOfItem[item];
      }
    }
  }

  private int touch(int item) {
    if (stampOfItem[item] != stamp) {
      stampOfItem[item] = stamp;
      localOfItem[item] = touched;
      firstEntry[touched] = 0;
      touchedItems[touched++] = item;
    }
    return localOfItem[item];
  }

  /** Turns counts into ends, and, filling from the last run backwards, ends into starts. */
  private void fill(BatchPlan plan) {
    int sum = 0;
    for (int local = 0; local < touched; local++) {
      sum += firstEntry[local];
      firstEntry[local] = sum;
    }
    firstEntry[touched] = sum;
    for (int run = runs - 1; run >= 0; run--) {
      int user = plan.userOfSlot[firstSlotOfRun[run]];
      for (long p = train.begin(user), end = train.end(user); p < end; p++) {
        int at = --firstEntry[localOfItem[train.itemAt(p)]];
        runsByItem.setAtIndex(ValueLayout.JAVA_INT, at, run);
      }
    }
  }

  int runs() {
    return runs;
  }

  /** The first slot of a run; for the number of runs, the number of slots. */
  int firstSlot(int run) {
    return firstSlotOfRun[run];
  }

  int touched() {
    return touched;
  }

  /**
   * The touched items by ascending index: rows that are visited so are fetched ahead of their use.
   */
  int ascending(int place) {
    return ascending[place];
  }

  int item(int local) {
    return touchedItems[local];
  }

  /** Adds the rows of the runs that have a touched item to {@code out}, runs ascending. */
  void addRuns(SparseOps ops, int local, FloatTable ofRuns, MemorySegment out) {
    int first = firstEntry[local];
    ops.addWeightedRows(
        firstEntry[local + 1] - first,
        runsByItem,
        (long) first * Integer.BYTES,
        ones,
        0,
        ofRuns.segment(),
        0,
        ofRuns.rows(),
        ofRuns.stride(),
        out,
        0,
        ofRuns.stride());
  }

  /** A row of zeros. */
  MemorySegment zeros() {
    return zeros;
  }
}
