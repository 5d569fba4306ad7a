package org.concertina.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.concertina.record.Result;
import org.concertina.report.Plot.Kind;
import org.concertina.report.Plot.Series;

/** An estimator's calibration as a plot and as cells of a table. */
final class CalibrationCells {
  static final List<String> HEAD =
      List.of(
          "model",
          "configurations",
          "Spearman",
          "Kendall tau",
          "near the best: Spearman",
          "near the best: Kendall tau");

  private CalibrationCells() {}

  static Plot plot(String name, List<?> points) {
    List<Double> exact = new ArrayList<>();
    List<Double> predicted = new ArrayList<>();
    for (Object point : points) {
      exact.add(number(point, "exact"));
      predicted.add(number(point, "predicted"));
    }
    double least = exact.stream().mapToDouble(Double::doubleValue).min().orElse(0);
    double most = exact.stream().mapToDouble(Double::doubleValue).max().orElse(1);
    return new Plot(
        Kind.POINTS,
        name,
        "Recall@20 by the exact judge",
        "Recall@20 by the estimator",
        false,
        List.of(
            Series.reference("predicted = exact", List.of(least, most), List.of(least, most)),
            Series.of("configuration", exact, predicted, 0)));
  }

  static List<String> row(String name, Result result) {
    Object calibration = result.details().get("calibration");
    Object spread = field(calibration, "spread");
    Object near = field(calibration, "nearFront");
    return List.of(
        name,
        "%.0f".formatted(number(spread, "count") + number(near, "count")),
        "%.4f".formatted(number(spread, "spearman")),
        "%.3f".formatted(number(spread, "kendallTau")),
        "%.4f".formatted(number(near, "spearman")),
        "%.3f".formatted(number(near, "kendallTau")));
  }

  private static Object field(Object map, String name) {
    return map instanceof Map<?, ?> fields ? fields.get(name) : null;
  }

  private static double number(Object map, String name) {
    return field(map, name) instanceof Number number ? number.doubleValue() : Double.NaN;
  }
}
