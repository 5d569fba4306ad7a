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
import org.concertina.search.Budget;
import org.concertina.serve.DeviceRuntime;
import org.concertina.train.TrainedModel;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code concertina recommend}. */
@Command(
    name = "recommend",
    description = {
      "Recommend from an artifact, under a memory cap if one is given.",
      "Items and users are named as in the input. A history's items are never recommended to it;"
          + " for --user nothing is left out unless --data names the model's data, whose training"
          + " and validation items of the user are then left out.",
      "A score is the cosine of user and item, plus the item's prior if the artifact holds priors."
    })
final class RecommendCommand extends EngineCommand {
  @Option(
      names = "--artifact",
      paramLabel = "ARTIFACT",
      required = true,
      description = "Artifact that pack made, with item ids.")
  private Path artifact;

  @ArgGroup(exclusive = true, multiplicity = "1")
  private Who who;

  /** To whom. */
  private static final class Who {
    @Option(
        names = "--user",
        paramLabel = "ID",
        required = true,
        description = "A user of the model; needs --model.")
    private Long user;

    @Option(
        names = "--history",
        paramLabel = "ITEM",
        split = ",",
        required = true,
        description = "Items of somebody the model need not know.")
    private long[] history;
  }

  @Option(
      names = "--model",
      paramLabel = "MODEL",
      description = "Model that the artifact was packed from; for --user.")
  private Path model;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "The model's data, to leave out what --user has already.")
  private Path data;

  @Option(
      names = "--k",
      paramLabel = "K",
      defaultValue = "10",
      description = "How many items (default: ${DEFAULT-VALUE}).")
  private int k;

  @Option(
      names = "--exclude",
      paramLabel = "ITEM",
      split = ",",
      description = "Items that must not be recommended.")
  private long[] exclude = {};

  @Option(
      names = "--cap",
      paramLabel = "BYTES",
      converter = BudgetConverter.class,
      description =
          "Off-heap memory that the runtime may take, artifact included, such as 4MB"
              + " (default: no limit).")
  private Budget cap;

  @Override
  Report run(Session session) throws IOException, CommandFailure {
    if (k < 1) {
      throw usage("--k: expected at least 1, got " + k);
    }
    if (who.user != null && model == null) {
      throw usage("--user: needs --model, which holds the user vectors");
    }
    if (who.user == null && (model != null || data != null)) {
      throw usage("--model, --data: only for --user; a history needs the artifact alone");
    }
    MemoryCap memory;
    try {
      memory =
          cap == null
              ? MemoryCap.unlimited()
              : MemoryCap.ofBytes(BudgetConverter.plainBytes("--cap", cap));
    } catch (IllegalArgumentException percentage) {
      throw usage(percentage.getMessage());
    }
    try (DeviceRuntime runtime = DeviceRuntime.open(artifact, memory)) {
      if (!runtime.hasItemIds()) {
        throw new CommandFailure(
            artifact + ": holds no item ids to name items by; pack it without --no-ids");
      }
      Map<String, Object> json = new LinkedHashMap<>();
      json.put("artifact", artifact.toString());
      json.put("fileBytes", runtime.info().fileBytes());
      List<RecommendService.Recommendation> items;
      try (RecommendService service = new RecommendService(runtime)) {
        List<Long> unknown = service.exclude(exclude);
        warn(session, "--exclude", unknown);
        json.put("unknownExcluded", unknown.size());
        items = who.user != null ? forUser(runtime, service) : forHistory(session, service, json);
        json.put("usedBytes", memory.usedBytes());
      }
      if (cap != null) {
        json.put("capBytes", memory.limitBytes());
      }
      json.put("items", items);
      return new Report(json, lines(items, memory.peakBytes()));
    }
  }

  private List<RecommendService.Recommendation> forUser(
      DeviceRuntime runtime, RecommendService service) throws IOException, CommandFailure {
    try (TrainedModel trained = TrainedModel.open(model)) {
      Models.requireSameModel(trained, model, runtime.info(), artifact);
      int user = trained.userIndex(who.user);
      if (user < 0) {
        throw new CommandFailure(
            "--user %d: model %s does not know this user; name one of its data, or recommend by --history"
                .formatted(who.user, model));
      }
      if (data != null) {
        try (InteractionData interactions = Models.readDataOf(trained, data)) {
          service.excludeSeen(interactions, user);
        }
      }
      return service.forUser(trained, user, k);
    }
  }

  private List<RecommendService.Recommendation> forHistory(
      Session session, RecommendService service, Map<String, Object> json) {
    int[] rows = service.rowsOf(who.history);
    List<Long> unknown =
        IntStream.range(0, rows.length)
            .filter(i -> rows[i] < 0)
            .mapToObj(i -> who.history[i])
            .toList();
    warn(session, "--history", unknown);
    if (unknown.size() == rows.length) {
      session
          .console()
          .note(
              "--history: %s knows none of the items; what is popular follows".formatted(artifact));
    }
    json.put("knownHistory", rows.length - unknown.size());
    json.put("unknownHistory", unknown.size());
    return service.forHistory(rows, k);
  }

  private static void warn(Session session, String option, List<Long> unknown) {
    if (!unknown.isEmpty()) {
      session
          .console()
          .note("%s: %d unknown items are ignored: %s".formatted(option, unknown.size(), unknown));
    }
  }

  private static List<String> lines(List<RecommendService.Recommendation> items, long usedBytes) {
    List<String> lines = new ArrayList<>();
    lines.add(" rank        item    score");
    for (RecommendService.Recommendation item : items) {
      lines.add("%5d %11d %8.4f".formatted(item.rank(), item.item(), item.score()));
    }
    lines.add("memory of the runtime: %,d bytes".formatted(usedBytes));
    return lines;
  }
}
