package org.concertina.cli;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.concertina.block.BlockChoice;
import org.concertina.block.ElasticConfig;
import org.concertina.block.Precision;
import org.concertina.record.Measurement;
import org.concertina.search.Budget;
import org.concertina.search.BudgetResult;
import org.concertina.search.FrontPoint;
import org.concertina.search.SearchConfig;
import org.concertina.search.SearchOutcome;
import org.concertina.search.SearchSpace;
import org.concertina.train.TrainConfig;
import org.concertina.train.TrainedModel;

/** Steps that choose configurations for budgets and measure the artifacts. */
final class SearchSteps {
  private final ExperimentSetup setup;
  private final String experiment;

  SearchSteps(ExperimentSetup setup, String experiment) {
    this.setup = setup;
    this.experiment = experiment;
  }

  /** Searches, then measures the choice for every budget. */
  Step search(String choice, TrainConfig train, SearchSpace space, SearchConfig search) {
    List<Step.Entry> entries = budgetEntries(choice, train);
    entries.add(new Step.Entry(experiment + "/search", setup.parameters(choice, train)));
    return new Step(name(choice, train), entries, () -> searched(train, space, search));
  }

  /** Keeps all blocks and tries every monotone allocation of precisions. */
  Step precisionsOnly(String choice, TrainConfig train, SearchSpace space, SearchConfig search) {
    return new Step(
        name(choice, train),
        budgetEntries(choice, train),
        () -> {
          try (TrainedModel model = setup.models().open(train)) {
            SearchService service = service(model);
            List<FrontPoint> points =
                service.judge(search, wholeRows(space), setup.searchOptions().judgeBytes());
            ArtifactMeter meter = new ArtifactMeter(setup, model);
            List<Measurement> found = new ArrayList<>();
            for (Budget budget : setup.budgets()) {
              long bytes = budget.bytes(service.layout());
              FrontPoint best = null;
              for (FrontPoint point : points) {
                if (point.fileBytes() <= bytes
                    && (best == null
                        || point.merit(search.objective()) > best.merit(search.objective()))) {
                  best = point;
                }
              }
              found.add(
                  best == null
                      ? tooSmall(bytes, service.layout().fileBytes(points.getLast().config()))
                      : meter.measure(best, Map.of("budgetBytes", bytes)));
            }
            return found;
          }
        });
  }

  /** The whole table in each precision, whatever the budget. */
  Step wholeTables(TrainConfig train) {
    List<Precision> precisions =
        setup.space(train).precisions().stream().filter(p -> p != Precision.FP32).toList();
    List<Step.Entry> entries =
        precisions.stream()
            .map(
                p ->
                    new Step.Entry(
                        experiment, setup.parameters(SearchReport.name(p) + " table", train)))
            .toList();
    return new Step(
        name("whole tables", train),
        entries,
        () -> {
          try (TrainedModel model = setup.models().open(train)) {
            ArtifactMeter meter = new ArtifactMeter(setup, model);
            List<Measurement> found = new ArrayList<>();
            for (Precision precision : precisions) {
              found.add(
                  meter.measure(
                      ElasticConfig.uniform(
                          train.shape(), train.groups(), train.shape().blocks(), precision),
                      Map.of()));
            }
            return found;
          }
        });
  }

  static String name(String choice, TrainConfig train) {
    return "%s, seed %d".formatted(choice, train.seed());
  }

  List<Step.Entry> budgetEntries(String choice, TrainConfig train) {
    List<Step.Entry> entries = new ArrayList<>();
    for (Budget budget : setup.budgets()) {
      entries.add(budgetEntry(choice, train, budget));
    }
    return entries;
  }

  Step.Entry budgetEntry(String choice, TrainConfig train, Budget budget) {
    Map<String, Object> parameters = setup.parameters(choice, train);
    parameters.put("budget", budget.toString());
    return new Step.Entry(experiment, parameters);
  }

  static Measurement tooSmall(long budgetBytes, long smallest) {
    return Measurement.impossible(
        ArtifactMeter.UNIT,
        "%,d bytes hold nothing of it; the least is %,d".formatted(budgetBytes, smallest));
  }

  private SearchService service(TrainedModel model) throws IOException {
    return new SearchService(
        setup.session(), model, setup.data(), setup.groups(model), !setup.searchOptions().noIds);
  }

  private List<Measurement> searched(TrainConfig train, SearchSpace space, SearchConfig search)
      throws IOException, CommandFailure {
    try (TrainedModel model = setup.models().open(train)) {
      SearchService service = service(model);
      long smallest = service.layout().fileBytes(space.smallest());
      List<Budget> met =
          setup.budgets().stream()
              .filter(budget -> budget.bytes(service.layout()) >= smallest)
              .toList();
      Map<Budget, BudgetResult> results = new HashMap<>();
      Measurement ofSearch = Measurement.impossible("s", "no budget holds anything");
      if (!met.isEmpty()) {
        long start = System.nanoTime();
        SearchOutcome outcome =
            service.search(space, search, met, setup.searchOptions().judgeBytes());
        ofSearch = search(outcome, (System.nanoTime() - start) * 1e-9);
        outcome.budgets().forEach(result -> results.put(result.budget(), result));
      }
      ArtifactMeter meter = new ArtifactMeter(setup, model);
      List<Measurement> found = new ArrayList<>();
      for (Budget budget : setup.budgets()) {
        BudgetResult result = results.get(budget);
        found.add(
            result == null
                ? tooSmall(budget.bytes(service.layout()), smallest)
                : meter.measure(result.chosen(), details(result)));
      }
      found.add(ofSearch);
      return found;
    }
  }

  private static Map<String, Object> details(BudgetResult result) {
    Map<String, Object> details = new LinkedHashMap<>();
    details.put("budgetBytes", result.budgetBytes());
    details.put("origin", result.origin());
    result
        .contest()
        .ifPresent(
            contest -> {
              details.put("contestOver", contest.over());
              details.put("contestGain", contest.comparison().all().gain());
              details.put("contestStandardError", contest.comparison().all().standardError());
              details.put("contestWon", contest.won());
            });
    return details;
  }

  private static Measurement search(SearchOutcome outcome, double seconds) {
    Map<String, Object> details = new LinkedHashMap<>();
    details.put("labels", outcome.labels());
    details.put("judgements", outcome.selectionJudgements());
    outcome
        .calibration()
        .ifPresent(
            calibration -> {
              details.put("calibration", SearchReport.calibration(calibration));
              details.put("points", calibration.points());
            });
    return Measurement.of(seconds, "s", details);
  }

  /** All blocks everywhere, and no group in a wider precision than a more popular one. */
  private static List<ElasticConfig> wholeRows(SearchSpace space) {
    List<ElasticConfig> configs = new ArrayList<>();
    // Narrowest first in the space; popular groups take the wide ones.
    addWholeRows(space, new ArrayList<>(), space.precisions().size() - 1, configs);
    return configs;
  }

  private static void addWholeRows(
      SearchSpace space, List<BlockChoice> chosen, int widest, List<ElasticConfig> configs) {
    if (chosen.size() == space.groups()) {
      configs.add(new ElasticConfig(space.shape(), chosen));
      return;
    }
    for (int p = widest; p >= 0; p--) {
      chosen.add(new BlockChoice(space.shape().fullMask(), space.precisions().get(p)));
      addWholeRows(space, chosen, p, configs);
      chosen.removeLast();
    }
  }
}
