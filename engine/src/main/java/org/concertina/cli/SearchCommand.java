package org.concertina.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.concertina.interaction.InteractionData;
import org.concertina.search.Budget;
import org.concertina.search.SearchConfig;
import org.concertina.search.SearchOutcome;
import org.concertina.search.SearchSpace;
import org.concertina.train.TrainedModel;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code concertina search}. */
@Command(
    name = "search",
    description = {
      "Search for every budget which blocks, in which precision, each group of items keeps.",
      "Writes the front of the best configurations by size; any budget up to the largest is then a"
          + " look-up for pack. Judged on validation users: one half selects, the other confirms."
    })
final class SearchCommand extends EngineCommand {
  @Option(names = "--data", paramLabel = "DIR", required = true, description = "The model's data.")
  private Path data;

  @Option(
      names = "--model",
      paramLabel = "MODEL",
      required = true,
      description = "Model that train wrote.")
  private Path model;

  @Option(
      names = "--budget",
      paramLabel = "SIZE",
      split = ",",
      required = true,
      converter = BudgetConverter.class,
      description =
          "Sizes of whole artifacts, such as 1MB,2.5MB,10%%: "
              + BudgetConverter.FORMS
              + ", or %% of the full fp32 item table.")
  private List<Budget> budgets;

  @Option(
      names = "--out",
      paramLabel = "FRONT",
      required = true,
      description = "Front file to write; its folder must exist.")
  private Path out;

  @Mixin private SearchOptions options;

  @Override
  Report run(Session session) throws IOException, CommandFailure {
    SearchConfig config;
    long judgeBytes;
    try {
      config = options.config(session.seed());
      judgeBytes = options.judgeBytes();
    } catch (IllegalArgumentException outOfRange) {
      throw usage(outOfRange.getMessage());
    }
    OutputFiles.requireWritable("--out", out, model);
    try (TrainedModel trained = TrainedModel.open(model);
        InteractionData interactions = Models.readDataOf(trained, data)) {
      long start = System.nanoTime();
      SearchService service = new SearchService(session, trained, interactions, !options.noIds);
      SearchSpace space =
          options.space(service.layout().shape(), service.layout().groups().count());
      SearchOutcome outcome = service.search(space, config, budgets, judgeBytes);
      service.file(outcome).write(out);
      Map<String, Object> json = new LinkedHashMap<>();
      json.put("model", model.toString());
      json.put("front", out.toString());
      json.put("fullTableBytes", service.layout().fullTableBytes());
      json.putAll(SearchReport.json(outcome, (System.nanoTime() - start) * 1e-9));
      List<String> lines = new ArrayList<>(SearchReport.lines(outcome));
      lines.add("%s: %d points".formatted(out, outcome.front().points().size()));
      return new Report(json, lines);
    }
  }
}
