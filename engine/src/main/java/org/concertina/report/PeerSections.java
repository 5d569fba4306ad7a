package org.concertina.report;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.concertina.record.Recorded;
import org.concertina.record.Result;
import org.concertina.report.Comparison.Ours;
import org.concertina.report.Comparison.Published;
import org.concertina.report.Plot.Kind;
import org.concertina.report.Plot.Series;
import org.concertina.report.Section.Table;

/** Sections that put recorded times beside what other software and hand-written C reach. */
final class PeerSections {
  private static final String TEXT =
      "Our figures are of the records and of their machine. The others were measured on 2 cores of"
          + " a server with AVX2, so a ratio tells orders, not percents; a limit is a program that"
          + " does nothing else.";
  private static final List<String> HEAD =
      List.of("who", "figure", "unit", "our best is", "work", "source");

  private final List<Recorded> records;

  PeerSections(List<Recorded> records) {
    this.records = records;
  }

  List<Section> all() {
    Map<String, List<Plot>> plots = new LinkedHashMap<>();
    Map<String, List<List<String>>> rows = new LinkedHashMap<>();
    for (Comparison comparison : Comparison.all()) {
      Map<String, Double> ours = ours(comparison);
      if (!ours.isEmpty()) {
        plots
            .computeIfAbsent(comparison.section(), _ -> new ArrayList<>())
            .add(plot(comparison, ours));
        rows.computeIfAbsent(comparison.section(), _ -> new ArrayList<>())
            .addAll(rows(comparison, ours));
      }
    }
    return plots.entrySet().stream()
        .map(
            entry ->
                new Section(
                    entry.getKey(),
                    TEXT,
                    entry.getValue(),
                    List.of(),
                    List.of(new Table(HEAD, rows.get(entry.getKey())))))
        .toList();
  }

  /** The best of the records that answer to a name: seeds and repetitions are not told apart. */
  private Map<String, Double> ours(Comparison comparison) {
    Map<String, Double> figures = new LinkedHashMap<>();
    for (Ours one : comparison.ours()) {
      for (Recorded recorded : records) {
        Result result = recorded.result();
        OptionalDouble figure = one.matches(result) ? one.figure(result) : OptionalDouble.empty();
        if (figure.isPresent()) {
          figures.merge(
              "ours: " + one.name(),
              figure.getAsDouble(),
              comparison.less() ? Math::min : Math::max);
        }
      }
    }
    return figures;
  }

  private static Plot plot(Comparison comparison, Map<String, Double> ours) {
    List<String> names = new ArrayList<>(ours.keySet());
    List<Double> figures = new ArrayList<>();
    ours.values().forEach(figure -> figures.add(rounded(figure)));
    for (Published other : comparison.others()) {
      names.add(other.name());
      figures.add(other.value());
    }
    return new Plot(
        Kind.BARS,
        comparison.title(),
        comparison.unit(),
        "who",
        false,
        List.of(Series.bars(comparison.unit(), names, figures, 0)));
  }

  private static List<List<String>> rows(Comparison comparison, Map<String, Double> ours) {
    double best =
        comparison.less()
            ? ours.values().stream().min(Double::compare).orElseThrow()
            : ours.values().stream().max(Double::compare).orElseThrow();
    List<List<String>> rows = new ArrayList<>();
    ours.forEach(
        (name, figure) ->
            rows.add(
                List.of(
                    name,
                    number(figure),
                    comparison.unit(),
                    "",
                    comparison.title(),
                    "the records")));
    for (Published other : comparison.others()) {
      double ratio = comparison.less() ? other.value() / best : best / other.value();
      rows.add(
          List.of(
              other.name(),
              number(other.value()),
              comparison.unit(),
              "%s times as fast".formatted(number(ratio)),
              comparison.title(),
              other.source()));
    }
    return rows;
  }

  private static double rounded(double figure) {
    return new BigDecimal(figure).round(new MathContext(3)).doubleValue();
  }

  /** Three digits that count. */
  private static String number(double figure) {
    int decimals = figure >= 100 ? 0 : figure >= 10 ? 1 : figure >= 1 ? 2 : 3;
    return ("%,." + decimals + "f").formatted(figure);
  }
}
