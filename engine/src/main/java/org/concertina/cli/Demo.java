package org.concertina.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.concertina.block.ElasticConfig;
import org.concertina.block.Groups;
import org.concertina.interaction.InteractionData;
import org.concertina.interaction.ReadOptions;
import org.concertina.memory.MemoryCap;
import org.concertina.metric.RankingQuality;
import org.concertina.record.RunEnvironment;
import org.concertina.search.Budget;
import org.concertina.search.BudgetResult;
import org.concertina.search.BudgetTooSmallException;
import org.concertina.search.FrontFile;
import org.concertina.search.SearchConfig;
import org.concertina.search.SearchOutcome;
import org.concertina.search.SearchSpace;
import org.concertina.serve.DeviceRuntime;
import org.concertina.train.TrainConfig;
import org.concertina.train.TrainedModel;

/** One demonstration, step by step, in one folder. */
final class Demo {
  /** Strategies of the search's baselines that the table shows. */
  private static final List<String> BASELINES =
      List.of(
          "uniform-first-k",
          "uniform-first-k-filled",
          "int4-table",
          "int8-table",
          "popularity-skewed",
          "popularity-skewed-mixed");

  private static final int CUTOFF = 20;

  private final Session session;
  private final InteractionData data;
  private final Path folder;
  private final Path modelFile;
  private final Split split;
  private final Map<String, Object> json = new LinkedHashMap<>();
  private final List<DemoRow> rows = new ArrayList<>();
  private final List<DemoRow> refitRows = new ArrayList<>();
  private Path refitFile;
  private String refitLine;
  private long fullTableBytes;
  private RankingQuality fullTable;
  private RankingQuality refitTable;

  Demo(Session session, InteractionData data, Path folder) {
    this.session = session;
    this.data = data;
    this.folder = folder;
    this.modelFile = folder.resolve("model");
    this.split = data.test().size() > 0 ? Split.TEST : Split.VALID;
  }

  /**
   * Trains.
   *
   * @param historyStart what to start from
   * @param refit whether to train on validation interactions too afterwards
   * @param fresh whether to drop what an earlier run has left
   */
  void train(
      ReadOptions reading,
      TrainConfig config,
      HistoryStart historyStart,
      boolean refit,
      boolean fresh)
      throws IOException, CommandFailure {
    if (refit && data.test().size() == 0) {
      throw new CommandFailure(
          "--refit: the data has no test interactions to measure it by; add a test.txt");
    }
    OutputFiles.requireWritable("--out", modelFile);
    TrainService service = new TrainService(session);
    TrainService.Again again = fresh ? TrainService.Again.FRESH : TrainService.Again.TAKE;
    Optional<TrainService.Outcome> history =
        service.history(historyStart, data, reading, config, modelFile, refit, again);
    Path start = history.isPresent() ? HistoryStart.fileOf(modelFile) : null;
    TrainService.Outcome outcome = service.train(data, reading, config, start, modelFile, again);
    Map<String, Object> ofTraining = outcome.json(modelFile, data.report());
    json.put("train", ofTraining);
    history.ifPresent(first -> ofTraining.put("history", first.historyJson(start)));
    if (refit) {
      refit(service, outcome, start, again, ofTraining);
    }
  }

  /** Trains on validation interactions too and measures that on test. */
  private void refit(
      TrainService service,
      TrainService.Outcome chosen,
      Path start,
      TrainService.Again again,
      Map<String, Object> ofTraining)
      throws IOException, CommandFailure {
    refitFile = TrainService.refitOf(modelFile);
    TrainService.Outcome outcome = service.refit(data, chosen, start, modelFile, again);
    refitLine = outcome.refitLine(refitFile);
    Map<String, Object> ofRefit = outcome.refitJson(refitFile);
    try (TrainedModel model = TrainedModel.open(refitFile)) {
      refitTable = fullTable(model, Split.TEST);
      ofRefit.put("split", Split.TEST.toString());
      ofRefit.putAll(Json.metrics(List.of(refitTable)));
    }
    ofTraining.put("refit", ofRefit);
  }

  /**
   * Searches, packs and measures.
   *
   * @param all whether a budget that cannot be met is an error; left out otherwise
   */
  void searchAndMeasure(
      SearchOptions options, SearchConfig config, List<Budget> budgets, boolean all)
      throws IOException, CommandFailure {
    try (TrainedModel model = TrainedModel.open(modelFile)) {
      Groups groups = options.groupBy.groups(data.train(), model.groups().count());
      SearchService search = new SearchService(session, model, data, groups, !options.noIds);
      fullTableBytes = search.layout().fullTableBytes();
      SearchSpace space = options.space(search.layout().shape(), groups);
      List<Budget> met = all ? budgets : feasible(search, space, budgets);
      long start = System.nanoTime();
      SearchOutcome outcome = search.search(space, config, met, options.judgeBytes());
      FrontFile front = search.file(outcome, space, config);
      front.write(folder.resolve("front.json"));
      json.put("search", SearchReport.json(outcome, groups, (System.nanoTime() - start) * 1e-9));
      fullTable = fullTable(model, split);
      PackService pack = new PackService(model, groups, !options.noIds);
      for (BudgetResult result : outcome.budgets()) {
        session.console().note("packs and evaluates %s".formatted(result.budget()));
        rows.add(measure(model, pack, result, "concertina", result.chosen().config(), fullTable));
        for (String strategy : BASELINES) {
          Optional<ElasticConfig> baseline =
              result.baselines().stream()
                  .filter(found -> found.strategy().equals(strategy))
                  .map(found -> found.point().config())
                  .findFirst();
          if (baseline.isPresent()) {
            rows.add(measure(model, pack, result, strategy, baseline.get(), fullTable));
          }
        }
      }
      if (refitFile != null) {
        measureRefit(front, outcome.budgets(), !options.noIds);
      }
    }
  }

  /** Packs the refit by what was chosen for the model, as {@code pack} does. */
  private void measureRefit(FrontFile front, List<BudgetResult> results, boolean ids)
      throws IOException, CommandFailure {
    try (TrainedModel model = TrainedModel.open(refitFile)) {
      PackService pack = PackService.of(model, refitFile, front, folder, ids, PackUsers.NONE);
      for (BudgetResult result : results) {
        try {
          ElasticConfig config = pack.best(front, result.budgetBytes()).config();
          refitRows.add(measure(model, pack, result, "concertina-refit", config, refitTable));
        } catch (BudgetTooSmallException costsMore) {
          // Its ids and priors need not take as many bytes as the model's.
          session
              .console()
              .note(
                  "leaves the refit out at %s: %s"
                      .formatted(result.budget(), costsMore.getMessage()));
        }
      }
    }
  }

  private List<Budget> feasible(SearchService search, SearchSpace space, List<Budget> budgets)
      throws CommandFailure {
    long smallest = search.layout().fileBytes(space.smallest());
    List<Budget> met = new ArrayList<>();
    for (Budget budget : budgets) {
      if (budget.bytes(search.layout()) >= smallest) {
        met.add(budget);
      } else {
        session
            .console()
            .note("leaves %s out: the smallest artifact has %,d bytes".formatted(budget, smallest));
      }
    }
    if (met.isEmpty()) {
      throw new CommandFailure(
          "no budget can be met: the smallest artifact has %,d bytes; name larger --budgets"
              .formatted(smallest));
    }
    return met;
  }

  private RankingQuality fullTable(TrainedModel model, Split of)
      throws IOException, CommandFailure {
    return new EvaluateService(session).fullTable(model, data, of, CUTOFF).getFirst();
  }

  private DemoRow measure(
      TrainedModel model,
      PackService pack,
      BudgetResult result,
      String strategy,
      ElasticConfig config,
      RankingQuality full)
      throws IOException, CommandFailure {
    Path artifact = folder.resolve(strategy + "-" + result.budgetBytes() + ".cnct");
    pack.pack(config, artifact);
    try (DeviceRuntime runtime = DeviceRuntime.open(artifact, MemoryCap.unlimited())) {
      RankingQuality quality =
          new EvaluateService(session).artifact(runtime, model, data, split, CUTOFF).getFirst();
      return new DemoRow(
          result.budget().toString(),
          result.budgetBytes(),
          strategy,
          config.precisions().stream().map(SearchReport::name).toList(),
          artifact.toString(),
          runtime.info().fileBytes(),
          runtime.info().coverage(),
          quality.recall(),
          quality.ndcg(),
          quality.recall() / full.recall());
    }
  }

  /** Plots, writes the result file, and says it all. */
  Report finish() throws IOException {
    Path plot = folder.resolve("quality.png");
    Optional<String> noPlot = QualityPlot.write(plot, rows, fullTableBytes, fullTable.recall());
    Path resultFile = folder.resolve("result.json");
    json.put("environment", RunEnvironment.capture());
    json.put("split", split.toString());
    json.put("fullTableBytes", fullTableBytes);
    json.putAll(Json.metrics(List.of(fullTable)));
    json.put("artifacts", rows);
    json.put("refitArtifacts", refitRows);
    json.put("plot", noPlot.isEmpty() ? plot.toString() : null);
    json.put("result", resultFile.toString());
    Json.write(resultFile, json);
    List<String> lines = new ArrayList<>(DemoRow.table(rows, fullTableBytes, fullTable, split));
    if (refitFile != null) {
      lines.add("");
      lines.add(refitLine);
      lines.addAll(DemoRow.table(refitRows, fullTableBytes, refitTable, Split.TEST));
    }
    lines.add("");
    lines.add(noPlot.map(why -> "no plot: " + why).orElse("plot: " + plot));
    lines.add("all of it: " + resultFile);
    return new Report(json, lines);
  }
}
