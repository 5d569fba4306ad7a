package org.concertina.block;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class BlockShapeTest {
  @Test
  void cutsRows() {
    BlockShape shape = BlockShape.of(64, 8);
    assertEquals(new BlockShape(8, 8), shape);
    assertEquals(64, shape.dim());
    assertEquals(0xffL, shape.fullMask());
    assertEquals(24, shape.keptDims(new BlockChoice(0b1000_0101, Precision.FP32)));
  }

  @Test
  void sixtyFourBlocksFillTheMask() {
    BlockShape shape = BlockShape.of(128, 64);
    assertEquals(-1L, shape.fullMask());
    assertEquals(128, shape.keptDims(new BlockChoice(-1L, Precision.INT8)));
    assertEquals(1L, BlockShape.of(5, 1).fullMask());
  }

  @Test
  void validates() {
    assertThrows(IllegalArgumentException.class, () -> BlockShape.of(64, 0));
    assertThrows(IllegalArgumentException.class, () -> BlockShape.of(65, 8));
    assertThrows(IllegalArgumentException.class, () -> BlockShape.of(0, 8));
    assertThrows(IllegalArgumentException.class, () -> BlockShape.of(130, 65));
    assertThrows(IllegalArgumentException.class, () -> new BlockShape(0, 8));
    assertThrows(IllegalArgumentException.class, () -> new BlockShape(65, 1));
    assertThrows(IllegalArgumentException.class, () -> new BlockShape(8, 0));
    assertThrows(IllegalArgumentException.class, () -> new BlockShape(64, 1 << 26));
  }
}
