package org.concertina.block;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;

class RowOrderTest {
  @Test
  void rowsOfAGroupStandByExternalId() {
    Groups groups = Groups.ofStarts(0, 3, 5);
    RowOrder order = RowOrder.byId(groups, new int[] {70, -5, 20, 9, 8});
    int[] expected = {1, 2, 0, 4, 3};
    for (int row = 0; row < expected.length; row++) {
      assertEquals(expected[row], order.itemAtRow(row));
      assertEquals(row, order.rowOfItem(expected[row]));
    }
    assertEquals(groups, order.groups());
  }

  @Test
  void orderIsAPermutationWithinGroups() {
    int items = 1_000;
    int[] ids = new int[items];
    for (int i = 0; i < items; i++) {
      ids[i] = i * 7_919;
    }
    RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(1);
    for (int i = items - 1; i > 0; i--) {
      int j = random.nextInt(i + 1);
      int id = ids[i];
      ids[i] = ids[j];
      ids[j] = id;
    }
    ids[0] = Integer.MIN_VALUE;
    ids[1] = Integer.MAX_VALUE;
    Groups groups = Groups.equalCount(items, 13);
    RowOrder order = RowOrder.byId(groups, ids);
    for (int row = 0; row < items; row++) {
      int item = order.itemAtRow(row);
      assertEquals(row, order.rowOfItem(item));
      assertEquals(groups.groupOf(row), groups.groupOf(item));
      if (row > groups.start(groups.groupOf(row))) {
        assertTrue(ids[order.itemAtRow(row - 1)] < ids[item]);
      }
    }
  }

  @Test
  void everyItemNeedsAnId() {
    Groups groups = Groups.equalCount(5, 2);
    assertThrows(IllegalArgumentException.class, () -> RowOrder.byId(groups, new int[4]));
    assertThrows(IllegalArgumentException.class, () -> RowOrder.byId(groups, new int[6]));
  }
}
