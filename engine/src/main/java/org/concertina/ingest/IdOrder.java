package org.concertina.ingest;

import java.util.Arrays;

/**
 * The order of a column's ids: numbers ascending, names by their bytes.
 *
 * @param indexOfRank provisional index by rank
 * @param rankOfIndex rank by provisional index
 */
@SuppressWarnings("ArrayRecordComponent") // package-private carrier, never compared
record IdOrder(int[] indexOfRank, int[] rankOfIndex) {
  static IdOrder of(IdColumn column) {
    int[] indexOfRank = column.names() == null ? ofNumbers(column) : column.names().sorted();
    int[] rankOfIndex = new int[indexOfRank.length];
    for (int rank = 0; rank < rankOfIndex.length; rank++) {
      rankOfIndex[indexOfRank[rank]] = rank;
    }
    return new IdOrder(indexOfRank, rankOfIndex);
  }

  private static int[] ofNumbers(IdColumn column) {
    long[] order = new long[column.size()];
    for (int index = 0; index < order.length; index++) {
      order[index] = ((long) column.number(index) << Integer.SIZE) | index;
    }
    Arrays.sort(order);
    int[] indexOfRank = new int[order.length];
    for (int rank = 0; rank < order.length; rank++) {
      indexOfRank[rank] = (int) order[rank];
    }
    return indexOfRank;
  }
}
