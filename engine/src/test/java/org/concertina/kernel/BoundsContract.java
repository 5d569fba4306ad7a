package org.concertina.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Ranges are checked at entry: too long a range throws before anything is written. */
interface BoundsContract extends OpsContract {
  @Test
  default void exactRangesAreAccepted() {
    for (int n : Samples.sizes()) {
      if (n <= 300) {
        for (OpCase op : OpCase.all(n)) {
          try (Arena arena = Arena.ofConfined()) {
            op.call().run(ops(), op.operands(arena, 12, -1, 0), offsets(op, 12));
          }
        }
      }
    }
  }

  @Test
  default void oneElementTooFewThrowsAndWritesNothing() {
    for (int n : new int[] {1, 3, 8, 16, 17, 33, 64, 100}) {
      for (OpCase op : OpCase.all(n)) {
        for (int operand = 0; operand < op.operandBytes().size(); operand++) {
          boolean codes = op.name().startsWith("scoreTilesInt") || op.name().equals("addCodes");
          boolean screen = op.name().startsWith("screenTiles");
          boolean bytes = (codes && operand == 0) || (screen && operand <= 1);
          try (Arena arena = Arena.ofConfined()) {
            MemorySegment[] segments = op.operands(arena, 4, operand, bytes ? 1 : Float.BYTES);
            assertRefused(op, segments, offsets(op, 4), "operand " + operand + " of " + n);
          }
        }
      }
    }
  }

  @Test
  default void offsetsOutsideTheSegmentThrow() {
    for (OpCase op : OpCase.all(16)) {
      for (int operand = 0; operand < op.operandBytes().size(); operand++) {
        for (long offset : new long[] {-4, 4, Long.MAX_VALUE - 3, Long.MIN_VALUE}) {
          try (Arena arena = Arena.ofConfined()) {
            long[] at = offsets(op, 0);
            at[operand] = offset;
            assertRefused(op, op.operands(arena, 0, -1, 0), at, "operand " + operand);
          }
        }
      }
    }
  }

  private void assertRefused(OpCase op, MemorySegment[] segments, long[] at, String what) {
    assertThrows(
        IndexOutOfBoundsException.class,
        () -> op.call().run(ops(), segments, at),
        op + ", " + what);
    for (MemorySegment segment : segments) {
      for (long i = 0; i < segment.byteSize(); i++) {
        assertEquals(0x3e, segment.get(ValueLayout.JAVA_BYTE, i), op + " wrote, " + what);
      }
    }
  }

  private static long[] offsets(OpCase op, long offsetBytes) {
    long[] at = new long[op.operandBytes().size()];
    Arrays.fill(at, offsetBytes);
    return at;
  }

  @Test
  default void negativeSizesAndStridesThrow() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment s = arena.allocate(4096, 64);
      VectorOps o = ops();
      List<Runnable> calls =
          List.of(
              () -> o.rows().dot(s, 0, s, 0, -1),
              () -> o.rows().axpyInPlace(1, s, 0, s, 0, -1),
              () -> o.rows().expSumInPlace(1, 0, s, 0, -1),
              () -> o.rows().addCodesInPlace(1, 0, s, 0, s, 64, -1),
              () -> o.optimizers().adagradInPlace(1, 1, 0, s, 0, s, 0, s, 0, -1),
              () -> o.matmul().matmulAdd(-1, 4, 4, s, 0, 4, 1, s, 0, 4, s, 0, 4),
              () -> o.matmul().matmulAdd(4, -1, 4, s, 0, 4, 1, s, 0, 4, s, 0, 8),
              () -> o.matmul().matmulAdd(4, 4, -1, s, 0, 4, 1, s, 0, 4, s, 0, 4),
              () -> o.matmul().matmulAdd(4, 4, 4, s, 64, -4, 1, s, 64, 4, s, 64, 4),
              () -> o.matmul().matmulAdd(4, 4, 4, s, 64, 4, -1, s, 64, 4, s, 64, 4),
              () -> o.matmul().matmulAdd(4, 4, 4, s, 64, 4, 1, s, 64, -4, s, 64, 4),
              () -> o.matmul().matmulAdd(4, 4, 4, s, 64, 4, 1, s, 64, 4, s, 64, -4),
              () -> o.tiles().scoreTilesFp32(s, 0, -1, 4, s, 0, s, 0),
              () -> o.tiles().scoreTilesFp32(s, 0, 1, -4, s, 0, s, 0),
              () -> o.tiles().scoreTilesInt8(1, s, 0, -1, 4, s, 0, s, 0),
              () -> o.tiles().scoreTilesInt8(1, s, 0, 1, -4, s, 0, s, 0),
              () -> o.tiles().scoreTilesInt4(s, 0, -1, 4, s, 0, s, 0),
              () -> o.tiles().scoreTilesInt4(s, 0, 1, -4, s, 0, s, 0));
      for (int i = 0; i < calls.size(); i++) {
        Runnable call = calls.get(i);
        assertThrows(IndexOutOfBoundsException.class, call::run, "call " + i);
      }
    }
  }

  @Test
  default void closedMemoryThrows() {
    Arena arena = Arena.ofConfined();
    List<OpCase> ops = OpCase.all(17);
    List<MemorySegment[]> operands = ops.stream().map(op -> op.operands(arena, 0, -1, 0)).toList();
    arena.close();
    for (int i = 0; i < ops.size(); i++) {
      OpCase op = ops.get(i);
      MemorySegment[] segments = operands.get(i);
      assertThrows(
          IllegalStateException.class,
          () -> op.call().run(ops(), segments, offsets(op, 0)),
          op.name());
    }
  }
}
