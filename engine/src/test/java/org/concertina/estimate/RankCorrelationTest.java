package org.concertina.estimate;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class RankCorrelationTest {
  @Test
  void agreementAndReversal() {
    double[] x = {1, 2, 3, 4};
    double[] reversed = {4, 3, 2, 1};
    assertEquals(1, RankCorrelation.kendallTau(x, x));
    assertEquals(-1, RankCorrelation.kendallTau(x, reversed));
    assertEquals(1, RankCorrelation.spearman(x, x));
    assertEquals(-1, RankCorrelation.spearman(x, reversed));
  }

  @Test
  void oneSwap() {
    double[] x = {1, 2, 3, 4};
    double[] y = {1, 3, 2, 4};
    // 5 of 6 pairs agree; squared rank differences sum to 2: 1 - 6 * 2 / (4 * 15).
    assertEquals(4.0 / 6, RankCorrelation.kendallTau(x, y), 1e-12);
    assertEquals(0.8, RankCorrelation.spearman(x, y), 1e-12);
  }

  @Test
  void tiesByHand() {
    double[] x = {1, 2, 2, 3};
    double[] y = {1, 2, 3, 3};
    // Agree: (1,2) (1,3) (1,4) (2,4); tied in x: (2,3), in y: (3,4). tau-b = 4 / sqrt(5 * 5).
    assertEquals(0.8, RankCorrelation.kendallTau(x, y), 1e-12);
    assertArrayEquals(new double[] {1, 2.5, 2.5, 4}, RankCorrelation.ranks(x));
    assertArrayEquals(new double[] {1, 2, 3.5, 3.5}, RankCorrelation.ranks(y));
    // Deviations (-1.5, 0, 0, 1.5) and (-1.5, -.5, 1, 1): 3.75 / sqrt(4.5 * 4.5).
    assertEquals(3.75 / 4.5, RankCorrelation.spearman(x, y), 1e-12);
  }

  @Test
  void tiedInBothCountsForBoth() {
    double[] x = {1, 1, 2};
    double[] y = {5, 5, 7};
    assertEquals(1, RankCorrelation.kendallTau(x, y), 1e-12);
    assertEquals(1, RankCorrelation.spearman(x, y), 1e-12);
  }

  @Test
  void constantHasNoOrder() {
    double[] x = {1, 2, 3};
    double[] y = {4, 4, 4};
    assertEquals(Double.NaN, RankCorrelation.kendallTau(x, y));
    assertEquals(Double.NaN, RankCorrelation.spearman(x, y));
  }

  @Test
  void sizesMustAgree() {
    assertThrows(
        IllegalArgumentException.class,
        () -> RankCorrelation.kendallTau(new double[2], new double[3]));
  }
}
