package org.concertina.search;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.concertina.block.BlockShape;
import org.concertina.block.ElasticConfig;
import org.concertina.block.Precision;
import org.concertina.judge.Verdict;
import org.junit.jupiter.api.Test;

class FrontLookUpTest {
  private static final ElasticConfig ANY =
      ElasticConfig.uniform(new BlockShape(1, 4), 1, 1, Precision.INT8);

  private static List<FrontPoint> points(long seed, int count) {
    Random random = new Random(seed);
    List<FrontPoint> points = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      // Few sizes and few metrics, so that both tie.
      Verdict verdict = new Verdict(random.nextInt(400) / 400.0, 0);
      points.add(new FrontPoint(100 + random.nextInt(5_000), ANY, verdict, Optional.of(verdict)));
    }
    return points;
  }

  @Test
  void everyBudgetGetsWhatLookingAtAllPointsFinds() {
    for (long seed = 1; seed <= 5; seed++) {
      List<FrontPoint> points = points(seed, 2_000);
      ParetoFront front = ParetoFront.of(Objective.RECALL, points);
      long smallest = points.stream().mapToLong(FrontPoint::fileBytes).min().orElseThrow();
      assertThrows(BudgetTooSmallException.class, () -> front.best(smallest - 1));
      for (long budgetBytes = smallest; budgetBytes < 5_200; budgetBytes++) {
        long budget = budgetBytes;
        double best =
            points.stream()
                .filter(point -> point.fileBytes() <= budget)
                .mapToDouble(point -> point.merit(Objective.RECALL))
                .max()
                .orElseThrow();
        FrontPoint found = front.best(budget);
        assertEquals(best, found.merit(Objective.RECALL));
        assertTrue(found.fileBytes() <= budget);
      }
    }
  }

  @Test
  void sizesAreEvenInTheLogarithmAndHaveWhatWasAskedFor() {
    assertEquals(
        List.of(100L, 200L, 250L, 400L, 800L),
        Arrays.stream(BudgetGrid.of(100, 800, 4, 250, 400)).boxed().toList());
    assertEquals(List.of(300L), Arrays.stream(BudgetGrid.of(100, 800, 0, 300)).boxed().toList());
  }
}
