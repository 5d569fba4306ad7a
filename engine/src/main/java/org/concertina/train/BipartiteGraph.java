package org.concertina.train;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import org.concertina.interaction.InteractionMatrix;
import org.concertina.kernel.SparseOps;
import org.concertina.memory.CappedArena;
import org.concertina.memory.FloatTable;

/**
 * The training pairs as a graph with symmetric normalisation: an edge weighs {@code (degree of the
 * user * degree of the item)^-1/2}.
 *
 * <p>Sparse rows of users and of items, off-heap, with the weights beside the indices. Rows are cut
 * into tasks of about equal work by the data alone. Immutable.
 */
final class BipartiteGraph {
  /** Edges and rows of a task, about a million multiply-adds at 64 floats. */
  private static final long WORK_PER_TASK = 1 << 14;

  private final InteractionMatrix byUser;
  private final InteractionMatrix byItem;
  private final MemorySegment weightsByUser;
  private final MemorySegment weightsByItem;
  private final int[] userTasks;
  private final int[] itemTasks;

  BipartiteGraph(CappedArena arena, InteractionMatrix train) {
    byUser = train;
    byItem = transpose(arena, train);
    weightsByUser = weights(arena, byUser, byItem);
    weightsByItem = weights(arena, byItem, byUser);
    userTasks = tasks(byUser);
    itemTasks = tasks(byItem);
  }

  private static InteractionMatrix transpose(CappedArena arena, InteractionMatrix rows) {
    MemorySegment pointers = arena.allocateLongs(rows.items() + 1L, "rows of the items");
    MemorySegment indices = arena.allocateInts(rows.size(), "users of the items");
    long[] next = new long[rows.items() + 1];
    for (long p = 0; p < rows.size(); p++) {
      next[rows.itemAt(p) + 1]++;
    }
    for (int i = 0; i < rows.items(); i++) {
      next[i + 1] += next[i];
    }
    MemorySegment.copy(next, 0, pointers, ValueLayout.JAVA_LONG, 0, next.length);
    for (int user = 0; user < rows.users(); user++) {
      for (long p = rows.begin(user), end = rows.end(user); p < end; p++) {
        indices.setAtIndex(ValueLayout.JAVA_INT, next[rows.itemAt(p)]++, user);
      }
    }
    return InteractionMatrix.view(rows.users(), pointers, indices);
  }

  private static MemorySegment weights(
      CappedArena arena, InteractionMatrix rows, InteractionMatrix columns) {
    MemorySegment weights = arena.allocateFloats(rows.size(), "weights of the edges");
    for (int row = 0; row < rows.users(); row++) {
      for (long p = rows.begin(row), end = rows.end(row); p < end; p++) {
        double degrees = (double) rows.degree(row) * columns.degree(rows.itemAt(p));
        weights.setAtIndex(ValueLayout.JAVA_FLOAT, p, (float) (1 / Math.sqrt(degrees)));
      }
    }
    return weights;
  }

  private static int[] tasks(InteractionMatrix rows) {
    int[] starts = new int[rows.users() + 1];
    int count = 0;
    long work = 0;
    for (int row = 0; row < rows.users(); row++) {
      work += rows.degree(row) + 1;
      if (work >= WORK_PER_TASK || row == rows.users() - 1) {
        starts[++count] = row + 1;
        work = 0;
      }
    }
    return Arrays.copyOf(starts, count + 1);
  }

  /** First row of every task over users or items, and the number of rows. */
  int[] tasks(boolean users) {
    return users ? userTasks : itemTasks;
  }

  /**
   * Rows of the product: {@code out = scale * (base + P other)}.
   *
   * @param ofUsers whether the rows are users', and {@code other} the items', or the reverse
   * @param columnBytes where the {@code n} floats start in a row of {@code other}
   * @param baseRowStride 0 if all rows have the same base
   */
  void multiply(
      SparseOps ops,
      boolean ofUsers,
      int first,
      int end,
      FloatTable other,
      long columnBytes,
      float scale,
      MemorySegment base,
      long baseOffsetBytes,
      int baseRowStride,
      MemorySegment out,
      long outOffsetBytes,
      int outRowStride,
      int n) {
    InteractionMatrix rows = rows(ofUsers);
    ops.sparseMatmul(
        end - first,
        rows.rowPointers(),
        (long) first * Long.BYTES,
        rows.itemIndices(),
        ofUsers ? weightsByUser : weightsByItem,
        other.segment(),
        columnBytes,
        other.rows(),
        other.stride(),
        scale,
        base,
        baseOffsetBytes,
        baseRowStride,
        out,
        outOffsetBytes,
        outRowStride,
        n);
  }

  /**
   * The entries of a row whose columns are marked, in order.
   *
   * @param marks 1 for a marked column, 0 for any other
   * @param indices receives their columns; room for the whole row
   * @param weights receives their weights; room for the whole row
   * @return how many they are
   */
  int select(boolean ofUsers, int row, byte[] marks, MemorySegment indices, MemorySegment weights) {
    InteractionMatrix rows = rows(ofUsers);
    MemorySegment from = ofUsers ? weightsByUser : weightsByItem;
    int count = 0;
    for (long p = rows.begin(row), end = rows.end(row); p < end; p++) {
      int column = rows.itemAt(p);
      indices.setAtIndex(ValueLayout.JAVA_INT, count, column);
      weights.setAtIndex(ValueLayout.JAVA_FLOAT, count, from.getAtIndex(ValueLayout.JAVA_FLOAT, p));
      count += marks[column]; // no branch: every third entry is marked, and no one foretells which
    }
    return count;
  }

  /** The largest number of entries in a row. */
  int maxDegree() {
    return Math.max(byUser.maxDegree(), byItem.maxDegree());
  }

  private InteractionMatrix rows(boolean ofUsers) {
    return ofUsers ? byUser : byItem;
  }
}
