package org.concertina.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sun.management.ThreadMXBean;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Once compiled, an operation allocates nothing: no vector of it escapes into a box. */
class AllocationTest {
  private static final int DIMS = 64;
  private static final int WARM_UP_CALLS = 20_000;
  private static final int MEASURED_CALLS = 1_000;

  /** The compiler works in the background, on a busy machine late; until then vectors are boxed. */
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private float sink;

  /** At 64 floats, and BPR at four vectors a row, which have a kernel of their own, and eight. */
  static Stream<OpCase> ops() {
    int lanes = VectorOpsProvider.get().vectorBits() / Float.SIZE;
    Stream<OpCase> bpr =
        IntStream.of(4 * lanes, 8 * lanes)
            .filter(dims -> dims != DIMS)
            .boxed()
            .flatMap(dims -> OpCase.all(dims).stream())
            .filter(op -> op.name().startsWith("bpr"));
    return Stream.concat(OpCase.all(DIMS).stream(), bpr);
  }

  @ParameterizedTest
  @MethodSource("ops")
  void warmOperationAllocatesNothing(OpCase op) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment[] operands = op.operands(arena, 0, -1, 0);
      long[] at = new long[operands.length];
      long fewest = Long.MAX_VALUE;
      long deadline = System.nanoTime() + PATIENCE.toNanos();
      while (fewest > 0 && System.nanoTime() < deadline) {
        allocatedBytes(op, operands, at, WARM_UP_CALLS);
        long baseline = allocatedBytes(op, operands, at, 0);
        long bytes = allocatedBytes(op, operands, at, MEASURED_CALLS) - baseline;
        fewest = Math.min(fewest, bytes);
      }
      assertEquals(
          0, fewest, () -> op.name() + ": bytes of " + MEASURED_CALLS + " calls, sum " + sink);
    }
  }

  private long allocatedBytes(OpCase op, MemorySegment[] operands, long[] at, int calls) {
    VectorOps ops = VectorOpsProvider.get();
    OpCase.Call call = op.call();
    float sum = 0;
    long before = THREADS.getCurrentThreadAllocatedBytes();
    for (int i = 0; i < calls; i++) {
      sum += call.run(ops, operands, at);
    }
    long after = THREADS.getCurrentThreadAllocatedBytes();
    sink += sum;
    return after - before;
  }
}
