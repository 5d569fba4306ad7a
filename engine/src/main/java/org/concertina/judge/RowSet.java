package org.concertina.judge;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import org.concertina.block.RowOrder;
import org.concertina.interaction.InteractionMatrix;

/** Those rows of one group that stand for a user's items. Scratch of one thread. */
final class RowSet {
  private final RowOrder order;
  private final long[] words;
  private int[] rows = new int[16];
  private int count;

  /** For groups of up to so many rows. */
  RowSet(RowOrder order, int largest) {
    this.order = order;
    this.words = new long[Math.ceilDiv(largest, Long.SIZE)];
  }

  /** Forgets all rows. */
  void clear() {
    for (int i = 0; i < count; i++) {
      words[rows[i] / Long.SIZE] = 0;
    }
    count = 0;
  }

  /** Adds the user's items in the group, which has {@code size} rows from {@code start} on. */
  void add(InteractionMatrix matrix, int user, int start, int size) {
    // Groups are ranges of items as they are of rows, whatever the order within them.
    long end = matrix.end(user);
    for (long p = matrix.lowerBound(user, start); p < end; p++) {
      int item = matrix.itemAt(p);
      if (item >= start + size) {
        return;
      }
      add(order.rowOfItem(item) - start);
    }
  }

  private void add(int row) {
    if (contains(row)) {
      return;
    }
    if (count == rows.length) {
      rows = Arrays.copyOf(rows, 2 * count);
    }
    rows[count++] = row;
    words[row / Long.SIZE] |= 1L << row;
  }

  /** Whether a row of the group, counted from 0, is in the set. */
  boolean contains(int row) {
    return (words[row / Long.SIZE] >>> row & 1) != 0;
  }

  /** Puts negative infinity in the places of rows of the set, {@code first} being at the offset. */
  void fill(MemorySegment scores, long offsetBytes, int first, int width) {
    for (int i = 0; i < count; i++) {
      int place = rows[i] - first;
      if (place >= 0 && place < width) {
        scores.set(
            ValueLayout.JAVA_FLOAT,
            offsetBytes + (long) place * Float.BYTES,
            Float.NEGATIVE_INFINITY);
      }
    }
  }
}
