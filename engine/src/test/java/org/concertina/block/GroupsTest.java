package org.concertina.block;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class GroupsTest {
  @Test
  void equalCountsDifferByOneAtMost() {
    for (int items : new int[] {1, 2, 7, 16, 100, 1_001}) {
      for (int count = 1; count <= Math.min(items, 20); count++) {
        Groups groups = Groups.equalCount(items, count);
        assertEquals(count, groups.count());
        assertEquals(items, groups.items());
        assertEquals(0, groups.start(0));
        assertEquals(items, groups.end(count - 1));
        for (int g = 0; g < count; g++) {
          assertTrue(groups.size(g) == items / count || groups.size(g) == items / count + 1);
          assertEquals(groups.end(g), groups.start(g) + groups.size(g));
          for (int item = groups.start(g); item < groups.end(g); item++) {
            assertEquals(g, groups.groupOf(item));
          }
        }
      }
    }
  }

  @Test
  void equalCountsOfManyItemsDoNotOverflow() {
    Groups groups = Groups.equalCount(Integer.MAX_VALUE, 1_000);
    for (int g = 0; g < 1_000; g++) {
      assertTrue(groups.size(g) == 2_147_483 || groups.size(g) == 2_147_484);
    }
  }

  @Test
  void equalMassesPutFewPopularItemsTogether() {
    int[] popularity = {40, 20, 10, 10, 5, 5, 5, 5};
    assertArrayEquals(new int[] {0, 2, 8}, Groups.equalMass(popularity, 2).starts());
    assertArrayEquals(new int[] {0, 1, 2, 4, 8}, Groups.equalMass(popularity, 4).starts());
    // An item that outweighs several shares leaves groups of one item, never empty ones.
    assertArrayEquals(new int[] {0, 1, 2, 3}, Groups.equalMass(new int[] {100, 1, 1}, 3).starts());
    assertArrayEquals(
        new int[] {0, 1, 2, 3, 4}, Groups.equalMass(new int[] {1, 1, 1, 0}, 4).starts());
    assertArrayEquals(new int[] {0, 2, 4}, Groups.equalMass(new int[4], 2).starts());
    assertThrows(IllegalArgumentException.class, () -> Groups.equalMass(new int[] {1}, 2));
  }

  @Test
  void boundariesAreCopied() {
    int[] starts = {0, 3, 10};
    Groups groups = Groups.ofStarts(starts);
    starts[1] = 5;
    groups.starts()[1] = 6;
    assertArrayEquals(new int[] {0, 3, 10}, groups.starts());
    assertEquals(0, groups.groupOf(2));
    assertEquals(1, groups.groupOf(3));
  }

  @Test
  void validates() {
    assertThrows(IllegalArgumentException.class, () -> Groups.equalCount(5, 0));
    assertThrows(IllegalArgumentException.class, () -> Groups.equalCount(5, 6));
    assertThrows(IllegalArgumentException.class, () -> Groups.equalCount(0, 1));
    assertThrows(IllegalArgumentException.class, () -> Groups.ofStarts());
    assertThrows(IllegalArgumentException.class, () -> Groups.ofStarts(0));
    assertThrows(IllegalArgumentException.class, () -> Groups.ofStarts(1, 2));
    assertThrows(IllegalArgumentException.class, () -> Groups.ofStarts(0, 3, 3));
    assertThrows(IllegalArgumentException.class, () -> Groups.ofStarts(0, 3, 2));
  }

  @Test
  void itemsOutsideHaveNoGroup() {
    Groups groups = Groups.ofStarts(0, 3, 10);
    assertThrows(IndexOutOfBoundsException.class, () -> groups.groupOf(-1));
    assertThrows(IndexOutOfBoundsException.class, () -> groups.groupOf(10));
  }
}
