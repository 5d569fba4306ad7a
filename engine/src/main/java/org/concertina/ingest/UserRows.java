package org.concertina.ingest;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import org.concertina.memory.CappedArena;

/**
 * Interactions as rows of users, off-heap: items and, if they are needed, times. Users and items
 * are ranks of ids. Rows are only ever shortened, in ascending order. Not thread-safe.
 */
final class UserRows implements AutoCloseable {
  private final CappedArena arena;
  private final CappedArena timeArena;
  private final int users;
  private final int items;
  private final MemorySegment pointers;
  private final MemorySegment itemRanks;
  private Times times;
  private boolean timesClosed;

  private UserRows(CappedArena arena, CappedArena timeArena, int users, int items, long size) {
    this.arena = arena;
    this.timeArena = timeArena;
    this.users = users;
    this.items = items;
    this.pointers = arena.allocateLongs(users + 1L, "row pointers");
    this.itemRanks = arena.allocateInts(size, "items of users");
  }

  /**
   * Groups logs by user in linear time; a user's interactions keep their order, those of earlier
   * logs first. Closes the logs, column by column.
   *
   * @param onlyOrder whether times serve to order a user's interactions and for nothing else: they
   *     are left out if the log is in their order
   * @param ends for each log but the last, longs by user: where what is of this log ends
   */
  static UserRows group(
      List<InteractionLog> logs,
      IdOrder userOrder,
      IdOrder itemOrder,
      boolean onlyOrder,
      List<long[]> ends) {
    long size = logs.stream().mapToLong(InteractionLog::size).sum();
    var cap = logs.getFirst().cap();
    CappedArena arena = new CappedArena(cap);
    CappedArena timeArena = new CappedArena(cap);
    try {
      UserRows rows =
          new UserRows(
              arena,
              timeArena,
              userOrder.indexOfRank().length,
              itemOrder.indexOfRank().length,
              size);
      rows.scatter(logs, userOrder.rankOfIndex(), itemOrder.rankOfIndex(), onlyOrder, ends);
      return rows;
    } catch (RuntimeException | Error e) {
      timeArena.close();
      arena.close();
      throw e;
    }
  }

  private void scatter(
      List<InteractionLog> logs,
      int[] userRank,
      int[] itemRank,
      boolean onlyOrder,
      List<long[]> ends) {
    for (InteractionLog log : logs) {
      for (long i = 0; i < log.size(); i++) {
        int user = userRank[log.user(i)];
        setBegin(user, begin(user) + 1);
      }
    }
    long sum = 0;
    for (int user = 0; user <= users; user++) {
      long count = user < users ? begin(user) : 0;
      setBegin(user, sum);
      sum += count;
    }
    for (InteractionLog log : logs) {
      for (long i = 0; i < log.size(); i++) {
        itemRanks.setAtIndex(
            ValueLayout.JAVA_INT, next(userRank[log.user(i)]), itemRank[log.item(i)]);
      }
      log.freeItems();
      if (log != logs.getLast()) {
        // Each pointer has moved to where the user's next interaction goes.
        ends.add(pointers.asSlice(0, (long) users * Long.BYTES).toArray(ValueLayout.JAVA_LONG));
      }
    }
    moveBack();
    InteractionLog only = logs.getFirst();
    if (only.timed() && !(onlyOrder && only.times().ascending())) {
      TimeSpill spill = only.times();
      times = Times.between(spill.min(), spill.max(), only.size(), timeArena);
      spill.rewind();
      for (long i = 0; i < only.size(); i++) {
        times.set(next(userRank[only.user(i)]), spill.next());
      }
      moveBack();
    }
    logs.forEach(InteractionLog::close);
  }

  private long next(int user) {
    long position = begin(user);
    setBegin(user, position + 1);
    return position;
  }

  /** Makes begins of the pointers, which have moved to the ends of their rows. */
  private void moveBack() {
    MemorySegment.copy(pointers, 0, pointers, Long.BYTES, (long) users * Long.BYTES);
    setBegin(0, 0);
  }

  int users() {
    return users;
  }

  int items() {
    return items;
  }

  long size() {
    return begin(users);
  }

  long begin(int user) {
    return pointers.getAtIndex(ValueLayout.JAVA_LONG, user);
  }

  long end(int user) {
    return begin(user + 1);
  }

  int degree(int user) {
    return Math.toIntExact(end(user) - begin(user));
  }

  int item(long position) {
    return itemRanks.getAtIndex(ValueLayout.JAVA_INT, position);
  }

  void setItem(long position, int item) {
    itemRanks.setAtIndex(ValueLayout.JAVA_INT, position, item);
  }

  /** Whether times are there. */
  boolean timed() {
    return times != null;
  }

  long time(long position) {
    return times.get(position);
  }

  void setTime(long position, long time) {
    times.set(position, time);
  }

  /** Frees the times, which are no longer needed. */
  void freeTimes() {
    times = null;
    if (!timesClosed) {
      timesClosed = true;
      timeArena.close();
    }
  }

  /** Sets where a user's row begins; the caller moves its interactions. */
  void setBegin(int user, long begin) {
    pointers.setAtIndex(ValueLayout.JAVA_LONG, user, begin);
  }

  /** Copies a row's items to the start of {@code target} and returns their number. */
  int copyItems(int user, int[] target) {
    int degree = degree(user);
    MemorySegment.copy(
        itemRanks, ValueLayout.JAVA_INT, begin(user) * Integer.BYTES, target, 0, degree);
    return degree;
  }

  /** Writes items from a position on. */
  void putItems(long position, int[] source, int count) {
    MemorySegment.copy(source, 0, itemRanks, ValueLayout.JAVA_INT, position * Integer.BYTES, count);
  }

  int maxDegree() {
    int max = 0;
    for (int user = 0; user < users; user++) {
      max = Math.max(max, degree(user));
    }
    return max;
  }

  /** What is left, for the report. */
  CleaningStep step(String name) {
    java.util.BitSet seen = new java.util.BitSet(items);
    int active = 0;
    for (int user = 0; user < users; user++) {
      active += degree(user) > 0 ? 1 : 0;
    }
    for (long at = 0; at < size(); at++) {
      seen.set(item(at));
    }
    return new CleaningStep(name, active, seen.cardinality(), size());
  }

  @Override
  public void close() {
    freeTimes();
    arena.close();
  }
}
