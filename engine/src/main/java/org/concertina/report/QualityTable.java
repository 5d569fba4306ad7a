package org.concertina.report;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.ToDoubleFunction;
import org.concertina.record.Recorded;
import org.concertina.record.Result;

/** Sums up records of quality over seeds: one row a choice and budget. */
public final class QualityTable {
  /** Experiments whose records are about quality. */
  public static final Set<String> BENCHMARKS =
      Set.of("full-table", "budgets", "ablation", "baselines", "paper", "bits");

  private static final String LINE = "%-10s %-28s %12s %s%-17s %-17s %-13s %s";

  private QualityTable() {}

  /** The choice that others of the same experiment, budget and seed are compared with. */
  static String reference(String benchmark) {
    return switch (benchmark) {
      case "ablation" -> "all";
      case "full-table" -> "factor";
      default -> "popularity";
    };
  }

  /** Rows in the order in which their records first came. */
  public static List<QualityRow> rows(Collection<Recorded> records) {
    Map<String, List<Recorded>> groups = new LinkedHashMap<>();
    Map<String, Recorded> references = new LinkedHashMap<>();
    for (Recorded one : records) {
      Result result = one.result();
      if (!BENCHMARKS.contains(result.benchmark())) {
        continue;
      }
      String choice = result.parameter("choice");
      groups.computeIfAbsent(bench(result) + "\n" + choice, _ -> new ArrayList<>()).add(one);
      if (choice.equals(reference(result.benchmark()))) {
        references.put(bench(result) + "\n" + result.parameter("seed"), one);
      }
    }
    Map<String, String> names = names(records);
    return groups.values().stream().map(group -> row(group, references, names)).toList();
  }

  /**
   * Data sets, told apart where one was measured with several settings; the most frequent is plain.
   */
  private static Map<String, String> names(Collection<Recorded> records) {
    Map<String, Map<String, Integer>> counts = new LinkedHashMap<>();
    for (Recorded one : records) {
      Result result = one.result();
      if (BENCHMARKS.contains(result.benchmark())) {
        counts
            .computeIfAbsent(result.parameter("data"), _ -> new LinkedHashMap<>())
            .merge(result.parameter("settings"), 1, Integer::sum);
      }
    }
    Map<String, String> names = new HashMap<>();
    counts.forEach(
        (data, settings) -> {
          int most = Collections.max(settings.values());
          String plain = "";
          for (Map.Entry<String, Integer> one : settings.entrySet()) {
            boolean first = plain.isEmpty() && one.getValue() == most;
            plain = first ? one.getKey() : plain;
            String name = first ? data : data + ", settings " + one.getKey();
            names.put(data + "\n" + one.getKey(), name);
          }
        });
    return names;
  }

  private static String bench(Result result) {
    return String.join(
        "\n",
        result.benchmark(),
        result.parameter("data"),
        result.parameter("dataHash"),
        result.parameter("budget"),
        result.parameter("settings"));
  }

  private static QualityRow row(
      List<Recorded> group, Map<String, Recorded> references, Map<String, String> names) {
    Result first = group.getFirst().result();
    return new QualityRow(
        first.benchmark(),
        names.get(first.parameter("data") + "\n" + first.parameter("settings")),
        first.parameter("choice"),
        first.parameters().containsKey("budget") ? first.parameter("budget") : "-",
        of(group, result -> result.number("fileBytes")).mean(),
        of(group, QualityTable::coverage).mean(),
        of(group, result -> result.number("recallAt20")),
        of(group, result -> result.number("ndcgAt20")),
        of(group, result -> result.number("selectionRecallAt20")),
        of(group, result -> result.number("confirmationRecallAt20")),
        of(group, result -> gap(result, references)),
        String.valueOf(first.details().getOrDefault("impossible", "")),
        List.copyOf(group));
  }

  static Statistic of(List<Recorded> group, ToDoubleFunction<Result> number) {
    return Statistic.of(group.stream().map(Recorded::result).mapToDouble(number).toArray());
  }

  private static double gap(Result result, Map<String, Recorded> references) {
    Recorded reference = references.get(bench(result) + "\n" + result.parameter("seed"));
    return reference == null || reference.result().key().equals(result.key())
        ? Double.NaN
        : result.number("recallAt20") - reference.result().number("recallAt20");
  }

  private static double coverage(Result result) {
    double recorded = result.number("catalogueCoverage");
    return Double.isNaN(recorded) ? 1 : recorded;
  }

  /** Whether some choice left items out, so that coverages are worth a column. */
  static boolean coverageMatters(List<QualityRow> rows) {
    return rows.stream().anyMatch(row -> row.coverage() < 1);
  }

  /** Rounded down, since all but a few items is not all. */
  public static String percent(double coverage) {
    return "%.2f %%".formatted(Math.floor(coverage * 10_000) / 100);
  }

  /** The table for people at a terminal. */
  public static List<String> lines(List<QualityRow> rows) {
    List<String> lines = new ArrayList<>();
    String last = "";
    boolean covers = coverageMatters(rows);
    for (QualityRow row : rows) {
      String title = row.benchmark() + ", " + row.data();
      if (!title.equals(last)) {
        lines.add(title);
        lines.add(
            LINE.formatted(
                "budget",
                "choice",
                "bytes",
                covers ? "%-10s ".formatted("coverage") : "",
                "Recall@20",
                "NDCG@20",
                "valid sel/conf",
                "gap ± s.e."));
        last = title;
      }
      lines.add(
          row.recall().count() == 0
              ? "%-10s %-28s %s".formatted(row.budget(), row.choice(), row.impossible())
              : LINE.formatted(
                  row.budget(),
                  row.choice(),
                  "%,.0f".formatted(row.fileBytes()),
                  covers ? "%-10s ".formatted(percent(row.coverage())) : "",
                  row.recall().text(),
                  row.ndcg().text(),
                  pair(row.selection(), row.confirmation()),
                  row.gap().gapText()));
    }
    return lines;
  }

  static String pair(Statistic selection, Statistic confirmation) {
    if (selection.count() == 0) {
      return "-";
    }
    return confirmation.count() == 0
        ? "%.4f/-".formatted(selection.mean())
        : "%.4f/%.4f".formatted(selection.mean(), confirmation.mean());
  }
}
