package org.concertina.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.concertina.block.ArtifactLayout;
import org.concertina.block.BlockChoice;
import org.concertina.block.Groups;
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
  private SearchReport() {}

  /**
   * The outcome in JSON.
   *
   * @param groups that were searched
   */
  static Map<String, Object> json(SearchOutcome outcome, Groups groups, double seconds) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("split", "valid");
    json.put("objective", outcome.front().objective().name());
    json.put("frontPoints", outcome.front().points().size());
    json.put("budgets", outcome.budgets().stream().map(result -> budget(result, groups)).toList());
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

  private static Map<String, Object> budget(BudgetResult result, Groups groups) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("budget", result.budget().toString());
    json.put("budgetBytes", result.budgetBytes());
    json.put("origin", result.origin());
    json.putAll(point(result.chosen(), groups));
    result
        .contest()
        .ifPresent(
            contest -> {
              Map<String, Object> entry = new LinkedHashMap<>(point(contest.challenger(), groups));
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
      entry.putAll(point(baseline.point(), groups));
      baselines.add(entry);
    }
    json.put("baselines", baselines);
    return json;
  }

  /**
   * A point's size, what it covers, and its metrics on the users who selected it and on those who
   * confirmed it.
   */
  static Map<String, Object> point(FrontPoint point, Groups groups) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("fileBytes", point.fileBytes());
    json.put("precisions", point.config().precisions().stream().map(SearchReport::name).toList());
    json.put(Coverage.KEY, point.config().coverage(groups));
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

  /** The precision of a choice, or that it is dropped. */
  static String name(BlockChoice choice) {
    return choice.isDropped() ? "dropped" : name(choice.precision());
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
      entry.putAll(point(file.front().best(budget.bytes(layout)), file.groups()));
      found.add(entry);
    }
    json.put("budgets", found);
    return json;
  }

  static List<String> lookUpLines(FrontFile file, List<Budget> budgets, ArtifactLayout layout) {
    List<Row> rows = new ArrayList<>();
    if (budgets.isEmpty()) {
      file.front().points().forEach(p -> rows.add(new Row("-", p.fileBytes(), p, "front")));
    }
    for (Budget budget : budgets) {
      long bytes = budget.bytes(layout);
      rows.add(new Row(budget.toString(), bytes, file.front().best(bytes), "front"));
    }
    return table(rows, file.groups());
  }

  static List<String> lines(SearchOutcome outcome, Groups groups) {
    List<Row> rows = new ArrayList<>();
    for (BudgetResult result : outcome.budgets()) {
      rows.add(
          new Row(
              result.budget().toString(),
              result.budgetBytes(),
              result.chosen(),
              result.origin() + result.contest().map(SearchReport::contest).orElse("")));
    }
    List<String> lines = table(rows, groups);
    outcome.calibration().ifPresent(found -> lines.addAll(CalibrationLines.of(found)));
    return lines;
  }

  /** A line of the table: what a budget got, and from whom. */
  private record Row(String budget, long budgetBytes, FrontPoint point, String by) {}

  private static List<String> table(List<Row> rows, Groups groups) {
    boolean covers = Coverage.matters(rows.stream().map(row -> row.point.config()).toList());
    List<String> lines = new ArrayList<>();
    lines.add(
        line(
            "budget",
            "bytes",
            "used",
            covers ? Coverage.TITLE : null,
            "Recall@20 sel/conf",
            "NDCG@20 sel/conf",
            "by"));
    for (Row row : rows) {
      lines.add(line(row, covers ? Coverage.percent(row.point.config().coverage(groups)) : null));
    }
    return lines;
  }

  private static String line(Row row, String coverage) {
    FrontPoint point = row.point;
    Optional<Verdict> confirmed = point.confirmation();
    return line(
        row.budget,
        "%,d".formatted(row.budgetBytes),
        "%,d".formatted(point.fileBytes()),
        coverage,
        pair(point.selection().recall(), confirmed.map(Verdict::recall)),
        pair(point.selection().ndcg(), confirmed.map(Verdict::ndcg)),
        row.by);
  }

  /** Without the coverage if it is null. */
  private static String line(
      String budget,
      String bytes,
      String used,
      String coverage,
      String recall,
      String ndcg,
      String by) {
    return "%10s %12s %12s%s  %-19s %-19s %s"
        .formatted(
            budget,
            bytes,
            used,
            coverage == null ? "" : " %10s".formatted(coverage),
            recall,
            ndcg,
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
