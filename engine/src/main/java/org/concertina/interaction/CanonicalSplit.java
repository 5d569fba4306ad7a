package org.concertina.interaction;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import org.concertina.memory.CappedArena;

/**
 * One split with users and items indexed by ascending external id, rows sorted, repetitions
 * dropped: the same for every order of the file's lines.
 *
 * @param matrix in memory of the arena it was built with
 * @param duplicatesDropped repetitions of a pair
 */
record CanonicalSplit(InteractionMatrix matrix, long duplicatesDropped) {

  /** Counting sort by user, then a sort of each row; linear but for the rows' sorts. */
  static CanonicalSplit of(
      PairBuffer pairs, IdIndex.Ranking users, IdIndex.Ranking items, CappedArena arena) {
    int userCount = users.sortedIds().length;
    MemorySegment rows = arena.allocateLongs(userCount + 1L, "row pointers");
    MemorySegment indices = arena.allocateInts(pairs.size(), "item indices");
    countRows(pairs, users.rankOfIndex(), rows);
    scatter(pairs, users.rankOfIndex(), items.rankOfIndex(), rows, indices);
    long kept = sortRows(userCount, rows, indices);
    InteractionMatrix matrix =
        InteractionMatrix.view(
            items.sortedIds().length, rows, indices.asSlice(0, kept * Integer.BYTES));
    return new CanonicalSplit(matrix, pairs.size() - kept);
  }

  private static void countRows(PairBuffer pairs, int[] userRank, MemorySegment rows) {
    for (int chunk = 0; chunk < pairs.chunkCount(); chunk++) {
      for (int i = 0; i < pairs.chunkPairs(chunk); i++) {
        long row = 1L + userRank[(int) (pairs.pair(chunk, i) >>> Integer.SIZE)];
        rows.setAtIndex(
            ValueLayout.JAVA_LONG, row, rows.getAtIndex(ValueLayout.JAVA_LONG, row) + 1);
      }
    }
    long sum = 0;
    for (int row = 0; row <= userRank.length; row++) {
      sum += rows.getAtIndex(ValueLayout.JAVA_LONG, row);
      rows.setAtIndex(ValueLayout.JAVA_LONG, row, sum);
    }
  }

  /** Leaves in {@code rows[u]} the END of row u. */
  private static void scatter(
      PairBuffer pairs, int[] userRank, int[] itemRank, MemorySegment rows, MemorySegment indices) {
    for (int chunk = 0; chunk < pairs.chunkCount(); chunk++) {
      for (int i = 0; i < pairs.chunkPairs(chunk); i++) {
        long pair = pairs.pair(chunk, i);
        int row = userRank[(int) (pair >>> Integer.SIZE)];
        long position = rows.getAtIndex(ValueLayout.JAVA_LONG, row);
        rows.setAtIndex(ValueLayout.JAVA_LONG, row, position + 1);
        indices.setAtIndex(ValueLayout.JAVA_INT, position, itemRank[(int) pair]);
      }
    }
  }

  /** Sorts and compacts, restores the row pointers, and returns the number of pairs kept. */
  private static long sortRows(int users, MemorySegment rows, MemorySegment indices) {
    int[] row = new int[256];
    long begin = 0;
    long kept = 0;
    for (int user = 0; user < users; user++) {
      long end = rows.getAtIndex(ValueLayout.JAVA_LONG, user);
      int count = Math.toIntExact(end - begin);
      if (count > row.length) {
        row = new int[Math.max(count, (int) Math.min(Integer.MAX_VALUE - 8L, 2L * row.length))];
      }
      MemorySegment.copy(indices, ValueLayout.JAVA_INT, begin * Integer.BYTES, row, 0, count);
      Arrays.sort(row, 0, count);
      int distinct = distinctInPlace(row, count);
      MemorySegment.copy(row, 0, indices, ValueLayout.JAVA_INT, kept * Integer.BYTES, distinct);
      rows.setAtIndex(ValueLayout.JAVA_LONG, user, kept);
      kept += distinct;
      begin = end;
    }
    rows.setAtIndex(ValueLayout.JAVA_LONG, users, kept);
    return kept;
  }

  private static int distinctInPlace(int[] sorted, int count) {
    int distinct = 0;
    for (int i = 0; i < count; i++) {
      if (distinct == 0 || sorted[i] != sorted[distinct - 1]) {
        sorted[distinct++] = sorted[i];
      }
    }
    return distinct;
  }

  /** A matrix without the pairs that {@code earlier} has, in memory of {@code arena}. */
  static InteractionMatrix minus(
      InteractionMatrix matrix, InteractionMatrix earlier, CappedArena arena) {
    RowWriter writer = new RowWriter(arena, matrix.users(), matrix.items(), matrix.size());
    int[] row = new int[matrix.maxDegree()];
    for (int user = 0; user < matrix.users(); user++) {
      int count = matrix.copyRow(user, row);
      int kept = 0;
      for (int i = 0; i < count; i++) {
        if (!earlier.contains(user, row[i])) {
          row[kept++] = row[i];
        }
      }
      writer.append(row, kept);
    }
    return writer.finish();
  }
}
