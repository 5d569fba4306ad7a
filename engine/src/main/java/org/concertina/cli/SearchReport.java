package org.concertina.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.concertina.block.Precision;
import org.concertina.search.BudgetResult;
import org.concertina.search.FrontPoint;
import org.concertina.search.SearchOutcome;

/** A search's outcome in words and JSON. */
final class SearchReport {
  private SearchReport() {}

  static Map<String, Object> json(SearchOutcome outcome, double seconds) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("split", "valid");
    json.put("objective", outcome.front().objective().name());
    json.put("frontPoints", outcome.front().points().size());
    json.put("budgets", outcome.budgets().stream().map(SearchReport::budget).toList());
    json.put("labels", outcome.labels());
    json.put("judgements", outcome.selectionJudgements());
    outcome.calibration().ifPresent(calibration -> json.put("calibration", calibration));
    json.put("searchSeconds", seconds);
    return json;
  }

  private static Map<String, Object> budget(BudgetResult result) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("budget", result.budget().toString());
    json.put("budgetBytes", result.budgetBytes());
    json.put("origin", result.origin());
    json.putAll(point(result.chosen()));
    List<Map<String, Object>> baselines = new ArrayList<>();
    for (BudgetResult.Baseline baseline : result.baselines()) {
      Map<String, Object> entry = new LinkedHashMap<>();
      entry.put("strategy", baseline.strategy());
      entry.putAll(point(baseline.point()));
      baselines.add(entry);
    }
    json.put("baselines", baselines);
    return json;
  }

  /** A point's size and its metrics on the users who selected it and on those who confirmed it. */
  static Map<String, Object> point(FrontPoint point) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("fileBytes", point.fileBytes());
    json.put("precisions", point.config().precisions().stream().map(SearchReport::name).toList());
    json.put("selectionRecallAt20", point.selection().recall());
    json.put("selectionNdcgAt20", point.selection().ndcg());
    point
        .confirmation()
        .ifPresent(
            verdict -> {
              json.put("confirmationRecallAt20", verdict.recall());
              json.put("confirmationNdcgAt20", verdict.ndcg());
            });
    return json;
  }

  /** A precision as options and files spell it. */
  static String name(Precision precision) {
    return precision.name().toLowerCase(Locale.ROOT);
  }

  static List<String> lines(SearchOutcome outcome) {
    List<String> lines = new ArrayList<>();
    lines.add(
        "%10s %12s %12s  %-19s %-19s %s"
            .formatted("budget", "bytes", "used", "Recall@20 sel/conf", "NDCG@20 sel/conf", "by"));
    for (BudgetResult result : outcome.budgets()) {
      FrontPoint point = result.chosen();
      lines.add(
          "%10s %,12d %,12d  %-19s %-19s %s"
              .formatted(
                  result.budget(),
                  result.budgetBytes(),
                  point.fileBytes(),
                  "%.4f/%s"
                      .formatted(
                          point.selection().recall(),
                          point.confirmation().map(v -> "%.4f".formatted(v.recall())).orElse("-")),
                  "%.4f/%s"
                      .formatted(
                          point.selection().ndcg(),
                          point.confirmation().map(v -> "%.4f".formatted(v.ndcg())).orElse("-")),
                  result.origin()));
    }
    outcome.calibration().ifPresent(found -> lines.addAll(CalibrationLines.of(found)));
    return lines;
  }
}
