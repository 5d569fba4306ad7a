package org.concertina.search;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;

class ParetoFrontTest {
  private static final FrontPoint SMALL = FrontFileTest.point(100, 0.10, 0.10);
  private static final FrontPoint WORSE = FrontFileTest.point(100, 0.09, 0.10);
  private static final FrontPoint OVERFITTED = FrontFileTest.point(150, 0.15, 0.04);
  private static final FrontPoint EQUAL = FrontFileTest.point(170, 0.10, 0.10);
  private static final FrontPoint LARGE = FrontFileTest.point(200, 0.12, 0.14);

  private final ParetoFront front =
      ParetoFront.of(Objective.RECALL, List.of(LARGE, EQUAL, OVERFITTED, WORSE, SMALL));

  @Test
  void keepsWhatNothingDominates() {
    assertEquals(List.of(SMALL, LARGE), front.points());
  }

  @Test
  void looksUpTheBestThatFits() {
    assertEquals(SMALL, front.best(100));
    assertEquals(SMALL, front.best(199));
    assertEquals(LARGE, front.best(200));
    assertEquals(LARGE, front.best(Long.MAX_VALUE));
    BudgetTooSmallException error =
        assertThrows(BudgetTooSmallException.class, () -> front.best(99));
    assertEquals(100, error.smallestBytes());
  }

  @Test
  void needsAPoint() {
    assertThrows(IllegalArgumentException.class, () -> ParetoFront.of(Objective.RECALL, List.of()));
  }
}
