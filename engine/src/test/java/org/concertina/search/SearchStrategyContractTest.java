package org.concertina.search;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.List;
import java.util.stream.Stream;
import org.concertina.block.ElasticConfig;
import org.concertina.block.Precision;
import org.concertina.estimate.SyntheticMetric;
import org.concertina.kernel.WorkerPool;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What every strategy promises, whatever it is. */
class SearchStrategyContractTest {
  private static final SmallSpace KEPT = SmallSpace.of(true, true, Precision.values());
  private static final SmallSpace DROPPED = KEPT.withDropped();
  private static final SyntheticMetric METRIC = new SyntheticMetric(0.01);

  private static double fitness(ElasticConfig config) {
    return METRIC.judge(config).recall();
  }

  /** Every strategy where groups may be dropped, and where not. */
  static Stream<Arguments> all() {
    return Stream.of(StrategyKind.values())
        .flatMap(kind -> Stream.of(Arguments.of(KEPT, kind), Arguments.of(DROPPED, kind)));
  }

  private static SearchStrategy strategy(SmallSpace small, StrategyKind kind, WorkerPool pool) {
    SearchSpace space = small.space();
    Fitness fitness = choices -> fitness(new ElasticConfig(space.shape(), choices));
    return switch (kind) {
      case EVOLUTION ->
          new EvolutionarySearch(
              space, small.layout(), new EvolutionConfig(2, 16, 8, 4, 2), () -> fitness, pool);
      case NSGA2 -> new Nsga2(space, small.layout(), 24, 10, () -> fitness, pool);
      case GREEDY, RANDOM, UNIFORM, POPULARITY -> {
        List<ElasticConfig> path =
            new GreedyGain(space, small.layout(), METRIC::judge, Objective.RECALL)
                .path(Long.MAX_VALUE, _ -> {});
        Baselines baselines = new Baselines(space, small.layout(), path, 6, 9);
        yield new ProposalStrategy(
            space, small.layout(), (bytes, _) -> baselines.of(kind, bytes), fitness);
      }
    };
  }

  private static List<ElasticConfig> search(
      SmallSpace small,
      StrategyKind kind,
      long budgetBytes,
      List<ElasticConfig> seeds,
      int threads) {
    try (WorkerPool pool = new WorkerPool(threads)) {
      return strategy(small, kind, pool)
          .search(new SearchStrategy.Request(budgetBytes, seeds, 8, 11));
    }
  }

  @ParameterizedTest
  @MethodSource("all")
  void keepsBudgetAndSpaceAndOrder(SmallSpace small, StrategyKind kind) {
    for (long budgetBytes : small.budgets(5)) {
      List<ElasticConfig> found = search(small, kind, budgetBytes, List.of(), 1);
      assertTrue(!found.isEmpty() && found.size() <= 8);
      assertEquals(found.size(), new HashSet<>(found).size());
      for (int i = 0; i < found.size(); i++) {
        assertTrue(small.layout().fileBytes(found.get(i)) <= budgetBytes);
        assertTrue(small.space().contains(found.get(i)));
        assertTrue(i == 0 || fitness(found.get(i)) <= fitness(found.get(i - 1)));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("all")
  void neverBelowAnySeedThatFits(SmallSpace small, StrategyKind kind) {
    for (long budgetBytes : small.budgets(4)) {
      // All of them: the best is among them, and so are some that are too large.
      List<ElasticConfig> seeds = small.all(Long.MAX_VALUE);
      double best = small.best(METRIC::judge, budgetBytes);
      assertEquals(best, fitness(search(small, kind, budgetBytes, seeds, 1).getFirst()));
    }
  }

  @ParameterizedTest
  @MethodSource("all")
  void dependsOnTheRequestAlone(SmallSpace small, StrategyKind kind) {
    long budgetBytes = small.budgets(3).get(1);
    List<ElasticConfig> seeds = List.of(small.space().largest());
    List<ElasticConfig> once = search(small, kind, budgetBytes, seeds, 1);
    assertEquals(once, search(small, kind, budgetBytes, seeds, 1));
    assertEquals(once, search(small, kind, budgetBytes, seeds, 3));
  }

  @ParameterizedTest
  @MethodSource("all")
  void saysThatNothingFits(SmallSpace small, StrategyKind kind) {
    long smallest = small.layout().fileBytes(small.space().smallest());
    assertThrows(
        BudgetTooSmallException.class, () -> search(small, kind, smallest - 1, List.of(), 1));
    assertEquals(List.of(small.space().smallest()), search(small, kind, smallest, List.of(), 1));
  }
}
