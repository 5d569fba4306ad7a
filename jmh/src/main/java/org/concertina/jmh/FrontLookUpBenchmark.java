package org.concertina.jmh;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.concertina.block.BlockShape;
import org.concertina.block.ElasticConfig;
import org.concertina.block.Precision;
import org.concertina.judge.Verdict;
import org.concertina.search.FrontPoint;
import org.concertina.search.Objective;
import org.concertina.search.ParetoFront;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** The best configuration for a budget, looked up in a front; every call another budget. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(
    value = 3,
    jvmArgsAppend = {"--add-modules=jdk.incubator.vector", "--enable-native-access=ALL-UNNAMED"})
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class FrontLookUpBenchmark {
  private static final long SMALLEST_BYTES = 100_000;
  private static final long STEP_BYTES = 20_000;

  /** A search leaves a few hundred. */
  @Param({"300", "10000"})
  public int points;

  private ParetoFront front;
  private long budgetBytes;

  /** Every point a little larger and a little better than the one before. */
  @Setup
  public void fill() {
    ElasticConfig config = ElasticConfig.uniform(new BlockShape(8, 8), 20, 8, Precision.INT8);
    List<FrontPoint> all = new ArrayList<>();
    for (int i = 0; i < points; i++) {
      Verdict verdict = new Verdict(0.1 + 1e-6 * i, 0.05);
      all.add(
          new FrontPoint(SMALLEST_BYTES + i * STEP_BYTES, config, verdict, Optional.of(verdict)));
    }
    front = ParetoFront.of(Objective.RECALL, all);
    budgetBytes = SMALLEST_BYTES;
  }

  /** Looks one budget up. */
  @Benchmark
  public FrontPoint best() {
    // A stride that is no multiple of the points' distance: no branch is learnt by heart.
    budgetBytes += 7_654_321;
    if (budgetBytes > SMALLEST_BYTES + points * STEP_BYTES) {
      budgetBytes = SMALLEST_BYTES + budgetBytes % STEP_BYTES;
    }
    return front.best(budgetBytes);
  }
}
