package org.concertina.estimate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class CalibrationReportTest {
  @Test
  void bandsAndRegret() {
    double[] predicted = {0.30, 0.20, 0.10, 0.50};
    double[] exact = {0.20, 0.25, 0.10, 0.50};
    double[] shares = {0.03, 0.04, 0.045, 0.9};
    CalibrationReport report = CalibrationReport.of(predicted, exact, shares);
    assertEquals(4, report.count());
    assertEquals(Math.sqrt((0.01 + 0.0025) / 4), report.rmse(), 1e-12);
    assertEquals(4.0 / 6, report.kendallTau(), 1e-12);
    // The single large configuration makes no band.
    assertEquals(1, report.bands().size());
    CalibrationReport.Band band = report.bands().getFirst();
    assertEquals(3, band.count());
    assertEquals(0.025, band.fromShare());
    assertEquals(0.05, band.regretAt1(), 1e-12);
    assertEquals(1.0 / 3, band.kendallTau(), 1e-12);
  }

  @Test
  void lengthsMustAgree() {
    assertThrows(
        IllegalArgumentException.class,
        () -> CalibrationReport.of(new double[1], new double[1], new double[2]));
  }
}
