package org.concertina.interaction;

import java.util.Arrays;
import org.agrona.collections.Int2IntHashMap;

/** Gives external ids provisional dense indices in the order in which they first appear. */
final class IdIndex {
  private static final int UNKNOWN = -1;

  private final Int2IntHashMap indexOfId = new Int2IntHashMap(UNKNOWN);
  private int[] ids = new int[1024];
  private int size;

  /** The ids in ascending order, and each provisional index's position in that order. */
  @SuppressWarnings("ArrayRecordComponent") // package-private carrier, never compared
  record Ranking(int[] sortedIds, int[] rankOfIndex) {}

  int indexOf(int id) {
    int index = indexOfId.get(id);
    if (index == UNKNOWN) {
      index = size;
      indexOfId.put(id, index);
      if (size == ids.length) {
        ids = Arrays.copyOf(ids, Math.addExact(size, size));
      }
      ids[size++] = id;
    }
    return index;
  }

  Ranking ranking() {
    long[] order = new long[size];
    for (int index = 0; index < size; index++) {
      order[index] = ((long) ids[index] << Integer.SIZE) | index;
    }
    Arrays.sort(order);
    int[] sortedIds = new int[size];
    int[] rankOfIndex = new int[size];
    for (int rank = 0; rank < size; rank++) {
      sortedIds[rank] = (int) (order[rank] >>> Integer.SIZE);
      rankOfIndex[(int) order[rank]] = rank;
    }
    return new Ranking(sortedIds, rankOfIndex);
  }
}
