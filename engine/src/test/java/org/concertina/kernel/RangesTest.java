package org.concertina.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;

class RangesTest {
  @Test
  void spanIsOnePastTheLastFloat() {
    assertEquals(0, Ranges.spanFloats(0, 5, 3, 1));
    assertEquals(0, Ranges.spanFloats(3, 5, 0, 1));
    assertEquals(1, Ranges.spanFloats(1, 5, 1, 7));
    assertEquals(2 * 5 + 3, Ranges.spanFloats(3, 5, 3, 1));
    assertEquals(2 + 3 * 10 + 1, Ranges.spanFloats(3, 1, 4, 10));
    assertEquals((1L << 40) + 1, Ranges.spanFloats((1L << 20) + 1, 1L << 20, 1, 1));
  }

  @Test
  void spanThatOverflowsThrows() {
    assertThrows(ArithmeticException.class, () -> Ranges.spanFloats(3, Long.MAX_VALUE, 1, 1));
    assertThrows(IndexOutOfBoundsException.class, () -> Ranges.spanFloats(3, -1, 1, 1));
    assertThrows(IndexOutOfBoundsException.class, () -> Ranges.spanFloats(-3, 1, 1, 1));
  }

  @Test
  void sizesInBytesDoNotOverflow() {
    MemorySegment s = Arena.ofAuto().allocate(64);
    Ranges.checkFloats(s, 0, 16);
    Ranges.checkFloats(s, 64, 0);
    assertThrows(IndexOutOfBoundsException.class, () -> Ranges.checkFloats(s, 4, 16));
    assertThrows(ArithmeticException.class, () -> Ranges.checkFloats(s, 0, 1L << 62));
  }
}
