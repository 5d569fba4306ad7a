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
      "Items and users are named as in the input; where ids are not numbers, that takes --data, and"
          + " without it they are numbers of names in their order. A history's items are never"
          + " recommended to it; for --user nothing is left out unless --data names the model's"
          + " data, whose training and validation items of the user are then left out.",
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
        description =
            "A user of the model; needs --model unless the artifact was packed with --users.")
    private String user;

    @Option(
        names = "--history",
        paramLabel = "ITEM",
        split = ",",
        required = true,
        description = "Items of somebody the model need not know.")
    private String[] history;
  }

  @Option(
      names = "--model",
      paramLabel = "MODEL",
      description =
          "Model that the artifact was packed from; for --user, whose vector is then the model's.")
  private Path model;

  @Option(
      names = "--data",
      paramLabel = "DATA",
      description =
          "The model's data, to leave out what --user has already, and to name users and items as"
              + " the logs did if it is a data file of ids that are not numbers.")
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
  private String[] exclude = {};

  @Option(
      names = "--cap",
      paramLabel = "BYTES",
      converter = BudgetConverter.class,
      description =
          "Off-heap memory that the runtime may take, artifact included, such as 4MB"
              + " (default: no limit).")
  private Budget cap;

  private ExternalIds ids = ExternalIds.NUMBERS;

  @Override
  Report run(Session session) throws IOException, CommandFailure {
    if (k < 1) {
      throw usage("--k: expected at least 1, got " + k);
    }
    if (who.user == null && model != null) {
      throw usage("--model: only for --user; a history needs the artifact alone");
    }
    requireNumbersWithoutData();
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
      requireUsers(runtime);
      Map<String, Object> json = new LinkedHashMap<>();
      json.put("artifact", artifact.toString());
      json.put("fileBytes", runtime.info().fileBytes());
      List<RecommendedItem> items;
      try (RecommendService service = new RecommendService(runtime)) {
        if (data == null) {
          items = answer(session, runtime, service, json, null);
        } else {
          try (InteractionData interactions = openData(runtime)) {
            ids = ExternalIds.of(interactions);
            items = answer(session, runtime, service, json, interactions);
          }
        }
        json.put("usedBytes", memory.usedBytes());
      }
      if (cap != null) {
        json.put("capBytes", memory.limitBytes());
      }
      json.put("items", items);
      return new Report(json, RecommendedItem.lines(items, memory.peakBytes()));
    }
  }

  private void requireUsers(DeviceRuntime runtime) throws CommandFailure {
    if (who.user != null && model == null && !runtime.hasUserIds()) {
      throw new CommandFailure(
          "--user: %s holds no users; name the --model, or pack the artifact with --users int8"
              .formatted(artifact));
    }
  }

  private void requireNumbersWithoutData() {
    List<String> texts = new ArrayList<>(List.of(exclude));
    texts.addAll(who.user != null ? List.of(who.user) : List.of(who.history));
    for (String text : texts) {
      if (data == null && !ExternalIds.isNumber(text)) {
        throw usage("'" + text + "' is not a number; name the --data that has names");
      }
    }
  }

  private InteractionData openData(DeviceRuntime runtime) throws IOException, CommandFailure {
    if (model != null) {
      try (TrainedModel trained = TrainedModel.open(model)) {
        return Models.readDataOf(trained, data);
      }
    }
    return Models.readDataOf(runtime.info(), artifact, data);
  }

  private List<RecommendedItem> answer(
      Session session,
      DeviceRuntime runtime,
      RecommendService service,
      Map<String, Object> json,
      InteractionData interactions)
      throws IOException, CommandFailure {
    List<String> unknown = new ArrayList<>();
    for (String text : exclude) {
      if (!service.exclude(ids.item("--exclude", text))) {
        unknown.add(text);
      }
    }
    warn(session, "--exclude", unknown);
    json.put("unknownExcluded", unknown.size());
    List<RecommendService.Recommendation> items =
        who.user != null
            ? forUser(runtime, service, interactions)
            : forHistory(session, service, json);
    return items.stream()
        .map(item -> new RecommendedItem(item.rank(), name(item.item()), item.score()))
        .toList();
  }

  /** A name is text, a number stays one. */
  private Object name(int item) {
    return ids.items().isPresent() ? ids.itemName(item) : (Object) item;
  }

  private List<RecommendService.Recommendation> forUser(
      DeviceRuntime runtime, RecommendService service, InteractionData interactions)
      throws IOException, CommandFailure {
    if (model == null) {
      return forStoredUser(runtime, service, interactions);
    }
    try (TrainedModel trained = TrainedModel.open(model)) {
      Models.requireSameModel(trained, model, runtime.info(), artifact);
      int user = trained.userIndex(ids.user(who.user));
      if (user < 0) {
        throw unknownUser("model " + model);
      }
      if (interactions != null) {
        service.excludeSeen(interactions, user);
      }
      return service.forUser(trained, user, k);
    }
  }

  private List<RecommendService.Recommendation> forStoredUser(
      DeviceRuntime runtime, RecommendService service, InteractionData interactions)
      throws CommandFailure {
    long id = ids.user(who.user);
    int userRow = runtime.userRowOfId(id);
    if (userRow < 0) {
      throw unknownUser("artifact " + artifact);
    }
    if (interactions != null) {
      service.excludeSeen(interactions, interactions.userIndex(id));
    }
    return service.forStoredUser(userRow, k);
  }

  private CommandFailure unknownUser(String who) {
    return new CommandFailure(
        "--user %s: %s does not know this user; name one of its data, or recommend by --history"
            .formatted(this.who.user, who));
  }

  private List<RecommendService.Recommendation> forHistory(
      Session session, RecommendService service, Map<String, Object> json) throws CommandFailure {
    long[] items = new long[who.history.length];
    for (int i = 0; i < items.length; i++) {
      items[i] = ids.item("--history", who.history[i]);
    }
    int[] rows = service.rowsOf(items);
    List<String> unknown =
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

  private static void warn(Session session, String option, List<String> unknown) {
    if (!unknown.isEmpty()) {
      session
          .console()
          .note("%s: %d unknown items are ignored: %s".formatted(option, unknown.size(), unknown));
    }
  }
}
