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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EvolutionarySearchTest {
  private static final EvolutionConfig SETTINGS = new EvolutionConfig(3, 24, 30, 10, 2);

  private static List<ElasticConfig> search(
      SmallSpace small, SyntheticMetric metric, long budgetBytes, int threads) {
    Fitness fitness =
        choices -> metric.judge(new ElasticConfig(small.space().shape(), choices)).recall();
    try (WorkerPool pool = new WorkerPool(threads)) {
      return new EvolutionarySearch(small.space(), small.layout(), SETTINGS, () -> fitness, pool)
          .search(new SearchStrategy.Request(budgetBytes, List.of(), 16, 11));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "true, true, false",
    "true, false, false",
    "false, true, false",
    "false, false, false",
    "true, true, true",
    "true, false, true",
    "false, true, true",
    "false, false, true"
  })
  void findsTheBestOfAll(boolean nestedOnly, boolean monotone, boolean dropped) {
    SmallSpace kept = SmallSpace.of(nestedOnly, monotone, Precision.values());
    SmallSpace small = dropped ? kept.withDropped() : kept;
    SyntheticMetric metric = new SyntheticMetric(0);
    for (long budgetBytes : small.budgets(4)) {
      List<ElasticConfig> winners = search(small, metric, budgetBytes, 1);
      assertEquals(
          small.best(metric::judge, budgetBytes),
          metric.judge(winners.getFirst()).recall(),
          "budget " + budgetBytes);
      assertEquals(winners.size(), new HashSet<>(winners).size());
      for (ElasticConfig winner : winners) {
        assertTrue(small.layout().fileBytes(winner) <= budgetBytes);
        assertTrue(small.space().contains(winner));
      }
    }
  }

  @Test
  void doesNotDependOnThreads() {
    SmallSpace small = SmallSpace.of(false, false, Precision.values());
    SyntheticMetric metric = new SyntheticMetric(0.01);
    long budgetBytes = small.budgets(3).get(1);
    assertEquals(search(small, metric, budgetBytes, 1), search(small, metric, budgetBytes, 2));
  }

  @Test
  void nothingFits() {
    SmallSpace small = SmallSpace.of(true, true, Precision.FP32);
    assertThrows(
        BudgetTooSmallException.class, () -> search(small, new SyntheticMetric(0), 400, 1));
  }
}
