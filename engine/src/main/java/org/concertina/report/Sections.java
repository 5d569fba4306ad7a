package org.concertina.report;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import org.concertina.record.Recorded;
import org.concertina.record.Result;
import org.concertina.record.Run;
import org.concertina.report.Plot.Kind;
import org.concertina.report.Plot.Series;
import org.concertina.report.Section.BlockMap;
import org.concertina.report.Section.Table;

/** Makes sections of records; one that has no records is not there. */
final class Sections {
  private static final String BEST = "evolution";

  /** Experiments of too many choices, or too few, for a plot. */
  private static final Set<String> TABLES_ALONE = Set.of("full-table", "bits");

  private final List<Recorded> records;
  private final List<QualityRow> quality;

  Sections(List<Recorded> records) {
    this.records = records;
    this.quality = QualityTable.rows(records);
  }

  List<Section> all() {
    List<Section> sections = new ArrayList<>();
    qualityOf(
            "budgets",
            "Quality against bytes",
            "What each strategy reaches with the bytes of a budget.")
        .ifPresent(sections::add);
    qualityOf(
            "baselines",
            "Against other ways to be small",
            "Whole files counted, ids included; small models are trained anew for every budget.")
        .ifPresent(sections::add);
    kept().ifPresent(sections::add);
    calibration().ifPresent(sections::add);
    ablation().ifPresent(sections::add);
    qualityOf("paper", "RULE's setting", "16 blocks of 8 floats, 20 groups, fp32 only.")
        .ifPresent(sections::add);
    qualityOf(
            "bits",
            "Rows in few bits",
            "Codes after training and with quantisation in its loop; of a mixture's skews"
                + " validation chooses.")
        .ifPresent(sections::add);
    qualityOf("full-table", "Full tables", "Models before anything is taken away.")
        .ifPresent(sections::add);
    new PeerSections(records).all().forEach(sections::add);
    new SpeedSections(records).all().forEach(sections::add);
    runs().ifPresent(sections::add);
    return sections;
  }

  /** Rows of an experiment, and of others what they are to be seen beside. */
  private Optional<Section> qualityOf(String benchmark, String title, String text) {
    List<QualityRow> own = of(benchmark);
    if (own.isEmpty()) {
      return Optional.empty();
    }
    List<Plot> plots = new ArrayList<>();
    for (String data : names(own, QualityRow::data)) {
      List<QualityRow> drawn =
          new ArrayList<>(own.stream().filter(r -> r.data().equals(data)).toList());
      if (benchmark.equals("baselines")) {
        of("budgets").stream()
            .filter(row -> row.data().equals(data) && row.choice().equals(BEST))
            .forEach(drawn::addFirst);
      }
      if (!TABLES_ALONE.contains(benchmark)) {
        plots.add(front(title + ", " + data, drawn, fullTable(data)));
      }
    }
    return Optional.of(
        new Section(title, text, plots, List.of(), List.of(QualityCells.table(own, quality))));
  }

  /** Full fp32 table of the default encoder. */
  private Optional<QualityRow> fullTable(String data) {
    return of("full-table").stream()
        .filter(row -> row.data().equals(data) && row.choice().equals("factor"))
        .filter(row -> row.recall().count() > 0)
        .findFirst();
  }

  private static Plot front(String title, List<QualityRow> rows, Optional<QualityRow> full) {
    Map<String, TreeMap<Double, Double>> byChoice = new LinkedHashMap<>();
    for (QualityRow row : rows) {
      if (row.recall().count() > 0) {
        byChoice
            .computeIfAbsent(row.choice(), _ -> new TreeMap<>())
            .put(row.fileBytes(), row.recall().mean());
      }
    }
    List<Series> series = new ArrayList<>();
    List<String> others = byChoice.keySet().stream().filter(c -> !c.equals(BEST)).toList();
    full.ifPresent(
        row -> {
          double recall = row.recall().mean();
          double least = byChoice.values().stream().mapToDouble(TreeMap::firstKey).min().orElse(1);
          series.add(
              Series.reference(
                  "full fp32 table", List.of(least, row.fileBytes()), List.of(recall, recall)));
        });
    for (String choice : others) {
      series.add(line(choice, byChoice.get(choice), 1 + others.indexOf(choice)));
    }
    // Last, so that no other line covers it, and of one colour in all plots.
    if (byChoice.containsKey(BEST)) {
      series.add(line(BEST, byChoice.get(BEST), 0));
    }
    return new Plot(
        Kind.LINES, title, "bytes of everything a device needs", "Recall@20", true, series);
  }

  private static Series line(String name, Map<Double, Double> points, int color) {
    return Series.of(name, List.copyOf(points.keySet()), List.copyOf(points.values()), color);
  }

  private Optional<Section> kept() {
    List<BlockMap> maps = new ArrayList<>();
    for (QualityRow row : of("budgets")) {
      Result first = row.records().getFirst().result();
      if (row.choice().equals(BEST) && first.details().get("choices") instanceof List<?> groups) {
        maps.add(
            new BlockMap(
                "%s, %s, seed %s".formatted(row.data(), row.budget(), first.parameter("seed")),
                groups.stream().map(Object::toString).toList()));
      }
    }
    return maps.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new Section(
                "Blocks kept",
                "A column is a group of items, the most popular left; a row is a block. What the"
                    + " searched choice keeps is coloured, by precision; a blank column is a"
                    + " dropped group.",
                List.of(),
                maps,
                List.of()));
  }

  private Optional<Section> calibration() {
    List<Plot> plots = new ArrayList<>();
    List<List<String>> rows = new ArrayList<>();
    for (Recorded one : records) {
      Result result = one.result();
      if (result.details().get("points") instanceof List<?> points && !points.isEmpty()) {
        String name = "%s, seed %s".formatted(result.parameter("data"), result.parameter("seed"));
        rows.add(CalibrationCells.row(name, result));
        // One plot a data set is enough; the seeds look alike.
        if (plots.stream().noneMatch(p -> p.title().startsWith(result.parameter("data")))) {
          plots.add(CalibrationCells.plot(name, points));
        }
      }
    }
    return rows.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new Section(
                "Estimator",
                "Configurations that it was not trained on, predicted and judged exactly.",
                plots,
                List.of(),
                List.of(new Table(CalibrationCells.HEAD, rows))));
  }

  private Optional<Section> ablation() {
    List<QualityRow> own = of("ablation");
    if (own.isEmpty()) {
      return Optional.empty();
    }
    List<Plot> plots = new ArrayList<>();
    for (String data : names(own, QualityRow::data)) {
      List<QualityRow> ofData = own.stream().filter(row -> row.data().equals(data)).toList();
      List<String> choices = names(ofData, QualityRow::choice);
      List<Series> series = new ArrayList<>();
      for (String budget : names(ofData, QualityRow::budget)) {
        List<Double> bars = new ArrayList<>();
        for (String choice : choices) {
          bars.add(
              ofData.stream()
                  .filter(row -> row.budget().equals(budget) && row.choice().equals(choice))
                  .filter(row -> row.recall().count() > 0)
                  .map(row -> row.recall().mean())
                  .findFirst()
                  .orElse(null));
        }
        series.add(Series.bars(budget, choices, bars, series.size()));
      }
      plots.add(
          new Plot(Kind.BARS, "Ablation, " + data, "Recall@20", "part left out", false, series));
    }
    return Optional.of(
        new Section(
            "Ablation",
            "Without one part after the other; an absent bar is a budget that cannot be met.",
            plots,
            List.of(),
            List.of(QualityCells.table(own, quality))));
  }

  private Optional<Section> runs() {
    Map<String, Run> runs = new LinkedHashMap<>();
    records.forEach(one -> runs.put(one.run().id(), one.run()));
    List<List<String>> rows = new ArrayList<>();
    for (Run run : runs.values()) {
      Map<String, Object> at = run.environment();
      String commit = String.valueOf(at.get("commit"));
      rows.add(
          List.of(
              run.date(),
              run.command(),
              commit.substring(0, Math.min(10, commit.length()))
                  + (Boolean.TRUE.equals(at.get("dirty")) ? ", changed" : ""),
              at.get("cpu") + ", " + at.get("cores") + " cores",
              String.valueOf(at.get("provider")),
              String.valueOf(at.get("jdk")),
              String.valueOf(at.get("loadAverage"))));
    }
    return rows.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new Section(
                "Runs",
                "Where the records come from; load is that of the machine when a run began.",
                List.of(),
                List.of(),
                List.of(
                    new Table(
                        List.of("date", "command", "commit", "CPU", "kernels", "JDK", "load"),
                        rows))));
  }

  private List<QualityRow> of(String benchmark) {
    return quality.stream().filter(row -> row.benchmark().equals(benchmark)).toList();
  }

  private static List<String> names(
      Collection<QualityRow> rows, Function<QualityRow, String> name) {
    Set<String> names = new LinkedHashSet<>();
    rows.forEach(row -> names.add(name.apply(row)));
    return List.copyOf(names);
  }
}
