package org.concertina.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.concertina.datasets.SyntheticConfig;
import org.concertina.datasets.SyntheticInteractions;
import org.concertina.interaction.InteractionData;
import org.concertina.interaction.ReadOptions;
import org.concertina.memory.MemoryCap;
import org.concertina.search.Budget;
import org.concertina.search.SearchConfig;
import org.concertina.train.Loss;
import org.concertina.train.OptimizerKind;
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
          "Also train the full table once more on training and validation interactions, and measure"
              + " that on test.")
  private boolean refit;

  @Mixin private TrainOptions trainOptions;
  @Mixin private SearchOptions searchOptions;

  @Override
  Report run(Session session) throws IOException, CommandFailure {
    if (data == null) {
      fitToSyntheticSet();
    }
    TrainConfig trainConfig;
    SearchConfig searchConfig;
    ReadOptions reading;
    try {
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
    Path source = data == null ? writeSyntheticSet(session) : data;
    TrainService service = new TrainService(session);
    try (InteractionData interactions = service.read(source, reading)) {
      Demo demo = new Demo(session, interactions, out);
      demo.train(reading, trainConfig, refit, trainOptions.fresh);
      demo.searchAndMeasure(searchOptions, searchConfig, budgets, namesBudgets());
      return demo.finish();
    }
  }

  private boolean namesBudgets() {
    return spec.commandLine().getParseResult().hasMatchedOption("--budgets");
  }

  /** The set is small: fewer groups and smaller blocks, and longer steps need fewer epochs. */
  private void fitToSyntheticSet() {
    if (isDefault("--blocks") && isDefault("--dim")) {
      trainOptions.blocks = 16;
    }
    if (isDefault("--groups")) {
      trainOptions.groups = 10;
    }
    boolean adam =
        trainOptions.loss != Loss.BPR && trainOptions.optimizerKind == OptimizerKind.ADAM;
    if (isDefault("--learning-rate") && adam) {
      trainOptions.learningRate = 0.01;
    }
    if (isDefault("--epochs")) {
      trainOptions.epochs = 16;
    }
    if (isDefault("--evaluate-every")) {
      trainOptions.evaluateEvery = 4;
    }
  }

  private boolean isDefault(String option) {
    return !spec.commandLine().getParseResult().hasMatchedOption(option);
  }

  private Path writeSyntheticSet(Session session) throws IOException {
    Path folder = out.resolve("data");
    session.console().note("writes a synthetic data set to " + folder);
    SyntheticInteractions.generate(SyntheticConfig.small().withSeed(session.seed()))
        .writeTo(folder);
    return folder;
  }
}
