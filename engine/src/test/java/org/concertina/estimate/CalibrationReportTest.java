package org.concertina.estimate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class CalibrationReportTest {
  @Test
  void measuresAllAndEveryBandThatHasEnough() {
    int n = 2 * CalibrationReport.LEAST_IN_BAND;
    double[] predicted = new double[n];
    double[] exact = new double[n];
    double[] shares = new double[n];
    for (int i = 0; i < n; i++) {
      exact[i] = 0.01 * i;
      predicted[i] = 0.01 * i;
      // Half in the band around 1 %, all but one of the rest around 5 %, one far away.
      shares[i] = i < n / 2 ? 0.0095 : i < n - 1 ? 0.0497 : 0.9;
    }
    // In the first band the best is predicted last but one.
    predicted[n / 2 - 1] = predicted[n / 2 - 2] - 0.005;
    CalibrationReport report = CalibrationReport.of(predicted, exact, shares);
    assertEquals(n, report.count());
    assertEquals(0.015 / Math.sqrt(n), report.rmse(), 1e-12);
    double pairs = n * (n - 1) / 2.0;
    assertEquals((pairs - 2) / pairs, report.kendallTau(), 1e-12);
    assertEquals(0, report.errors().median(), 1e-12);
    assertEquals(0.015, report.errors().p99(), 1e-12);
    assertEquals(1, report.bands().size());
    CalibrationReport.Band band = report.bands().getFirst();
    assertEquals(0.01, band.centreShare());
    assertEquals(n / 2, band.count());
    assertEquals(0.01, band.regretAt1(), 1e-12);
    assertEquals(1 - 2 / (n / 2 * (n / 2 - 1) / 2.0), band.kendallTau(), 1e-12);
    assertEquals(0.015, band.errors().p90(), 1e-12);
  }

  @Test
  void bandsCoverEverySizeOnce() {
    int n = 400;
    double[] values = new double[n];
    double[] shares = new double[n];
    Arrays.setAll(values, i -> i);
    Arrays.setAll(shares, i -> 0.009 * Math.pow(110, i / (n - 1.0)));
    CalibrationReport report = CalibrationReport.of(values, values, shares);
    int inBands = report.bands().stream().mapToInt(CalibrationReport.Band::count).sum();
    assertTrue(inBands > n - CalibrationReport.LEAST_IN_BAND, "in bands: " + inBands);
    for (CalibrationReport.Band band : report.bands()) {
      assertEquals(1, band.spearman(), 1e-12);
      assertEquals(0, band.regretAt1());
    }
  }

  @Test
  void nothingGivesNoBandAndNoError() {
    CalibrationReport report = CalibrationReport.of(new double[0], new double[0], new double[0]);
    assertEquals(0, report.count());
    assertEquals(Double.NaN, report.errors().median());
    assertTrue(report.bands().isEmpty());
  }

  @Test
  void lengthsMustAgree() {
    assertThrows(
        IllegalArgumentException.class,
        () -> CalibrationReport.of(new double[1], new double[1], new double[2]));
  }
}
