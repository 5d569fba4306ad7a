package org.concertina.interaction;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * The user-item pairs of one split as an off-heap compressed sparse row matrix.
 *
 * <p>Row {@code u} occupies positions {@code begin(u)} (inclusive) to {@code end(u)} (exclusive);
 * its item indices ascend and are distinct. A view: whoever allocated the segments owns them, for
 * the splits of an {@link InteractionData} that is the data; access after its close throws {@link
 * IllegalStateException}. Immutable, safe for any number of reading threads. An index out of range
 * throws {@link IndexOutOfBoundsException}.
 */
public final class InteractionMatrix {
  private final MemorySegment rowPointers;
  private final MemorySegment itemIndices;
  private final int users;
  private final int items;
  private final long size;

  private InteractionMatrix(int items, MemorySegment rowPointers, MemorySegment itemIndices) {
    this.rowPointers = rowPointers;
    this.itemIndices = itemIndices;
    this.users = Math.toIntExact(rowPointers.byteSize() / Long.BYTES - 1);
    this.items = items;
    this.size = rowPointers.getAtIndex(ValueLayout.JAVA_LONG, users);
  }

  /**
   * A view over existing memory, which stays its owner's.
   *
   * @param items number of columns; every index is below it
   * @param rowPointers {@code users + 1} longs that start at 0 and do not descend
   * @param itemIndices as many ints as the last row pointer says; ascending and distinct in a row
   * @throws IllegalArgumentException if the sizes of the segments do not fit each other
   */
  public static InteractionMatrix view(
      int items, MemorySegment rowPointers, MemorySegment itemIndices) {
    if (rowPointers.byteSize() < Long.BYTES || rowPointers.byteSize() % Long.BYTES != 0) {
      throw new IllegalArgumentException(
          "rowPointers: expected users + 1 longs, got " + rowPointers.byteSize() + " bytes");
    }
    InteractionMatrix matrix = new InteractionMatrix(items, rowPointers, itemIndices);
    if (matrix.size * Integer.BYTES != itemIndices.byteSize()) {
      throw new IllegalArgumentException(
          "itemIndices: expected %d ints, got %d bytes"
              .formatted(matrix.size, itemIndices.byteSize()));
    }
    return matrix;
  }

  /** Number of rows. */
  public int users() {
    return users;
  }

  /** Number of columns. */
  public int items() {
    return items;
  }

  /** Number of pairs. */
  public long size() {
    return size;
  }

  /** Position of the user's first item. */
  public long begin(int user) {
    return rowPointers.getAtIndex(ValueLayout.JAVA_LONG, user);
  }

  /** Position after the user's last item. */
  public long end(int user) {
    return rowPointers.getAtIndex(ValueLayout.JAVA_LONG, user + 1L);
  }

  /** Item index at a position. */
  public int itemAt(long position) {
    return itemIndices.getAtIndex(ValueLayout.JAVA_INT, position);
  }

  /** Number of the user's items. */
  public int degree(int user) {
    return (int) (end(user) - begin(user));
  }

  /** The largest degree, 0 if there are no users; linear in the users. */
  public int maxDegree() {
    int max = 0;
    for (int user = 0; user < users; user++) {
      max = Math.max(max, degree(user));
    }
    return max;
  }

  /** Pairs of every item; linear in the pairs. */
  public int[] popularity() {
    int[] popularity = new int[items];
    for (long position = 0; position < size(); position++) {
      popularity[itemAt(position)]++;
    }
    return popularity;
  }

  /** Whether the pair is there; logarithmic in the user's degree. */
  public boolean contains(int user, int item) {
    long at = lowerBound(user, item);
    return at < end(user) && itemAt(at) == item;
  }

  /** Position of the user's first item that is not below {@code item}, or {@link #end}. */
  public long lowerBound(int user, int item) {
    long low = begin(user);
    long high = end(user);
    while (low < high) {
      long middle = (low + high) >>> 1;
      if (itemAt(middle) < item) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /**
   * Copies the user's items to the start of {@code target} and returns how many they are.
   *
   * @throws IndexOutOfBoundsException if {@code target} is shorter than the user's degree
   */
  public int copyRow(int user, int[] target) {
    long begin = begin(user);
    int degree = (int) (end(user) - begin);
    MemorySegment.copy(itemIndices, ValueLayout.JAVA_INT, begin * Integer.BYTES, target, 0, degree);
    return degree;
  }

  /** The {@code users + 1} longs of the row pointers. */
  public MemorySegment rowPointers() {
    return rowPointers;
  }

  /** The {@code size} ints of the item indices. */
  public MemorySegment itemIndices() {
    return itemIndices;
  }
}
