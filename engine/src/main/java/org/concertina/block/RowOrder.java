package org.concertina.block;

import java.util.Arrays;

/**
 * Which item stands in which packed row: group-major, within a group by ascending external id.
 *
 * <p>A row is in the same group as the item of the same index, since groups are ranges. Immutable.
 */
public final class RowOrder {
  private final Groups groups;
  private final int[] itemAtRow;
  private final int[] rowOfItem;

  private RowOrder(Groups groups, int[] itemAtRow) {
    this.groups = groups;
    this.itemAtRow = itemAtRow;
    this.rowOfItem = new int[itemAtRow.length];
    for (int row = 0; row < itemAtRow.length; row++) {
      rowOfItem[itemAtRow[row]] = row;
    }
  }

  /**
   * Orders the rows of every group by external id.
   *
   * @param itemIds external id of every item, all different
   */
  public static RowOrder byId(Groups groups, int[] itemIds) {
    if (itemIds.length != groups.items()) {
      throw new IllegalArgumentException(
          "itemIds: expected " + groups.items() + ", got " + itemIds.length);
    }
    int[] itemAtRow = new int[itemIds.length];
    for (int g = 0; g < groups.count(); g++) {
      long[] keys = new long[groups.size(g)];
      for (int i = 0; i < keys.length; i++) {
        int item = groups.start(g) + i;
        keys[i] = (long) itemIds[item] << 32 | item;
      }
      Arrays.sort(keys);
      for (int i = 0; i < keys.length; i++) {
        itemAtRow[groups.start(g) + i] = (int) keys[i];
      }
    }
    return new RowOrder(groups, itemAtRow);
  }

  /** The groups. */
  public Groups groups() {
    return groups;
  }

  /** The item whose embedding stands in a row. */
  public int itemAtRow(int row) {
    return itemAtRow[row];
  }

  /** The row of an item. */
  public int rowOfItem(int item) {
    return rowOfItem[item];
  }
}
