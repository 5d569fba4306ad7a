package org.concertina.cli;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.concertina.interaction.InteractionData;
import org.concertina.interaction.ReadOptions;
import org.concertina.memory.MemoryCap;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;

/** {@code concertina tune}. */
@Command(
    name = "tune",
    description = {
      "Search hyper-parameters for train by NDCG@20 on validation users; test data is not ranked.",
      "Random configurations, of which each rung keeps the better half and trains it twice as"
          + " long. Every finished trial is a line of the output file; a search that was stopped"
          + " goes on when the same command is given again, --trials may then be larger. The"
          + " options of train set what is not drawn, and trial 0 in whole."
    })
final class TuneCommand extends EngineCommand {
  /** Options that say where and how, not what. */
  private static final Set<String> NOT_FOR_TRAIN =
      Set.of("--data", "--out", "--fresh", "--json", "--debug", "--threads", "--epochs");

  @Option(
      names = "--data",
      paramLabel = "DATA",
      required = true,
      description =
          "Folder with train.txt[.gz] and optionally valid and test, or a file that ingest wrote.")
  private Path data;

  @Option(
      names = "--out",
      paramLabel = "TRIALS.jsonl",
      required = true,
      description =
          "File of trials, one JSON object a line; lines are only added (--fresh deletes it).")
  private Path out;

  @Mixin private TuneOptions tuning;
  @Mixin private TrainOptions options;

  @Override
  Report run(Session session) throws IOException, CommandFailure {
    ReadOptions reading;
    try {
      tuning.requireValid();
      options.config(session.seed());
      for (TrialSettings corner : tuning.corners(options)) {
        corner.config(options, session.seed(), options.epochs());
      }
      reading = new ReadOptions(options.validationShare, options.splitSeed, MemoryCap.unlimited());
    } catch (IllegalArgumentException outOfRange) {
      throw usage(outOfRange.getMessage());
    }
    OutputFiles.requireWritable("--out", out);
    Path work = out.resolveSibling(out.getFileName() + ".work");
    if (options.fresh) {
      Files.deleteIfExists(out);
      deleteFolder(work);
    }
    try (InteractionData interactions = new TrainService(session).read(data, reading)) {
      TuneService service = new TuneService(session, interactions, reading, tuning, options);
      TrialLog log = TrialLog.open(out, service.search());
      int before = log.size();
      if (before > 0) {
        session.console().note("%s: goes on after %d trials".formatted(out, before));
      }
      List<TrialLog.Trial> ranked = service.run(log, work);
      return report(service.search(), ranked, log.size(), log.size() - before);
    }
  }

  private static void deleteFolder(Path folder) throws IOException {
    if (Files.isDirectory(folder)) {
      try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
        for (Path file : files) {
          Files.delete(file);
        }
      }
      Files.delete(folder);
    }
  }

  private Report report(String search, List<TrialLog.Trial> ranked, int trials, int run) {
    TrialLog.Trial best = ranked.getFirst();
    List<String> command = command(best);
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("trials", out.toString());
    json.put("search", search);
    json.put("trialsDone", trials);
    json.put("trialsRun", run);
    json.put("split", "valid");
    json.put("recallAt20", best.recallAt20());
    json.put("ndcgAt20", best.ndcgAt20());
    json.put("best", best);
    json.put("lastRung", ranked);
    json.put("command", command);
    return new Report(
        json,
        List.of(
            "%s: %d trials, %d of them now".formatted(out, trials, run),
            "best: " + TuneService.describe(best),
            String.join(" ", command)));
  }

  /** The command that trains the best configuration: what was given, and what was found. */
  private List<String> command(TrialLog.Trial best) {
    List<String> found = best.settings().arguments();
    List<String> command =
        new ArrayList<>(
            List.of("concertina", "train", "--data", quoted(data.toString()), "--out", "MODEL"));
    Set<String> ofTrain =
        Main.commandLine().getSubcommands().get("train").getCommandSpec().optionsMap().keySet();
    for (OptionSpec given : spec.commandLine().getParseResult().matchedOptions()) {
      String name = given.longestName();
      if (ofTrain.contains(name) && !NOT_FOR_TRAIN.contains(name) && !found.contains(name)) {
        command.add(name);
        given.originalStringValues().forEach(value -> command.add(quoted(value)));
      }
    }
    command.addAll(List.of("--history-epochs", "0"));
    command.add("--epochs");
    command.add(String.valueOf(options.epochs()));
    command.addAll(found);
    return command;
  }

  private static String quoted(String word) {
    return word.matches("[\\w./:%@+=,-]+") ? word : "'" + word.replace("'", "'\\''") + "'";
  }
}
