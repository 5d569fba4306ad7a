package org.concertina.search;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.concertina.block.ArtifactLayout;
import org.concertina.block.BlockShape;
import org.concertina.block.ElasticConfig;
import org.concertina.block.Groups;
import org.concertina.block.Precision;
import org.concertina.estimate.Draws;
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

/**
 * What makes a candidate of another one: 8 blocks, three precisions, a catalogue in the size of
 * Gowalla's, a tenth of its bytes. Every operator is timed with the copy that it works on.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(
    value = 3,
    jvmArgsAppend = {"--add-modules=jdk.incubator.vector", "--enable-native-access=ALL-UNNAMED"})
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class SearchOperatorsBenchmark {
  private static final int ITEMS = 40_981;
  private static final int PARENTS = 64;
  private static final int CHECKED = 1_000;

  /** Groups of the catalogue. */
  @Param({"20", "40"})
  public int groups;

  private final List<Genome> parents = new ArrayList<>();
  private Draws draws;
  private Mutations mutations;
  private Repair repair;
  private int next;

  /** Draws parents, and checks that children fit and that their bytes are counted right. */
  @Setup
  public void setUp() {
    BlockShape shape = new BlockShape(8, 8);
    SearchSpace space =
        SearchSpace.nested(shape, groups, List.of(Precision.INT4, Precision.INT8, Precision.FP32));
    ArtifactLayout layout = new ArtifactLayout(Groups.equalCount(ITEMS, groups), shape, 0);
    long budget = layout.fullTableBytes() / 10;
    draws = new Draws(1);
    mutations = new Mutations(space);
    repair = new Repair(space, budget);
    for (ElasticConfig config : new RandomConfigs(space, layout).sample(budget, PARENTS, 1)) {
      parents.add(Genome.of(layout, config));
    }
    for (int i = 0; i < CHECKED; i++) {
      ElasticConfig child = candidate().toConfig();
      if (!space.contains(child) || layout.fileBytes(child) > budget) {
        throw new AssertionError("outside of the space or the budget: " + child);
      }
      Genome crossed = cross();
      if (layout.fileBytes(crossed.toConfig()) != crossed.fileBytes()) {
        throw new AssertionError("bytes miscounted: " + crossed.toConfig());
      }
    }
  }

  private Genome parent() {
    next = (next + 1) % parents.size();
    return parents.get(next);
  }

  /** A copy with one mutation or more. */
  @Benchmark
  public Genome mutate() {
    Genome child = parent().copy();
    mutations.mutateInPlace(child, draws);
    return child;
  }

  /** A copy with groups of another parent. */
  @Benchmark
  public Genome cross() {
    Genome child = parent().copy();
    Crossover.crossInPlace(child, parent(), draws);
    return child;
  }

  /** A candidate: crossed, mutated, brought under the budget and filled up. */
  @Benchmark
  public Genome candidate() {
    Genome child = cross();
    mutations.mutateInPlace(child, draws);
    repair.repairInPlace(child, draws);
    return child;
  }
}
