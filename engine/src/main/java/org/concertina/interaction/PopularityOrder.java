package org.concertina.interaction;

import java.util.Arrays;

/**
 * The order of items by descending popularity, ties by ascending external id.
 *
 * @param indexOfSorted final index by position among the ascending external ids
 * @param itemIds external ids by final index
 * @param popularity training pairs by final index
 */
@SuppressWarnings("ArrayRecordComponent") // package-private carrier, never compared
record PopularityOrder(int[] indexOfSorted, int[] itemIds, int[] popularity) {

  /** Counts on {@code train}, whose items are indexed by ascending external id. */
  static PopularityOrder of(InteractionMatrix train, int[] sortedItemIds) {
    int items = sortedItemIds.length;
    int[] count = train.popularity();
    long[] order = new long[items];
    for (int item = 0; item < items; item++) {
      order[item] = ((long) (Integer.MAX_VALUE - count[item]) << Integer.SIZE) | item;
    }
    Arrays.sort(order);
    int[] indexOfSorted = new int[items];
    int[] itemIds = new int[items];
    int[] popularity = new int[items];
    for (int index = 0; index < items; index++) {
      int sorted = (int) order[index];
      indexOfSorted[sorted] = index;
      itemIds[index] = sortedItemIds[sorted];
      popularity[index] = count[sorted];
    }
    return new PopularityOrder(indexOfSorted, itemIds, popularity);
  }

  int coldItems() {
    int cold = 0;
    while (cold < popularity.length && popularity[popularity.length - 1 - cold] == 0) {
      cold++;
    }
    return cold;
  }
}
