package org.concertina.train;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Once compiled, a batch allocates nothing, whatever the encoder. */
class StepAllocationTest {
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private static final int BATCHES = 50;

  /** The compiler works in the background, on a busy machine late. */
  private static final long DEADLINE_NANOS = 20_000_000_000L;

  @ParameterizedTest
  @MethodSource("org.concertina.train.EncoderTrainingTest#encoders")
  void aWarmBatchAllocatesNothing(TrainConfig.Encoding encoder, @TempDir Path dir)
      throws IOException {
    TrainConfig config = TrainerTest.config(1, ElasticSchedule.NESTED).withEncoder(encoder);
    try (StepFixture fixture = new StepFixture(dir, config, 1)) {
      long deadline = System.nanoTime() + DEADLINE_NANOS;
      long fewest = Long.MAX_VALUE;
      while (fewest > 0 && System.nanoTime() < deadline) {
        long baseline = allocated(fixture, 0);
        fewest = Math.min(fewest, allocated(fixture, BATCHES) - baseline);
      }
      assertEquals(0, fewest, "bytes of " + BATCHES + " batches");
    }
  }

  private static long allocated(StepFixture fixture, int batches) {
    double loss = 0;
    long before = THREADS.getCurrentThreadAllocatedBytes();
    for (int i = 0; i < batches; i++) {
      loss += fixture.run();
    }
    long after = THREADS.getCurrentThreadAllocatedBytes();
    assertEquals(loss, loss);
    return after - before;
  }
}
