package org.concertina.search;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import org.concertina.block.ArtifactLayout;
import org.concertina.block.BlockShape;
import org.concertina.block.Groups;
import org.concertina.block.Precision;
import org.concertina.estimate.EstimatorConfig;
import org.concertina.estimate.SyntheticMetric;
import org.concertina.kernel.WorkerPool;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SearchRunTest {
  private static final SearchConfig SETTINGS =
      new SearchConfig(
          Objective.RECALL,
          120,
          40,
          new EstimatorConfig(24, 2, 80, 20, 0.005, 1e-5, 0.3, 1),
          new EvolutionConfig(2, 24, 20, 5, 2),
          8,
          4,
          100,
          6,
          new FrontConfig(StrategyKind.EVOLUTION, 6, 1),
          3);

  private static SearchOutcome run(
      SmallSpace small, List<Budget> budgets, double noise, int threads) {
    try (WorkerPool pool = new WorkerPool(threads)) {
      return new SearchRun(
              small.space(),
              small.layout(),
              SETTINGS,
              new SyntheticMetric(noise)::judge,
              Optional.of(new SyntheticMetric(0)::judge),
              pool,
              SearchListener.SILENT)
          .run(budgets);
    }
  }

  private static List<Budget> budgets(SmallSpace small) {
    List<Budget> budgets = new ArrayList<>();
    // Not in order: results come in the order of the request all the same.
    small.budgets(5).reversed().forEach(bytes -> budgets.add(Budget.ofBytes(bytes)));
    return budgets;
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void findsTheBestOfASmallSpace(boolean dropped) {
    SmallSpace kept = SmallSpace.of(true, true, Precision.values());
    SmallSpace small = dropped ? kept.withDropped() : kept;
    SearchOutcome outcome = run(small, budgets(small), 0, 1);
    ConfigJudge judge = new SyntheticMetric(0)::judge;
    assertEquals(budgets(small), outcome.budgets().stream().map(BudgetResult::budget).toList());
    for (BudgetResult result : outcome.budgets()) {
      FrontPoint chosen = result.chosen();
      assertEquals(small.layout().fileBytes(chosen.config()), chosen.fileBytes());
      assertTrue(chosen.fileBytes() <= result.budgetBytes());
      assertTrue(small.space().contains(chosen.config()));
      assertEquals(small.best(judge, result.budgetBytes()), chosen.selection().recall());
      assertEquals(chosen, outcome.front().best(result.budgetBytes()));
    }
  }

  @Test
  void neverWorseThanASimpleStrategy() {
    BlockShape shape = new BlockShape(8, 4);
    ArtifactLayout layout = new ArtifactLayout(Groups.equalCount(960, 6), shape, 700);
    SmallSpace larger =
        new SmallSpace(
            SearchSpace.nested(shape, 6, List.of(Precision.INT4, Precision.INT8, Precision.FP32)),
            layout);
    SearchOutcome outcome =
        run(
            larger,
            List.of(Budget.parse("9%"), Budget.parse("17.5%"), Budget.parse("40%")),
            0.002,
            1);
    for (BudgetResult result : outcome.budgets()) {
      List<String> strategies = new ArrayList<>();
      strategies.addAll(List.of("uniform-first-k", "uniform-first-k-filled"));
      // The whole table takes 12.5 % in int4 and 25 % in int8, ids and directory on top.
      String budget = result.budget().toString();
      if (!budget.equals("9%")) {
        strategies.add("int4-table");
      }
      if (budget.equals("40%")) {
        strategies.add("int8-table");
      }
      strategies.addAll(
          List.of("popularity-skewed", "popularity-skewed-mixed", "greedy", "random"));
      assertEquals(
          strategies, result.baselines().stream().map(BudgetResult.Baseline::strategy).toList());
      double merit = result.chosen().merit(Objective.RECALL);
      for (BudgetResult.Baseline baseline : result.baselines()) {
        assertTrue(baseline.point().fileBytes() <= result.budgetBytes());
        assertTrue(merit >= baseline.point().merit(Objective.RECALL), baseline::strategy);
      }
    }
    assertTrue(outcome.calibration().orElseThrow().spread().spearman() > 0.9);
    assertEquals(120, outcome.labels());
  }

  @Test
  void doesNotDependOnThreads() {
    SmallSpace small = SmallSpace.of(false, true, Precision.values());
    SearchOutcome one = run(small, budgets(small), 0.01, 1);
    SearchOutcome two = run(small, budgets(small), 0.01, 2);
    assertEquals(one.budgets(), two.budgets());
    assertEquals(one.front().points(), two.front().points());
    assertEquals(one.calibration(), two.calibration());
  }

  @Test
  void reportsEveryPhase() {
    SmallSpace small = SmallSpace.of(true, true, Precision.INT8);
    EnumSet<SearchListener.Phase> finished = EnumSet.noneOf(SearchListener.Phase.class);
    try (WorkerPool pool = new WorkerPool(1)) {
      new SearchRun(
              small.space(),
              small.layout(),
              SETTINGS,
              new SyntheticMetric(0)::judge,
              Optional.empty(),
              pool,
              (phase, done, total) -> {
                assertTrue(done <= total);
                if (done == total) {
                  finished.add(phase);
                }
              })
          .run(List.of(Budget.parse("100%")));
    }
    assertEquals(EnumSet.allOf(SearchListener.Phase.class), finished);
  }

  @Test
  void aBudgetTooSmallStopsBeforeAnyWork() {
    SmallSpace small = SmallSpace.of(true, true, Precision.INT8);
    try (WorkerPool pool = new WorkerPool(1)) {
      IllegalStateException never = new IllegalStateException("judged");
      SearchRun run =
          new SearchRun(
              small.space(),
              small.layout(),
              SETTINGS,
              _ -> {
                throw never;
              },
              Optional.empty(),
              pool,
              SearchListener.SILENT);
      assertThrows(
          BudgetTooSmallException.class,
          () -> run.run(List.of(Budget.parse("100%"), Budget.parse("100"))));
      assertSame(
          never,
          assertThrows(IllegalStateException.class, () -> run.run(List.of(Budget.parse("100%")))));
    }
  }
}
