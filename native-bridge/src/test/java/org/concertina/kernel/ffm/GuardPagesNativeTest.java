package org.concertina.kernel.ffm;

import static org.junit.jupiter.api.Assertions.assertFalse;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.concertina.kernel.OpCase;
import org.concertina.kernel.VectorOps;
import org.concertina.kernel.VectorOpsProvider;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every operation at every tail, each operand flush against an unreadable page. */
class GuardPagesNativeTest {
  static IntStream sizes() {
    return IntStream.concat(IntStream.rangeClosed(1, 70), IntStream.of(127, 128, 129, 255, 257));
  }

  @ParameterizedTest
  @MethodSource("sizes")
  void nothingIsTouchedBehindAnOperand(int n) {
    VectorOps ops = VectorOpsProvider.get();
    for (OpCase op : OpCase.all(n)) {
      List<GuardedMemory> pages = new ArrayList<>();
      try {
        MemorySegment[] operands = new MemorySegment[op.operandBytes().size()];
        for (int i = 0; i < operands.length; i++) {
          GuardedMemory page = new GuardedMemory(op.operandBytes().get(i));
          pages.add(page);
          operands[i] = page.lastBytes(op.operandBytes().get(i)).fill((byte) 0x3e);
        }
        float result = op.call().run(ops, operands, new long[operands.length]);
        assertFalse(Float.isNaN(result), op.name());
      } finally {
        pages.forEach(GuardedMemory::close);
      }
    }
  }
}
