package org.concertina.ingest;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.BitSet;
import org.agrona.collections.IntArrayList;
import org.concertina.memory.CappedArena;
import org.concertina.memory.MemoryCap;

/**
 * The k-core: the largest part of the data in which every user has at least so many items and every
 * item so many users. Peels users and items off in linear time. Rows must hold no item twice.
 */
final class KCore {
  private final UserRows rows;
  private final int userCore;
  private final int itemCore;
  private final int[] userDegree;
  private final int[] itemDegree;
  private final BitSet userGone;
  private final BitSet itemGone;

  /** What is to be looked at: users as they are, items as their complement. */
  private final IntArrayList removed = new IntArrayList();

  private KCore(UserRows rows, int userCore, int itemCore) {
    this.rows = rows;
    this.userCore = userCore;
    this.itemCore = itemCore;
    this.userDegree = new int[rows.users()];
    this.itemDegree = new int[rows.items()];
    this.userGone = new BitSet(rows.users());
    this.itemGone = new BitSet(rows.items());
  }

  /** Drops what is not in the core. */
  static void keep(UserRows rows, int userCore, int itemCore, MemoryCap cap) {
    KCore core = new KCore(rows, userCore, itemCore);
    try (CappedArena arena = new CappedArena(cap)) {
      core.peel(arena);
    }
    core.compact();
  }

  /** Drops users with fewer interactions. */
  static void keepHistories(UserRows rows, int least) {
    KCore histories = new KCore(rows, least, 0);
    for (int user = 0; user < rows.users(); user++) {
      if (rows.degree(user) < least) {
        histories.userGone.set(user);
      }
    }
    histories.compact();
  }

  private void peel(CappedArena arena) {
    MemorySegment users = arena.allocateInts(rows.size(), "users of items");
    long[] begins = usersByItem(users);
    for (int user = 0; user < userDegree.length; user++) {
      userDegree[user] = rows.degree(user);
      removeUserIfPoor(user);
    }
    for (int item = 0; item < itemDegree.length; item++) {
      removeItemIfPoor(item);
    }
    while (!removed.isEmpty()) {
      int next = removed.popInt();
      if (next >= 0) {
        for (long at = rows.begin(next); at < rows.end(next); at++) {
          int item = rows.item(at);
          itemDegree[item]--;
          removeItemIfPoor(item);
        }
      } else {
        for (long at = begins[~next]; at < begins[~next + 1]; at++) {
          int user = users.getAtIndex(ValueLayout.JAVA_INT, at);
          userDegree[user]--;
          removeUserIfPoor(user);
        }
      }
    }
  }

  private long[] usersByItem(MemorySegment users) {
    for (long at = 0; at < rows.size(); at++) {
      itemDegree[rows.item(at)]++;
    }
    long[] next = new long[itemDegree.length + 1];
    for (int item = 0; item < itemDegree.length; item++) {
      next[item + 1] = next[item] + itemDegree[item];
    }
    long[] begins = next.clone();
    for (int user = 0; user < rows.users(); user++) {
      for (long at = rows.begin(user); at < rows.end(user); at++) {
        users.setAtIndex(ValueLayout.JAVA_INT, next[rows.item(at)]++, user);
      }
    }
    return begins;
  }

  private void removeUserIfPoor(int user) {
    if (userDegree[user] < userCore && !userGone.get(user)) {
      userGone.set(user);
      removed.addInt(user);
    }
  }

  private void removeItemIfPoor(int item) {
    if (itemDegree[item] < itemCore && !itemGone.get(item)) {
      itemGone.set(item);
      removed.addInt(~item);
    }
  }

  private void compact() {
    long kept = 0;
    long begin = rows.begin(0);
    for (int user = 0; user < rows.users(); user++) {
      long end = rows.end(user);
      rows.setBegin(user, kept);
      for (long at = begin; at < end && !userGone.get(user); at++) {
        int item = rows.item(at);
        if (!itemGone.get(item)) {
          rows.setItem(kept, item);
          if (rows.timed()) {
            rows.setTime(kept, rows.time(at));
          }
          kept++;
        }
      }
      begin = end;
    }
    rows.setBegin(rows.users(), kept);
  }
}
