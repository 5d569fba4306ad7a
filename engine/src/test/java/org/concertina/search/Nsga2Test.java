package org.concertina.search;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.concertina.block.ElasticConfig;
import org.concertina.block.Precision;
import org.concertina.estimate.SyntheticMetric;
import org.concertina.kernel.WorkerPool;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class Nsga2Test {
  private static final SyntheticMetric METRIC = new SyntheticMetric(0);

  private static double fitness(ElasticConfig config) {
    return METRIC.judge(config).recall();
  }

  /** By trying everything: sizes with the best metric at that size, where it rises. */
  private static List<List<Double>> knownFront(SmallSpace small, long budgetBytes) {
    List<ElasticConfig> all = new ArrayList<>(small.all(budgetBytes));
    all.sort(
        Comparator.<ElasticConfig>comparingLong(small.layout()::fileBytes)
            .thenComparing(Comparator.comparingDouble(Nsga2Test::fitness).reversed()));
    List<List<Double>> front = new ArrayList<>();
    double best = Double.NEGATIVE_INFINITY;
    for (ElasticConfig config : all) {
      if (fitness(config) > best) {
        best = fitness(config);
        front.add(List.of((double) small.layout().fileBytes(config), best));
      }
    }
    return front;
  }

  @ParameterizedTest
  @CsvSource({"true, true", "true, false", "false, true"})
  void findsTheKnownFront(boolean nestedOnly, boolean monotone) {
    SmallSpace small = SmallSpace.of(nestedOnly, monotone, Precision.INT4, Precision.INT8);
    Fitness fitness = choices -> fitness(new ElasticConfig(small.space().shape(), choices));
    for (long budgetBytes : small.budgets(3).subList(1, 3)) {
      try (WorkerPool pool = new WorkerPool(1)) {
        List<ElasticConfig> front =
            new Nsga2(small.space(), small.layout(), 120, 60, () -> fitness, pool)
                .front(new SearchStrategy.Request(budgetBytes, List.of(), 1, 3));
        assertEquals(
            knownFront(small, budgetBytes),
            front.stream()
                .map(c -> List.of((double) small.layout().fileBytes(c), fitness(c)))
                .toList());
      }
    }
  }

  @Test
  void startsOverTheWholeRange() {
    SmallSpace small = SmallSpace.of(true, true, Precision.INT4, Precision.INT8);
    Fitness fitness = choices -> fitness(new ElasticConfig(small.space().shape(), choices));
    long budgetBytes = small.budgets(3).getLast();
    long smallest = small.layout().fileBytes(small.space().smallest());
    try (WorkerPool pool = new WorkerPool(1)) {
      List<ElasticConfig> start =
          new Nsga2(small.space(), small.layout(), 16, 0, () -> fitness, pool)
              .front(new SearchStrategy.Request(budgetBytes, List.of(), 1, 3));
      long largest = start.stream().mapToLong(small.layout()::fileBytes).max().orElseThrow();
      assertTrue(largest > (smallest + budgetBytes) / 2, () -> "largest of the start " + largest);
    }
  }

  private static Genome genome(SmallSpace small, int blocks, double fitness) {
    Genome genome =
        Genome.of(
            small.layout(),
            ElasticConfig.uniform(
                small.space().shape(), small.space().groups(), blocks, Precision.INT8));
    genome.setFitness(fitness);
    return genome;
  }

  @Test
  void frontsAndCrowdingAreAsDefined() {
    SmallSpace small = SmallSpace.of(true, true, Precision.INT8);
    Genome one = genome(small, 1, 0.1);
    Genome two = genome(small, 2, 0.2);
    Genome three = genome(small, 3, 0.15);
    Genome four = genome(small, 4, 0.4);
    Genome again = genome(small, 4, 0.2);
    List<List<Genome>> fronts = NonDominated.fronts(List.of(four, again, three, two, one));
    assertEquals(List.of(List.of(one, two, four), List.of(three, again)), fronts);
    double[] crowding = NonDominated.crowding(fronts.getFirst());
    // One neighbour at each end: both gaps are the whole range.
    assertArrayEquals(
        new double[] {Double.POSITIVE_INFINITY, 2, Double.POSITIVE_INFINITY}, crowding, 1e-12);
    assertEquals(
        List.of(one, four, two, three),
        NonDominated.best(List.of(again, four, three, two, one), 4));
    assertTrue(NonDominated.best(List.of(one), 3).size() == 1);
  }
}
