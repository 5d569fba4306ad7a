package org.concertina.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.concertina.record.Recorded;
import org.concertina.record.Result;
import org.concertina.report.Plot.Kind;
import org.concertina.report.Plot.Series;
import org.concertina.report.Section.Table;

/** Sections of records about time. */
final class SpeedSections {
  private static final String CAPS = "CapBenchmark";

  private final List<Recorded> records;

  SpeedSections(List<Recorded> records) {
    this.records = records;
  }

  List<Section> all() {
    List<Section> sections = new ArrayList<>();
    List<Result> caps = of(result -> result.benchmark().contains(CAPS));
    if (!caps.isEmpty()) {
      sections.add(caps(caps));
    }
    List<Result> scaling = of(result -> result.benchmark().equals("scaling"));
    if (!scaling.isEmpty()) {
      sections.add(scaling(scaling));
    }
    List<Result> training = of(SpeedSections::isTraining);
    if (!training.isEmpty()) {
      sections.add(
          benchmarks(
              "Training steps",
              "Kernels and steps of training; matrix products are the limit of the softmax step.",
              training));
    }
    List<Result> others =
        of(
            result ->
                result.benchmark().contains("Benchmark.")
                    && !result.benchmark().contains(CAPS)
                    && !isTraining(result));
    if (!others.isEmpty()) {
      sections.add(benchmarks("Benchmarks", "Everything else that was timed.", others));
    }
    return sections;
  }

  private static boolean isTraining(Result result) {
    return result.benchmark().matches(".*(SoftmaxStep|Bpr|Matmul|Sparse).*Benchmark.*");
  }

  private List<Result> of(Predicate<Result> which) {
    return records.stream().map(Recorded::result).filter(which).toList();
  }

  private static Section caps(List<Result> results) {
    Map<String, TreeMap<Double, Double>> lines = new LinkedHashMap<>();
    for (Result result : results) {
      double bytes = result.number("fileBytes");
      if (result.score() != null && !Double.isNaN(bytes)) {
        lines
            .computeIfAbsent(
                "%,d items, %s"
                    .formatted(
                        Long.parseLong(result.parameter("items")), result.parameter("precision")),
                _ -> new TreeMap<>())
            .put(bytes, result.score());
      }
    }
    List<Series> series = new ArrayList<>();
    lines.forEach(
        (name, points) ->
            series.add(
                Series.of(
                    name,
                    List.copyOf(points.keySet()),
                    List.copyOf(points.values()),
                    series.size())));
    List<Plot> plots =
        series.isEmpty()
            ? List.of()
            : List.of(
                new Plot(
                    Kind.LINES,
                    "20 recommendations",
                    "bytes of the best artifact under a cap",
                    results.getFirst().unit(),
                    true,
                    series));
    return new Section(
        "Latency against the memory cap",
        "The runtime takes no byte more than the cap; of a catalogue the best popularity-skewed"
            + " artifact is served that fits with all that a request needs.",
        plots,
        List.of(),
        List.of(table(results)));
  }

  private static Section scaling(List<Result> results) {
    Map<String, TreeMap<Double, Double>> lines = new LinkedHashMap<>();
    List<List<String>> rows = new ArrayList<>();
    for (Result result : results) {
      String choice = result.parameter("choice");
      double threads = Double.parseDouble(result.parameter("threads"));
      lines.computeIfAbsent(choice, _ -> new TreeMap<>()).put(threads, result.score());
      TreeMap<Double, Double> own = lines.get(choice);
      double times = result.score() / own.firstEntry().getValue();
      rows.add(
          List.of(
              result.parameter("data"),
              choice,
              result.parameter("threads"),
              "%,.1f".formatted(result.score()),
              result.unit(),
              "%.2f".formatted(result.unit().equals("s") ? 1 / times : times)));
    }
    List<Series> series = new ArrayList<>();
    lines.forEach(
        (name, points) -> {
          boolean seconds = name.equals("search");
          double one = points.firstEntry().getValue();
          series.add(
              Series.of(
                  name,
                  List.copyOf(points.keySet()),
                  points.values().stream().map(v -> seconds ? one / v : v / one).toList(),
                  series.size()));
        });
    return new Section(
        "Threads",
        "How much faster the same work goes; the lock-free training is the one whose results depend"
            + " on them.",
        List.of(new Plot(Kind.LINES, "Speed-up", "threads", "times one thread", false, series)),
        List.of(),
        List.of(
            new Table(List.of("data", "what", "threads", "measured", "unit", "speed-up"), rows)));
  }

  private static Section benchmarks(String title, String text, List<Result> results) {
    return new Section(title, text, List.of(), List.of(), List.of(table(results)));
  }

  private static Table table(List<Result> results) {
    List<List<String>> rows = new ArrayList<>();
    for (Result result : results) {
      String name = result.benchmark().replaceAll(".*\\.(\\w+\\.\\w+)$", "$1");
      StringBuilder parameters = new StringBuilder();
      new TreeMap<>(result.parameters())
          .forEach((key, value) -> parameters.append(key).append(' ').append(value).append("  "));
      rows.add(
          List.of(
              name,
              parameters.toString().strip(),
              result.score() == null
                  ? String.valueOf(result.details().getOrDefault("impossible", "-"))
                  : "%,.3f%s"
                      .formatted(
                          result.score(),
                          result.error() == null ? "" : " ± %,.3f".formatted(result.error())),
              result.unit(),
              result.bytesPerOp() == null ? "-" : "%,.1f".formatted(result.bytesPerOp()),
              result.provider()));
    }
    return new Table(
        List.of("benchmark", "parameters", "score ± error", "unit", "B/op", "kernels"), rows);
  }
}
