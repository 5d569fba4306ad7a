package org.concertina.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.concertina.artifact.ArtifactInfo;
import org.concertina.artifact.UserSection;
import org.concertina.block.ArtifactLayout;
import org.concertina.block.BlockChoice;
import org.concertina.block.ElasticConfig;
import org.concertina.search.Budget;
import org.concertina.search.FrontFile;
import org.concertina.search.FrontPoint;
import org.concertina.train.TrainedModel;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code concertina pack}. */
@Command(
    name = "pack",
    description = {
      "Write the artifact of the best configuration that fits a budget.",
      "The whole file counts: header, directory, rows, padding and item ids; and a byte an item"
          + " for the prior if the model was trained with one.",
      "With --users the budget holds the users' vectors too, which leaves less for the items: the"
          + " front is looked up for what is left."
    })
final class PackCommand extends EngineCommand {
  /** A front that ends so far below the budget was searched for smaller budgets. */
  private static final double WORTH_A_SEARCH = 0.9;

  @Option(
      names = "--model",
      paramLabel = "MODEL",
      required = true,
      description =
          "Model that train wrote, or its refit: that has learned from all training data, and takes"
              + " the front of the model.")
  private Path model;

  @Option(
      names = "--front",
      paramLabel = "FRONT",
      required = true,
      description = "Front that search wrote for the model.")
  private Path front;

  @Option(
      names = "--budget",
      paramLabel = "SIZE",
      required = true,
      converter = BudgetConverter.class,
      description =
          "Largest size of the file: "
              + BudgetConverter.FORMS
              + ", or %% of the full fp32 item table.")
  private Budget budget;

  @Option(
      names = "--out",
      paramLabel = "ARTIFACT",
      required = true,
      description = "Artifact to write; its folder must exist.")
  private Path out;

  @Option(
      names = "--no-ids",
      description =
          "Leave the ids of items and users out; whoever serves the artifact must know its rows.")
  private boolean noIds;

  @Option(
      names = "--users",
      paramLabel = "PRECISION",
      defaultValue = "none",
      description =
          "Whether the artifact holds the users' vectors, and how: ${COMPLETION-CANDIDATES}"
              + " (default: ${DEFAULT-VALUE}).")
  private PackUsers users;

  @Override
  Report run(Session session) throws IOException, CommandFailure {
    OutputFiles.requireWritable("--out", out, model, front);
    try (TrainedModel trained = TrainedModel.open(model)) {
      FrontFile file = FrontFile.read(front);
      PackService service = PackService.of(trained, model, file, front, !noIds, users);
      long budgetBytes = budget.bytes(service.layout());
      FrontPoint point = service.best(file, budgetBytes);
      ArtifactInfo info = service.pack(point.config(), out);
      long userBytes = ArtifactLayout.align(info.userSectionBytes());
      long itemBytes = info.fileBytes() - userBytes;
      if (point.equals(file.front().points().getLast())
          && itemBytes < WORTH_A_SEARCH * (budgetBytes - userBytes)
          && itemBytes < service.layout().fullTableBytes()) {
        session
            .console()
            .note(
                "%s ends at %,d bytes; search with a budget of %s to use all of it"
                    .formatted(
                        front,
                        itemBytes,
                        userBytes == 0 ? budget : Budget.ofBytes(budgetBytes - userBytes)));
      }
      return report(info, point, budgetBytes, trained.header().refit() != null);
    }
  }

  private Report report(ArtifactInfo info, FrontPoint point, long budgetBytes, boolean refit) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("artifact", out.toString());
    json.put("refit", refit);
    json.put("budget", budget.toString());
    json.put("budgetBytes", budgetBytes);
    json.putAll(SearchReport.point(point, info.groups()));
    json.put("fileBytes", info.fileBytes());
    json.put("idBytes", info.idSectionBytes());
    json.put("hasPrior", info.hasPrior());
    json.put("items", info.items());
    json.put("users", info.users().map(UserSection::users).orElse(0));
    json.put("userBytes", info.userSectionBytes());
    json.put("userPrecision", info.users().isEmpty() ? null : users.toString());
    json.put("groups", groups(info.config()));
    String covers =
        info.coverage() < 1
            ? ", %s of the items; the others cannot be recommended"
                .formatted(Coverage.percent(info.coverage()))
            : "";
    String before = refit ? "before the refit, " : "";
    return new Report(
        json,
        List.of(
            "%s: %,d of %,d bytes%s%s"
                .formatted(out, info.fileBytes(), budgetBytes, usersText(info), covers),
            "%son the validation users who selected it: Recall@20 %.4f, NDCG@20 %.4f"
                .formatted(before, point.selection().recall(), point.selection().ndcg()),
            point
                .confirmation()
                .map(
                    verdict ->
                        "%son the validation users who confirmed it: Recall@20 %.4f, NDCG@20 %.4f"
                            .formatted(before, verdict.recall(), verdict.ndcg()))
                .orElse("not confirmed on other users")));
  }

  private String usersText(ArtifactInfo info) {
    return info.users()
        .map(all -> ", %,d of them %,d users in %s".formatted(all.bytes(), all.users(), users))
        .orElse("");
  }

  private static List<Map<String, Object>> groups(ElasticConfig config) {
    return config.choices().stream().map(PackCommand::group).toList();
  }

  private static Map<String, Object> group(BlockChoice choice) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("blocks", choice.keptBlocks());
    json.put("blockMask", "%x".formatted(choice.blockMask()));
    json.put("precision", choice.isDropped() ? null : SearchReport.name(choice));
    return json;
  }
}
