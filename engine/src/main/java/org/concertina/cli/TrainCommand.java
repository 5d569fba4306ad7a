package org.concertina.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.concertina.cli.TrainService.Again;
import org.concertina.interaction.InteractionData;
import org.concertina.interaction.ReadOptions;
import org.concertina.memory.MemoryCap;
import org.concertina.train.ModelHeader;
import org.concertina.train.TrainConfig;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code concertina train}. */
@Command(
    name = "train",
    description = {
      "Train the block table and the user vectors, once for all budgets.",
      "The best model by NDCG@20 on validation users is kept. A run that was stopped goes on from"
          + " its checkpoint (MODEL.checkpoint) when the same command is given again."
    })
final class TrainCommand extends EngineCommand {
  @Option(
      names = "--data",
      paramLabel = "DATA",
      required = true,
      description =
          "Folder with train.txt[.gz] and optionally valid and test, or a file that ingest wrote.")
  private Path data;

  @Option(
      names = "--out",
      paramLabel = "MODEL",
      required = true,
      description = "Model file to write; its folder must exist.")
  private Path out;

  @Option(
      names = "--from",
      paramLabel = "MODEL",
      description =
          "Start from this model's rows, matched by user and item id, instead of from a history"
              + " model or noise; for a few epochs when new interactions have come. Needs the same"
              + " --dim and --blocks.")
  private Path from;

  @Option(
      names = "--refit",
      description =
          "Afterwards train once more on training and validation interactions, for the epochs that"
              + " validation has chosen, into MODEL.refit: what to deploy, and to measure on test,"
              + " as it has seen all training data. pack takes it with the front of MODEL, which"
              + " search has to take. A finished MODEL of the same run is taken as it is, unless"
              + " --fresh.")
  private boolean refit;

  @Option(
      names = "--profile",
      paramLabel = "FILE.jfr",
      arity = "0..1",
      fallbackValue = "concertina.jfr",
      description =
          "Record the run with Flight Recorder into this file (without a name:"
              + " ${FALLBACK-VALUE}), and say where the time went.")
  private Path profile;

  @Mixin private TrainOptions options;
  @Mixin private HistoryStart historyStart;

  @Override
  Report run(Session session) throws IOException, CommandFailure {
    TrainConfig config;
    ReadOptions reading;
    try {
      historyStart.fit(options, from);
      config = options.config(session.seed());
      reading = new ReadOptions(options.validationShare, options.splitSeed, MemoryCap.unlimited());
    } catch (IllegalArgumentException outOfRange) {
      throw usage(outOfRange.getMessage());
    }
    Path[] inputs = from == null ? new Path[0] : new Path[] {from};
    OutputFiles.requireWritable("--out", out, inputs);
    if (refit) {
      OutputFiles.requireWritable("--refit", TrainService.refitOf(out), inputs);
    }
    if (profile == null) {
      return train(session, config, reading, null);
    }
    OutputFiles.requireWritable("--profile", profile, out);
    try (Profile recording = Profile.start(profile)) {
      return train(session, config, reading, recording);
    }
  }

  private Report train(Session session, TrainConfig config, ReadOptions reading, Profile recording)
      throws IOException, CommandFailure {
    TrainService service = new TrainService(session);
    try (InteractionData interactions = service.read(data, reading)) {
      Again again = options.fresh ? Again.FRESH : refit ? Again.TAKE : Again.GO_ON;
      Optional<TrainService.Outcome> history =
          service.history(historyStart, interactions, reading, config, out, refit, again);
      Path start = history.isPresent() ? HistoryStart.fileOf(out) : from;
      TrainService.Outcome outcome =
          service.train(interactions, reading, config, start, out, again);
      Map<String, Object> json = outcome.json(out, interactions.report());
      List<String> lines = new ArrayList<>();
      if (history.isPresent()) {
        json.put("history", history.get().historyJson(start));
        lines.addAll(lines(start, history.get()));
      }
      lines.addAll(lines(out, outcome));
      if (refit) {
        Path refitted = TrainService.refitOf(out);
        TrainService.Outcome second = service.refit(interactions, outcome, start, out, again);
        json.put("refit", second.refitJson(refitted));
        lines.add(second.refitLine(refitted));
      }
      if (recording != null) {
        ProfileSummary summary = recording.finish();
        summary.lines().forEach(session.console()::note);
        json.put("profile", summary.json());
      }
      return new Report(json, lines);
    }
  }

  private static List<String> lines(Path model, TrainService.Outcome outcome) {
    ModelHeader.Progress progress = outcome.header().progress();
    return List.of(
        "%s: %,d bytes, epoch %d of %d, %.1f s"
            .formatted(
                model,
                outcome.fileBytes(),
                progress.bestEpoch(),
                outcome.header().config().schedule().epochs(),
                outcome.trainSeconds()),
        "full table, validation: Recall@20 %.4f, NDCG@20 %.4f"
            .formatted(progress.bestRecallAt20(), progress.bestNdcgAt20()));
  }
}
