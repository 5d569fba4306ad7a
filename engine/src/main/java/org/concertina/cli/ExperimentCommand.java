package org.concertina.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.concertina.interaction.InteractionData;
import org.concertina.interaction.ReadOptions;
import org.concertina.memory.MemoryCap;
import org.concertina.record.RecordLog;
import org.concertina.record.RecordReader;
import org.concertina.record.Recorded;
import org.concertina.record.Run;
import org.concertina.report.QualityTable;
import org.concertina.search.Budget;
import org.concertina.search.StrategyKind;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;

/** {@code concertina experiment}. */
@Command(
    name = "experiment",
    description = {
      "Measure what the tables of the project are made of, and record it.",
      "budgets: every strategy at every budget; ablation: without one part after the other;"
          + " baselines: what else fits the same bytes; paper: 16 blocks of 8 floats, 20 groups,"
          + " fp32 only, as RULE has it; bits: item rows in one or two bits, coded after training"
          + " and in its loop; scaling: more threads; seeds: the full table of every"
          + " encoder.",
      "Test is measured once an artifact, through the runtime. A call that was stopped goes on"
          + " where it was when it is given again: what is recorded is not done again."
    })
final class ExperimentCommand extends EngineCommand {
  private static final String SYNTHETIC = "synthetic";
  private static final List<Budget> OF_PAPER =
      List.of(Budget.parse("10.6%"), Budget.parse("21.3%"), Budget.parse("53.4%"));

  @Parameters(
      paramLabel = "NAME",
      description = "budgets, ablation, baselines, paper, bits, scaling or seeds.")
  private ExperimentKind kind;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      defaultValue = SYNTHETIC,
      description =
          "Folder with train.txt[.gz] and optionally valid and test, or ${DEFAULT-VALUE}, which is"
              + " small and made on the spot (default: ${DEFAULT-VALUE}).")
  private Path data;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      defaultValue = "./concertina-experiments",
      description =
          "Folder for "
              + RecordReader.SUFFIX
              + ", to which every call adds, and for models (default: ${DEFAULT-VALUE}).")
  private Path out;

  @Option(
      names = "--seeds",
      paramLabel = "N",
      split = ",",
      description = "Seeds to repeat everything with (default: 1,2,3, or --seed if that is given).")
  private List<Long> seeds;

  @Option(
      names = "--budgets",
      paramLabel = "SIZE",
      split = ",",
      defaultValue = "2.5%,3.5%,5%,10%,20%,50%",
      converter = BudgetConverter.class,
      description =
          "Sizes of whole artifacts, as search takes them (default: ${DEFAULT-VALUE}; paper:"
              + " 10.6%%,21.3%%,53.4%%).")
  private List<Budget> budgets;

  @Option(
      names = "--strategies",
      paramLabel = "NAME",
      split = ",",
      defaultValue = "popularity,uniform,random,greedy,nsga2,evolution",
      description = "What the experiment budgets compares (default: ${DEFAULT-VALUE}).")
  private List<StrategyKind> strategies;

  @Option(
      names = "--only",
      paramLabel = "REGEX",
      defaultValue = "",
      description =
          "Only the steps whose name has a match, such as retrained or 'evolution, seed 1'; the"
              + " steps' names are on stderr.")
  private Pattern only;

  @Mixin private TrainOptions trainOptions;
  @Mixin private HistoryStart historyStart;
  @Mixin private SearchOptions searchOptions;

  @Override
  Report run(Session session) throws IOException, CommandFailure {
    boolean synthetic = data.equals(Path.of(SYNTHETIC)) && Files.notExists(data);
    if (synthetic) {
      SyntheticSet.fit(trainOptions, spec.commandLine().getParseResult());
    }
    if (kind != ExperimentKind.SCALING && given("--strategy")) {
      throw usage(
          "--strategy: the experiment " + kind + " has its own; budgets takes --strategies");
    }
    ReadOptions reading = checkedReading(session);
    OutputFiles.requireFolder("--out", out);
    Path models = out.resolve("models");
    OutputFiles.requireFolder("--out", models);
    Path source = synthetic ? SyntheticSet.write(session, out.resolve("data")) : data;
    try (InteractionData interactions = new TrainService(session).read(source, reading);
        RecordLog log = RecordLog.open(out.resolve(RecordReader.SUFFIX), begin())) {
      if (!log.repaired().isEmpty()) {
        session.console().note(log.repaired());
      }
      ExperimentSetup setup =
          new ExperimentSetup(
              session,
              interactions,
              synthetic ? SYNTHETIC : source.toAbsolutePath().normalize().getFileName().toString(),
              out,
              new ModelShelf(
                  session, interactions, reading, models, historyStart, trainOptions.fresh),
              trainOptions,
              searchOptions,
              kind == ExperimentKind.PAPER && !given("--budgets") ? OF_PAPER : budgets,
              chosenSeeds(session));
      ExperimentRun run = new ExperimentRun(session, log, kind.toString());
      List<Step> steps = steps(setup, reading);
      if (steps.isEmpty()) {
        throw usage("--only " + only + ": the experiment " + kind + " has no such step");
      }
      int done = run.run(steps, trainOptions.fresh);
      return report(log.file(), done, run.results(steps));
    }
  }

  private ReadOptions checkedReading(Session session) {
    try {
      historyStart.fit(trainOptions, null);
      trainOptions.config(session.seed());
      searchOptions.config(session.seed());
      searchOptions.judgeBytes();
      return new ReadOptions(
          trainOptions.validationShare, trainOptions.splitSeed, MemoryCap.unlimited());
    } catch (IllegalArgumentException outOfRange) {
      throw usage(outOfRange.getMessage());
    }
  }

  private List<Step> steps(ExperimentSetup setup, ReadOptions reading) throws ParameterException {
    try {
      return kind.steps(setup, reading, strategies).stream()
          .filter(step -> only.matcher(step.name()).find())
          .toList();
    } catch (IllegalArgumentException unfit) {
      throw usage("%s does not go with these options: %s".formatted(kind, unfit.getMessage()));
    }
  }

  private List<Long> chosenSeeds(Session session) {
    if (seeds != null) {
      return seeds.stream().distinct().toList();
    }
    return given("--seed") ? List.of(session.seed()) : List.of(1L, 2L, 3L);
  }

  private boolean given(String option) {
    return spec.commandLine().getParseResult().hasMatchedOption(option);
  }

  private Run begin() {
    return Run.begin(
        "experiment " + kind, spec.root().commandLine().getParseResult().originalArgs());
  }

  private static Report report(Path records, int stepsDone, List<Recorded> results) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("records", records.toString());
    json.put("stepsDone", stepsDone);
    json.put("results", results.stream().map(Recorded::result).toList());
    List<String> lines = new ArrayList<>(QualityTable.lines(QualityTable.rows(results)));
    for (Recorded one : results) {
      if (one.result().benchmark().equals("scaling")) {
        lines.add(
            "%-20s %3s threads %,14.1f %s"
                .formatted(
                    one.result().parameter("choice"),
                    one.result().parameter("threads"),
                    one.result().score(),
                    one.result().unit()));
      }
    }
    lines.add("");
    lines.add("all of it: " + records);
    return new Report(json, lines);
  }
}
