package org.concertina.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.lang.foreign.ValueLayout;
import org.junit.jupiter.api.Test;

class FloatTableTest {
  @Test
  void strideIsPaddedToACacheLineFromSixteenFloats() {
    int[][] dimAndStride = {
      {1, 4},
      {3, 4},
      {4, 4},
      {5, 8},
      {12, 12},
      {13, 16},
      {15, 16},
      {16, 16},
      {17, 32},
      {64, 64},
      {65, 80},
      {207, 208}
    };
    for (int[] pair : dimAndStride) {
      assertEquals(pair[1], FloatTable.strideFloats(pair[0]), "dim " + pair[0]);
    }
    assertThrows(ArithmeticException.class, () -> FloatTable.strideFloats(Integer.MAX_VALUE));
  }

  @Test
  void elementsStandWhereTheOffsetsSayAndPaddingStaysZero() {
    try (CappedArena arena = CappedArena.unlimited()) {
      FloatTable table = FloatTable.allocate(arena, 5, 17, "test");
      assertEquals(5, table.rows());
      assertEquals(17, table.dim());
      assertEquals(32, table.stride());
      assertEquals(5 * 32 * 4, table.segment().byteSize());
      assertEquals(5 * 32 * 4, arena.ownedBytes());
      for (int row = 0; row < 5; row++) {
        for (int column = 0; column < 17; column++) {
          assertEquals(0f, table.get(row, column));
          table.set(row, column, row * 100 + column);
        }
      }
      for (int row = 0; row < 5; row++) {
        assertEquals(0, (table.segment().address() + table.rowOffsetBytes(row)) % 64);
        for (int k = 0; k < 32; k++) {
          float expected = k < 17 ? row * 100 + k : 0f;
          long at = table.rowOffsetBytes(row) + k * 4L;
          assertEquals(expected, table.segment().get(ValueLayout.JAVA_FLOAT, at));
        }
        assertEquals(row * 100 + 16f, table.get(row, 16));
      }
    }
  }

  @Test
  void paddingAndOtherRowsAreOutOfReach() {
    try (CappedArena arena = CappedArena.unlimited()) {
      FloatTable table = FloatTable.allocate(arena, 2, 3, "test");
      assertThrows(IndexOutOfBoundsException.class, () -> table.get(0, 3));
      assertThrows(IndexOutOfBoundsException.class, () -> table.get(2, 0));
      assertThrows(IndexOutOfBoundsException.class, () -> table.get(-1, 0));
      assertThrows(IndexOutOfBoundsException.class, () -> table.set(0, -1, 1f));
      assertEquals(0, FloatTable.allocate(arena, 0, 3, "empty").segment().byteSize());
    }
  }

  @Test
  void offsetsOfFarRowsDoNotOverflow() {
    try (CappedArena arena = CappedArena.unlimited()) {
      FloatTable table = FloatTable.allocate(arena, 1, 1_000, "test");
      assertEquals(1_008, table.stride());
      assertEquals((1L << 31) * 1_008 * 4, table.rowOffsetBytes(1L << 31));
      assertEquals(40_320_000_000_000L, table.rowOffsetBytes(10_000_000_000L));
    }
  }

  @Test
  void sizesAreValidatedAndCapped() {
    try (CappedArena arena = new CappedArena(MemoryCap.ofBytes(1_024))) {
      assertThrows(IllegalArgumentException.class, () -> FloatTable.allocate(arena, -1, 4, "test"));
      assertThrows(IllegalArgumentException.class, () -> FloatTable.allocate(arena, 1, 0, "test"));
      assertThrows(
          MemoryCapExceededException.class, () -> FloatTable.allocate(arena, 5, 64, "test"));
      assertThrows(
          MemoryCapExceededException.class, () -> FloatTable.allocate(arena, 1L << 40, 64, "test"));
      assertThrows(
          ArithmeticException.class, () -> FloatTable.allocate(arena, 1L << 60, 64, "test"));
      FloatTable.allocate(arena, 4, 64, "fits with its padding");
      assertEquals(1_024, arena.cap().usedBytes());
    }
  }
}
