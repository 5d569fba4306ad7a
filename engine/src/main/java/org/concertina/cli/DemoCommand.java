package org.concertina.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.concertina.interaction.InteractionData;
import org.concertina.interaction.ReadOptions;
import org.concertina.memory.MemoryCap;
import org.concertina.search.Budget;
import org.concertina.search.SearchConfig;
import org.concertina.train.TrainConfig;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code concertina demo}. */
@Command(
    name = "demo",
    description = {
      "Train, search, pack and evaluate in one go, and compare with simple choices of the same"
          + " size.",
      "Without --data on a synthetic data set, half a minute in all. Leaves a table, a plot and"
          + " every file in the output folder."
    })
final class DemoCommand extends EngineCommand {
  @Option(
      names = "--data",
      paramLabel = "DATA",
      description =
          "Folder with train.txt[.gz] and optionally valid and test, or a file that ingest wrote"
              + " (default: a synthetic set).")
  private Path data;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      defaultValue = "./concertina-demo",
      description = "Folder for everything that the demo makes (default: ${DEFAULT-VALUE}).")
  private Path out;

  @Option(
      names = "--budgets",
      paramLabel = "SIZE",
      split = ",",
      defaultValue = "2.5%,5%,10%,25%",
      converter = BudgetConverter.class,
      description = "Sizes of the artifacts, as search takes them (default: ${DEFAULT-VALUE}).")
  private List<Budget> budgets;

  @Option(
      names = "--refit",
      description =
          "Also train once more on training and validation interactions, pack that by what was"
              + " chosen, and measure it on test.")
  private boolean refit;

  @Mixin private TrainOptions trainOptions;
  @Mixin private HistoryStart historyStart;
  @Mixin private SearchOptions searchOptions;

  @Override
  Report run(Session session) throws IOException, CommandFailure {
    if (data == null) {
      SyntheticSet.fit(trainOptions, spec.commandLine().getParseResult());
    }
    TrainConfig trainConfig;
    SearchConfig searchConfig;
    ReadOptions reading;
    try {
      historyStart.fit(trainOptions, null);
      trainConfig = trainOptions.config(session.seed());
      searchConfig = searchOptions.config(session.seed());
      searchOptions.judgeBytes();
      reading =
          new ReadOptions(
              trainOptions.validationShare, trainOptions.splitSeed, MemoryCap.unlimited());
    } catch (IllegalArgumentException outOfRange) {
      throw usage(outOfRange.getMessage());
    }
    OutputFiles.requireFolder("--out", out);
    Path source = data == null ? SyntheticSet.write(session, out.resolve("data")) : data;
    TrainService service = new TrainService(session);
    try (InteractionData interactions = service.read(source, reading)) {
      Demo demo = new Demo(session, interactions, out);
      demo.train(reading, trainConfig, historyStart, refit, trainOptions.fresh);
      demo.searchAndMeasure(searchOptions, searchConfig, budgets, namesBudgets());
      return demo.finish();
    }
  }

  private boolean namesBudgets() {
    return spec.commandLine().getParseResult().hasMatchedOption("--budgets");
  }
}
