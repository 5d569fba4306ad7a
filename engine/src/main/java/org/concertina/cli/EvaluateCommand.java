package org.concertina.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.concertina.interaction.InteractionData;
import org.concertina.memory.MemoryCap;
import org.concertina.metric.RankingQuality;
import org.concertina.serve.DeviceRuntime;
import org.concertina.train.TrainedModel;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code concertina evaluate}. */
@Command(
    name = "evaluate",
    description = {
      "Measure Recall, NDCG and hit rate of a model's full table or of an artifact.",
      "With --artifact, items are scored by the device runtime from the artifact and only the user"
          + " vectors come from the model, or with --artifact-users from the artifact too. On test,"
          + " a user's training and validation items are not ranked; on valid, the training items"
          + " are not."
    })
final class EvaluateCommand extends EngineCommand {
  @Option(names = "--data", paramLabel = "DATA", required = true, description = "The model's data.")
  private Path data;

  @Option(
      names = "--model",
      paramLabel = "MODEL",
      required = true,
      description = "Model that train wrote.")
  private Path model;

  @Option(
      names = "--artifact",
      paramLabel = "ARTIFACT",
      description = "Artifact that pack made from this model.")
  private Path artifact;

  @Option(
      names = "--artifact-users",
      description = "Take the users' vectors from the artifact, which pack made with --users.")
  private boolean artifactUsers;

  @Option(
      names = "--split",
      paramLabel = "NAME",
      defaultValue = "test",
      description = "What to find: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
  private Split split;

  @Option(
      names = "--k",
      paramLabel = "K",
      split = ",",
      defaultValue = "20,50",
      description = "Cut-offs (default: ${DEFAULT-VALUE}).")
  private int[] cutoffs;

  @Override
  Report run(Session session) throws IOException, CommandFailure {
    int[] ascending = IntStream.of(cutoffs).sorted().distinct().toArray();
    if (ascending[0] < 1) {
      throw usage("--k: expected numbers of at least 1, got " + ascending[0]);
    }
    if (artifactUsers && artifact == null) {
      throw usage("--artifact-users: needs --artifact, which holds the users");
    }
    try (TrainedModel trained = TrainedModel.open(model);
        InteractionData interactions = Models.readDataOf(trained, data)) {
      Map<String, Object> json = new LinkedHashMap<>();
      json.put("model", model.toString());
      json.put("refit", trained.header().refit() != null);
      EvaluateService service = new EvaluateService(session);
      long start;
      double coverage = 1;
      List<RankingQuality> qualities;
      if (artifact == null) {
        json.put("fileBytes", fullTableBytes(trained));
        start = System.nanoTime();
        qualities = service.fullTable(trained, interactions, split, ascending);
      } else {
        try (DeviceRuntime runtime = DeviceRuntime.open(artifact, MemoryCap.unlimited())) {
          Models.requireSameModel(trained, model, runtime.info(), artifact);
          json.put("artifact", artifact.toString());
          json.put("artifactUsers", artifactUsers);
          json.put("fileBytes", runtime.info().fileBytes());
          coverage = runtime.info().coverage();
          start = System.nanoTime();
          qualities =
              service.artifact(runtime, trained, interactions, split, artifactUsers, ascending);
        }
      }
      json.put("fullTableBytes", fullTableBytes(trained));
      json.put("split", split.toString());
      json.put("users", qualities.getFirst().users());
      json.put(Coverage.KEY, coverage);
      json.putAll(Json.metrics(qualities));
      json.put("evaluateSeconds", (System.nanoTime() - start) * 1e-9);
      return new Report(json, lines(qualities, coverage));
    }
  }

  private static long fullTableBytes(TrainedModel trained) {
    return (long) trained.header().items() * trained.header().config().shape().dim() * Float.BYTES;
  }

  private List<String> lines(List<RankingQuality> qualities, double coverage) {
    List<String> lines = new ArrayList<>();
    lines.add(
        "%s, %s, %,d users%s"
            .formatted(
                artifact == null ? "full table of " + model : artifact,
                split,
                qualities.getFirst().users(),
                coverage < 1 ? ", coverage " + Coverage.percent(coverage) : ""));
    for (RankingQuality q : qualities) {
      lines.add(
          "Recall@%d %.4f   NDCG@%d %.4f   HR@%d %.4f"
              .formatted(q.k(), q.recall(), q.k(), q.ndcg(), q.k(), q.hitRate()));
    }
    return lines;
  }
}
