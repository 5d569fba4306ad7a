package org.concertina.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
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

  /** In a process of its own: what other tests ran before decides what the compiler can inline. */
  @Test
  void warmBatchesAllocateNothing() throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.addAll(List.of(StepAllocationTest.class.getName(), dir.toString()));
    Path log = dir.resolve("log");
    Process child =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    assertEquals(0, child.waitFor(), () -> read(log));
  }

  private static String read(Path log) {
    try {
      return Files.readString(log);
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  /** Exits with 0 if no window of warm batches allocates, with any optimiser or thread count. */
  public static void main(String[] args) throws IOException {
    Path dir = Path.of(args[0]);
    try (InteractionData data = TestData.synthetic(dir, 300, 100)) {
      // One thread alone warms up faster than two on a busy machine, so it goes first.
      for (OptimizerKind kind : OptimizerKind.values()) {
        assertEquals(0, fewestBytes(dir, data, kind, 1, 500), kind + ", 1 thread");
        assertEquals(0, fewestBytes(dir, data, kind, 2, 200), kind + ", 2 threads");
      }
    }
  }

  /** The fewest bytes that a window of batches allocated. */
  private static long fewestBytes(
      Path dir, InteractionData data, OptimizerKind kind, int threads, int epochs)
      throws IOException {
    TrainConfig config =
        new TrainConfig(
            BlockShape.of(16, 4),
            4,
            new TrainConfig.Softmax(0.2, 64, 0, true),
            new TrainConfig.Elastic(ElasticSchedule.NESTED, 0.5),
            new TrainConfig.Diversity(0.01, 1),
            new TrainConfig.Optimizer(0.01, 0.5, 1e-6, kind),
            new TrainConfig.Schedule(epochs, 24, epochs, 1),
            11);
    Windows windows = new Windows();
    try (WorkerPool pool = new WorkerPool(threads)) {
      ModelHeader blank = ModelHeader.start("test", data, 0.1, 1, config);
      Trainer trainer = new Trainer(data, config, VectorOpsProvider.get(), pool, windows);
      trainer.run(blank, dir.resolve("m"));
    } catch (Seen zero) {
      assertTrue(windows.threads.length >= threads, "a helper was not counted");
    }
    return windows.fewest;
  }
}
