package org.concertina.ingest;

import java.util.Arrays;
import java.util.List;

/** Brings each user's interactions into order and drops all but the first of every item. */
final class Repetitions {
  private final UserRows rows;
  private int[] items = new int[256];
  private long[] times = new long[256];
  private long[] keys = new long[256];
  private long duplicates;
  private long overlaps;

  /**
   * What was dropped.
   *
   * @param duplicates repetitions within a part
   * @param overlaps repetitions of what an earlier part has
   */
  record Dropped(long duplicates, long overlaps) {}

  private Repetitions(UserRows rows) {
    this.rows = rows;
  }

  /** Sorts each row by item. */
  static Dropped dropUnordered(UserRows rows) {
    long before = rows.size();
    new Repetitions(rows).unordered();
    return new Dropped(before - rows.size(), 0);
  }

  /**
   * Keeps the first interaction with an item: in the order of time, ties in the order of the file.
   *
   * @param ends where each user's parts but the last end, moved along with the interactions
   */
  static Dropped dropOrdered(UserRows rows, List<long[]> ends) {
    Repetitions repetitions = new Repetitions(rows);
    repetitions.ordered(ends);
    return new Dropped(repetitions.duplicates, repetitions.overlaps);
  }

  private void unordered() {
    long kept = 0;
    for (int user = 0; user < rows.users(); user++) {
      int count = load(user);
      Arrays.sort(items, 0, count);
      int distinct = 0;
      for (int i = 0; i < count; i++) {
        if (distinct == 0 || items[i] != items[distinct - 1]) {
          items[distinct++] = items[i];
        }
      }
      rows.putItems(kept, items, distinct);
      rows.setBegin(user, kept);
      kept += distinct;
    }
    rows.setBegin(rows.users(), kept);
  }

  private void ordered(List<long[]> ends) {
    long kept = 0;
    for (int user = 0; user < rows.users(); user++) {
      long begin = rows.begin(user);
      int count = load(user);
      if (rows.timed()) {
        sortByTime(begin, count);
      }
      markRepetitions(user, begin, count, ends);
      long from = kept;
      int nextEnd = 0;
      for (int i = 0; i <= count; i++) {
        while (nextEnd < ends.size() && ends.get(nextEnd)[user] == begin + i) {
          ends.get(nextEnd++)[user] = kept;
        }
        if (i < count && items[i] >= 0) {
          rows.setItem(kept, items[i]);
          if (rows.timed()) {
            rows.setTime(kept, times[i]);
          }
          kept++;
        }
      }
      rows.setBegin(user, from);
    }
    rows.setBegin(rows.users(), kept);
  }

  private int load(int user) {
    int count = rows.degree(user);
    if (count > items.length) {
      int length = (int) Math.min(Integer.MAX_VALUE - 8L, 2L * count);
      items = new int[length];
      times = new long[rows.timed() ? length : 0];
      keys = new long[length];
    }
    return rows.copyItems(user, items);
  }

  /** Makes all but the first of equal items negative. */
  private void markRepetitions(int user, long begin, int count, List<long[]> ends) {
    for (int i = 0; i < count; i++) {
      keys[i] = ((long) items[i] << Integer.SIZE) | i;
    }
    Arrays.sort(keys, 0, count);
    for (int i = 1; i < count; i++) {
      if (keys[i] >>> Integer.SIZE == keys[i - 1] >>> Integer.SIZE) {
        items[(int) keys[i]] = -1;
        int part = part(ends, user, begin + (int) keys[i]);
        if (part == part(ends, user, begin + (int) keys[i - 1])) {
          duplicates++;
        } else {
          overlaps++;
        }
      }
    }
  }

  private static int part(List<long[]> ends, int user, long position) {
    int part = 0;
    while (part < ends.size() && position >= ends.get(part)[user]) {
      part++;
    }
    return part;
  }

  private void sortByTime(long begin, int count) {
    boolean sorted = true;
    for (int i = 0; i < count; i++) {
      times[i] = rows.time(begin + i);
      sorted &= i == 0 || times[i - 1] <= times[i];
    }
    if (sorted) {
      return;
    }
    // Times are replaced by their ranks in the row, so that rank and position fit one long.
    long[] distinct = Arrays.copyOf(times, count);
    Arrays.sort(distinct);
    for (int i = 0; i < count; i++) {
      keys[i] = ((long) firstIndex(distinct, times[i]) << Integer.SIZE) | i;
    }
    Arrays.sort(keys, 0, count);
    int[] unsorted = Arrays.copyOf(items, count);
    for (int i = 0; i < count; i++) {
      items[i] = unsorted[(int) keys[i]];
      times[i] = distinct[i];
    }
  }

  private static int firstIndex(long[] ascending, long value) {
    int low = 0;
    int high = ascending.length;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (ascending[middle] < value) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }
}
