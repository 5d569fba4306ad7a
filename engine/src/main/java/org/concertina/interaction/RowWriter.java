package org.concertina.interaction;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.concertina.memory.CappedArena;

/** Writes a matrix row by row, in the order of the users, into memory that the arena owns. */
final class RowWriter {
  private final int items;
  private final MemorySegment rowPointers;
  private final MemorySegment itemIndices;
  private int user;
  private long position;

  /**
   * @param capacity the most pairs that will be written
   */
  RowWriter(CappedArena arena, int users, int items, long capacity) {
    this.items = items;
    this.rowPointers = arena.allocateLongs(users + 1L, "row pointers");
    this.itemIndices = arena.allocateInts(capacity, "item indices");
  }

  /** Writes the next user's row, the first {@code count} of {@code row}, ascending. */
  void append(int[] row, int count) {
    MemorySegment.copy(
        row, 0, itemIndices, ValueLayout.JAVA_INT, position * Integer.BYTES, count);
    position += count;
    rowPointers.setAtIndex(ValueLayout.JAVA_LONG, ++user, position);
  }

  /** The matrix; users that were not written have empty rows. */
  InteractionMatrix finish() {
    long users = rowPointers.byteSize() / Long.BYTES - 1;
    while (user < users) {
      rowPointers.setAtIndex(ValueLayout.JAVA_LONG, ++user, position);
    }
    return InteractionMatrix.view(
        items, rowPointers, itemIndices.asSlice(0, position * Integer.BYTES));
  }
}
