package org.concertina.train;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.Arrays;
import org.concertina.TestData;
import org.concertina.block.BlockShape;
import org.concertina.interaction.InteractionData;
import org.concertina.kernel.VectorOpsProvider;
import org.concertina.kernel.WorkerPool;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Once compiled, batches allocate nothing, on no thread, and no events when nobody records. */
class StepAllocationTest {
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private static final String WORKER = "concertina-worker-";

  /** The compiler works in the background; every window of batches warms up the next. */
  private static final int WINDOW_BATCHES = 64;

  private static final int EPOCHS = 120;

  @TempDir Path dir;

  /** Ends a run that has shown what it should. */
  private static final class Seen extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  /** Counts what windows of batches allocate, itself allocating nothing between its readings. */
  private static final class Windows implements TrainListener {
    private long[] threads = {};
    private int epochBatches;
    private long before;
    private long fewest = Long.MAX_VALUE;

    private long allocated() {
      long bytes = 0;
      for (long thread : threads) {
        bytes += THREADS.getThreadAllocatedBytes(thread);
      }
      return bytes;
    }

    @Override
    public void batch(int epoch, long pairsDone, long pairs, double meanLoss) {
      if (epochBatches == 0) {
        long self = Thread.currentThread().threadId();
        threads =
            Arrays.stream(THREADS.getThreadInfo(THREADS.getAllThreadIds()))
                .filter(
                    info ->
                        info != null
                            && (info.getThreadId() == self
                                || info.getThreadName().startsWith(WORKER)))
                .mapToLong(info -> info.getThreadId())
                .toArray();
        before = allocated();
      }
      if (++epochBatches % WINDOW_BATCHES == 0) {
        fewest = Math.min(fewest, allocated() - before);
        if (fewest == 0) {
          throw new Seen();
        }
        before = allocated();
      }
    }

    @Override
    public void epoch(int epoch, double meanLoss, double seconds) {
      epochBatches = 0;
    }
  }

  @Test
  void warmBatchesAllocateNothing() throws IOException {
    TrainConfig config =
        new TrainConfig(
            BlockShape.of(16, 4),
            4,
            new TrainConfig.Softmax(0.2, 64, 0, true),
            new TrainConfig.Elastic(ElasticSchedule.NESTED, 0.5),
            new TrainConfig.Diversity(0.01, 1),
            new TrainConfig.Optimizer(0.01, 0.5, 1e-6),
            new TrainConfig.Schedule(EPOCHS, 24, EPOCHS, 1),
            11);
    Windows windows = new Windows();
    try (InteractionData data = TestData.synthetic(dir, 300, 100);
        WorkerPool pool = new WorkerPool(2)) {
      ModelHeader blank = ModelHeader.start("test", data, 0.1, 1, config);
      Trainer trainer = new Trainer(data, config, VectorOpsProvider.get(), pool, windows);
      assertThrows(
          Seen.class,
          () -> trainer.run(blank, dir.resolve("m")),
          () -> "bytes of %d batches: %d".formatted(WINDOW_BATCHES, windows.fewest));
    }
    assertTrue(windows.threads.length >= 2, "the helper was not counted");
  }
}
