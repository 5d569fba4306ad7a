package org.concertina.cli;

import java.util.ArrayList;
import java.util.List;
import org.concertina.estimate.Calibration;
import org.concertina.estimate.CalibrationReport;

/** An estimator's calibration in words: a line a kind of configuration, then a line a band. */
final class CalibrationLines {
  private CalibrationLines() {}

  static List<String> of(Calibration calibration) {
    List<String> lines = new ArrayList<>();
    add(lines, "of all sizes and shapes", calibration.spread());
    add(lines, "near the best", calibration.nearFront());
    return lines;
  }

  private static void add(List<String> lines, String kind, CalibrationReport report) {
    if (report.count() == 0) {
      return;
    }
    CalibrationReport.Quantiles errors = report.errors();
    lines.add(
        "estimator on %,d configurations %s: Spearman %.4f, tau %.3f, error median %.5f, p99 %.5f"
            .formatted(
                report.count(),
                kind,
                report.spearman(),
                report.kendallTau(),
                errors.median(),
                errors.p99()));
    for (CalibrationReport.Band band : report.bands()) {
      lines.add(
          "  %5.1f %% +- 10 %%: %4d, Spearman %.3f, tau %.3f, regret@1 %.5f, error p90 %.5f"
              .formatted(
                  100 * band.centreShare(),
                  band.count(),
                  band.spearman(),
                  band.kendallTau(),
                  band.regretAt1(),
                  band.errors().p90()));
    }
  }
}
