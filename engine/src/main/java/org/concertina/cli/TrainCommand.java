package org.concertina.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
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
      paramLabel = "DIR",
      required = true,
      description = "Folder with train.txt[.gz] and optionally valid and test, a line a user.")
  private Path data;

  @Option(
      names = "--out",
      paramLabel = "MODEL",
      required = true,
      description = "Model file to write; its folder must exist.")
  private Path out;

  @Mixin private TrainOptions options;

  @Override
  Report run(Session session) throws IOException, CommandFailure {
    TrainConfig config;
    ReadOptions reading;
    try {
      config = options.config(session.seed());
      reading = new ReadOptions(options.validationShare, options.splitSeed, MemoryCap.unlimited());
    } catch (IllegalArgumentException outOfRange) {
      throw usage(outOfRange.getMessage());
    }
    OutputFiles.requireWritable("--out", out);
    TrainService service = new TrainService(session);
    try (InteractionData interactions = service.read(data, reading)) {
      TrainService.Outcome outcome =
          service.train(interactions, reading, config, out, options.fresh);
      return report(interactions, outcome);
    }
  }

  private Report report(InteractionData interactions, TrainService.Outcome outcome) {
    ModelHeader.Progress progress = outcome.header().progress();
    return new Report(
        outcome.json(out, interactions.report()),
        List.of(
            "%s: %,d bytes, epoch %d of %d, %.1f s"
                .formatted(
                    out,
                    outcome.fileBytes(),
                    progress.bestEpoch(),
                    outcome.header().config().schedule().epochs(),
                    outcome.trainSeconds()),
            "full table, validation: Recall@20 %.4f, NDCG@20 %.4f"
                .formatted(progress.bestRecallAt20(), progress.bestNdcgAt20())));
  }
}
