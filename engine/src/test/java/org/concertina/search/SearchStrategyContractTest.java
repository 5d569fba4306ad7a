package org.concertina.search;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.List;
import org.concertina.block.ElasticConfig;
import org.concertina.block.Precision;
import org.concertina.estimate.SyntheticMetric;
import org.concertina.kernel.WorkerPool;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What every strategy promises, whatever it is. */
class SearchStrategyContractTest {
  private static final SmallSpace SMALL = SmallSpace.of(true, true, Precision.values());
  private static final SyntheticMetric METRIC = new SyntheticMetric(0.01);

  private static double fitness(ElasticConfig config) {
    return METRIC.judge(config).recall();
  }

  private static SearchStrategy strategy(StrategyKind kind, WorkerPool pool) {
    SearchSpace space = SMALL.space();
    Fitness fitness = choices -> fitness(new ElasticConfig(space.shape(), choices));
    return switch (kind) {
      case EVOLUTION ->
          new EvolutionarySearch(
              space, SMALL.layout(), new EvolutionConfig(2, 16, 8, 4, 2), () -> fitness, pool);
      case NSGA2 -> new Nsga2(space, SMALL.layout(), 24, 10, () -> fitness, pool);
      case GREEDY, RANDOM, UNIFORM, POPULARITY -> {
        List<ElasticConfig> path =
            new GreedyGain(space, SMALL.layout(), METRIC::judge, Objective.RECALL)
                .path(Long.MAX_VALUE, _ -> {});
        Baselines baselines = new Baselines(space, SMALL.layout(), path, 6, 9);
        yield new ProposalStrategy(
            space, SMALL.layout(), (bytes, _) -> baselines.of(kind, bytes), fitness);
      }
    };
  }

  private static List<ElasticConfig> search(
      StrategyKind kind, long budgetBytes, List<ElasticConfig> seeds, int threads) {
    try (WorkerPool pool = new WorkerPool(threads)) {
      return strategy(kind, pool).search(new SearchStrategy.Request(budgetBytes, seeds, 8, 11));
    }
  }

  @ParameterizedTest
  @EnumSource
  void keepsBudgetAndSpaceAndOrder(StrategyKind kind) {
    for (long budgetBytes : SMALL.budgets(5)) {
      List<ElasticConfig> found = search(kind, budgetBytes, List.of(), 1);
      assertTrue(!found.isEmpty() && found.size() <= 8);
      assertEquals(found.size(), new HashSet<>(found).size());
      for (int i = 0; i < found.size(); i++) {
        assertTrue(SMALL.layout().fileBytes(found.get(i)) <= budgetBytes);
        assertTrue(SMALL.space().contains(found.get(i)));
        assertTrue(i == 0 || fitness(found.get(i)) <= fitness(found.get(i - 1)));
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void neverBelowAnySeedThatFits(StrategyKind kind) {
    for (long budgetBytes : SMALL.budgets(4)) {
      // All of them: the best is among them, and so are some that are too large.
      List<ElasticConfig> seeds = SMALL.all(Long.MAX_VALUE);
      double best = SMALL.best(METRIC::judge, budgetBytes);
      assertEquals(best, fitness(search(kind, budgetBytes, seeds, 1).getFirst()));
    }
  }

  @ParameterizedTest
  @EnumSource
  void dependsOnTheRequestAlone(StrategyKind kind) {
    long budgetBytes = SMALL.budgets(3).get(1);
    List<ElasticConfig> seeds = List.of(SMALL.space().largest());
    List<ElasticConfig> once = search(kind, budgetBytes, seeds, 1);
    assertEquals(once, search(kind, budgetBytes, seeds, 1));
    assertEquals(once, search(kind, budgetBytes, seeds, 3));
  }

  @ParameterizedTest
  @EnumSource
  void saysThatNothingFits(StrategyKind kind) {
    long smallest = SMALL.layout().fileBytes(SMALL.space().smallest());
    assertThrows(BudgetTooSmallException.class, () -> search(kind, smallest - 1, List.of(), 1));
    assertEquals(List.of(SMALL.space().smallest()), search(kind, smallest, List.of(), 1));
  }
}
