package org.concertina.block;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class BlockChoiceTest {
  @Test
  void prefixesKeepTheFirstBlocks() {
    for (int count = 1; count <= 64; count++) {
      BlockChoice choice = BlockChoice.prefix(count, Precision.FP32);
      assertEquals(count, choice.keptBlocks());
      assertTrue(choice.isPrefix());
      for (int block = 0; block < 64; block++) {
        assertEquals(block < count, choice.keeps(block));
      }
    }
  }

  @Test
  void othersAreNoPrefix() {
    for (long mask : new long[] {0b10, 0b101, 0b1110, Long.MIN_VALUE, -2}) {
      BlockChoice choice = new BlockChoice(mask, Precision.INT8);
      assertFalse(choice.isPrefix(), Long.toBinaryString(mask));
      assertEquals(Long.bitCount(mask), choice.keptBlocks());
    }
  }

  @Test
  void droppedChoicesAreEqualWhateverThePrecision() {
    for (Precision precision : Precision.values()) {
      BlockChoice dropped = new BlockChoice(0, precision);
      assertEquals(BlockChoice.DROPPED, dropped);
      assertTrue(dropped.isDropped());
      assertTrue(dropped.isPrefix());
      assertEquals(0, dropped.keptBlocks());
      assertEquals(0, dropped.precision().rowBytes(0));
      assertFalse(BlockChoice.prefix(1, precision).isDropped());
    }
  }

  @Test
  void validates() {
    assertThrows(NullPointerException.class, () -> new BlockChoice(1, null));
    assertThrows(IllegalArgumentException.class, () -> BlockChoice.prefix(0, Precision.FP32));
    assertThrows(IllegalArgumentException.class, () -> BlockChoice.prefix(65, Precision.FP32));
  }

  @Test
  void precisionsSurviveTheirCodes() {
    for (Precision precision : Precision.values()) {
      assertEquals(precision, Precision.ofCode(precision.code()));
    }
    assertEquals(28, Precision.FP32.rowBytes(7));
    assertEquals(7, Precision.INT8.rowBytes(7));
    assertEquals(4, Precision.INT4.rowBytes(7));
    assertEquals(6, Precision.INT4.rowBytes(9));
    assertEquals(16 * 6, Precision.INT4.tileBytes(9));
    assertEquals(2, Precision.INT2.rowBytes(8));
    assertEquals(4, Precision.INT2.rowBytes(9));
    assertEquals(16 * 4, Precision.INT2.tileBytes(9));
    assertThrows(IllegalArgumentException.class, () -> Precision.ofCode(0));
    assertThrows(IllegalArgumentException.class, () -> Precision.ofCode(5));
  }
}
