package org.concertina.interaction;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import org.concertina.memory.CappedArena;

/** Matrices of the same pairs in another order, in memory that the arena owns. */
final class Reordered {
  private Reordered() {}

  /**
   * The same rows with other item indices, ascending.
   *
   * @param indexOf new index by old index
   */
  static InteractionMatrix of(InteractionMatrix matrix, int[] indexOf, CappedArena arena) {
    RowWriter writer = new RowWriter(arena, matrix.users(), matrix.items(), matrix.size());
    int[] row = new int[matrix.maxDegree()];
    for (int user = 0; user < matrix.users(); user++) {
      int degree = matrix.copyRow(user, row);
      for (int i = 0; i < degree; i++) {
        row[i] = indexOf[row[i]];
      }
      Arrays.sort(row, 0, degree);
      writer.append(row, degree);
    }
    return writer.finish();
  }

  /** Rows of items with their users, by counting sort. */
  static InteractionMatrix transpose(InteractionMatrix matrix, CappedArena arena) {
    MemorySegment pointers = arena.allocateLongs(matrix.items() + 1L, "row pointers by item");
    MemorySegment users = arena.allocateInts(matrix.size(), "users by item");
    long[] next = new long[matrix.items() + 1];
    for (long at = 0; at < matrix.size(); at++) {
      next[matrix.itemAt(at) + 1]++;
    }
    Arrays.parallelPrefix(next, Long::sum);
    MemorySegment.copy(next, 0, pointers, ValueLayout.JAVA_LONG, 0, next.length);
    for (int user = 0; user < matrix.users(); user++) {
      for (long at = matrix.begin(user), end = matrix.end(user); at < end; at++) {
        users.setAtIndex(ValueLayout.JAVA_INT, next[matrix.itemAt(at)]++, user);
      }
    }
    return InteractionMatrix.view(matrix.users(), pointers, users);
  }
}
