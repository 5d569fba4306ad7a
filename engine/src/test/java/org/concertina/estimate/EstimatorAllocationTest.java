package org.concertina.estimate;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.List;
import org.concertina.block.BlockChoice;
import org.concertina.block.ElasticConfig;
import org.junit.jupiter.api.Test;

class EstimatorAllocationTest {
  @Test
  void predictingAllocatesNothing() {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    List<List<BlockChoice>> lists =
        EstimatorTest.SAMPLED.stream().map(ElasticConfig::choices).toList();
    // The compiler works in the background, on a busy machine late; until then vectors are boxed.
    long deadline = System.nanoTime() + 90_000_000_000L;
    try (Estimator estimator = EstimatorTest.train(1)) {
      IncrementalEstimator incremental = estimator.incremental();
      long bytes = Long.MAX_VALUE;
      while (bytes >= 10_000 && System.nanoTime() < deadline) {
        long before = threads.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < 10_000; i++) {
          incremental.predict(lists.get(i % lists.size()));
        }
        bytes = threads.getCurrentThreadAllocatedBytes() - before;
      }
      assertTrue(bytes < 10_000, "bytes allocated by 10,000 predictions: " + bytes);
    }
  }
}
