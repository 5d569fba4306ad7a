package org.concertina.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.concertina.block.ArtifactLayout;
import org.concertina.block.Precision;
import org.concertina.estimate.Calibration;
import org.concertina.judge.Verdict;
import org.concertina.search.Budget;
import org.concertina.search.BudgetResult;
import org.concertina.search.FrontFile;
import org.concertina.search.FrontPoint;
import org.concertina.search.PairedBootstrap;
import org.concertina.search.SearchOutcome;

/** A search's outcome in words and JSON. */
final class SearchReport {
  private static final String HEAD =
      "%10s %12s %12s  %-19s %-19s %s"
          .formatted("budget", "bytes", "used", "Recall@20 sel/conf", "NDCG@20 sel/conf", "by");

  private SearchReport() {}

  static Map<String, Object> json(SearchOutcome outcome, double seconds) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("split", "valid");
    json.put("objective", outcome.front().objective().name());
    json.put("frontPoints", outcome.front().points().size());
    json.put("budgets", outcome.budgets().stream().map(SearchReport::budget).toList());
    json.put("labels", outcome.labels());
    json.put("judgements", outcome.selectionJudgements());
    outcome.calibration().ifPresent(found -> json.put("calibration", calibration(found)));
    json.put("searchSeconds", seconds);
    return json;
  }

  /** Without the single configurations, which are hundreds. */
  static Map<String, Object> calibration(Calibration calibration) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("spread", calibration.spread());
    json.put("nearFront", calibration.nearFront());
    return json;
  }

  private static Map<String, Object> budget(BudgetResult result) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("budget", result.budget().toString());
    json.put("budgetBytes", result.budgetBytes());
    json.put("origin", result.origin());
    json.putAll(point(result.chosen()));
    result
        .contest()
        .ifPresent(
            contest -> {
              Map<String, Object> entry = new LinkedHashMap<>(point(contest.challenger()));
              entry.put("over", contest.over());
              entry.put("gain", contest.comparison().all().gain());
              entry.put("standardError", contest.comparison().all().standardError());
              contest
                  .comparison()
                  .confirming()
                  .ifPresent(
                      gain -> {
                        entry.put("confirmedGain", gain.gain());
                        entry.put("confirmedStandardError", gain.standardError());
                      });
              entry.put("won", contest.won());
              json.put("contest", entry);
            });
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

  /** What a stored front has for budgets; for all its points if there are none. */
  static Map<String, Object> lookUpJson(
      FrontFile file, List<Budget> budgets, ArtifactLayout layout) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("split", "valid");
    json.put("objective", file.front().objective().name());
    json.put("frontPoints", file.front().points().size());
    json.put("lookedUp", true);
    List<Map<String, Object>> found = new ArrayList<>();
    for (Budget budget : budgets) {
      Map<String, Object> entry = new LinkedHashMap<>();
      entry.put("budget", budget.toString());
      entry.put("budgetBytes", budget.bytes(layout));
      entry.putAll(point(file.front().best(budget.bytes(layout))));
      found.add(entry);
    }
    json.put("budgets", found);
    return json;
  }

  static List<String> lookUpLines(FrontFile file, List<Budget> budgets, ArtifactLayout layout) {
    List<String> lines = new ArrayList<>(List.of(HEAD));
    if (budgets.isEmpty()) {
      file.front().points().forEach(p -> lines.add(line("-", p.fileBytes(), p, "front")));
    }
    for (Budget budget : budgets) {
      long bytes = budget.bytes(layout);
      lines.add(line(budget.toString(), bytes, file.front().best(bytes), "front"));
    }
    return lines;
  }

  static List<String> lines(SearchOutcome outcome) {
    List<String> lines = new ArrayList<>(List.of(HEAD));
    for (BudgetResult result : outcome.budgets()) {
      lines.add(
          line(
              result.budget().toString(),
              result.budgetBytes(),
              result.chosen(),
              result.origin() + result.contest().map(SearchReport::contest).orElse("")));
    }
    outcome.calibration().ifPresent(found -> lines.addAll(CalibrationLines.of(found)));
    return lines;
  }

  private static String line(String budget, long budgetBytes, FrontPoint point, String by) {
    Optional<Verdict> confirmed = point.confirmation();
    return "%10s %12s %12s  %-19s %-19s %s"
        .formatted(
            budget,
            "%,d".formatted(budgetBytes),
            "%,d".formatted(point.fileBytes()),
            pair(point.selection().recall(), confirmed.map(Verdict::recall)),
            pair(point.selection().ndcg(), confirmed.map(Verdict::ndcg)),
            by);
  }

  private static String pair(double selection, Optional<Double> confirmation) {
    return "%.4f/%s".formatted(selection, confirmation.map("%.4f"::formatted).orElse("-"));
  }

  /** How the searched configuration did against the best simple one. */
  private static String contest(BudgetResult.Contest contest) {
    PairedBootstrap gain = contest.comparison().all();
    return " (%s %s, %+.4f +- %.4f%s)"
        .formatted(
            contest.won() ? "over" : "searched no clear gain over",
            contest.over(),
            gain.gain(),
            gain.standardError(),
            contest
                .comparison()
                .confirming()
                .map(own -> ", confirming %+.4f +- %.4f".formatted(own.gain(), own.standardError()))
                .orElse(""));
  }
}
