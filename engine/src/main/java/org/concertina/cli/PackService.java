package org.concertina.cli;

import java.io.IOException;
import java.nio.file.Path;
import org.concertina.artifact.ArtifactInfo;
import org.concertina.artifact.ArtifactWriter;
import org.concertina.artifact.Provenance;
import org.concertina.artifact.UserVectors;
import org.concertina.block.ArtifactLayout;
import org.concertina.block.ElasticConfig;
import org.concertina.block.Groups;
import org.concertina.block.RowOrder;
import org.concertina.search.BudgetTooSmallException;
import org.concertina.search.FrontFile;
import org.concertina.search.FrontPoint;
import org.concertina.train.ModelHeader;
import org.concertina.train.TrainedModel;

/** Writes artifacts of one model. */
final class PackService {
  private final TrainedModel model;
  private final boolean ids;
  private final PackUsers packUsers;
  private final UserVectors users;
  private final RowOrder order;
  private final ArtifactLayout layout;
  private final Provenance provenance;

  /** A service for artifacts without users. */
  PackService(TrainedModel model, Groups groups, boolean ids) {
    this(model, groups, ids, PackUsers.NONE);
  }

  /**
   * @param groups of the configurations to pack
   * @param ids whether artifacts hold the external ids
   * @param packUsers what artifacts hold of the model's users
   */
  PackService(TrainedModel model, Groups groups, boolean ids, PackUsers packUsers) {
    this.model = model;
    this.ids = ids;
    this.packUsers = packUsers;
    this.users = packUsers.of(model, ids);
    this.order = RowOrder.byId(groups, model.itemIds());
    this.layout =
        SearchService.layout(model, order, ids)
            .withUsers(users == null ? 0 : users.section().bytes());
    ModelHeader header = model.header();
    this.provenance =
        new Provenance(
            header.dataHash(), model.tableHash(), header.config().seed(), EngineVersion.current());
  }

  ArtifactLayout layout() {
    return layout;
  }

  /**
   * A service for the groups of a front. A refit takes the front of the model that it is a refit
   * of: it has seen the validation interactions, but they have not chosen by it.
   *
   * @throws CommandFailure if the front was searched for another model
   */
  static PackService of(
      TrainedModel model,
      Path modelFile,
      FrontFile front,
      Path frontFile,
      boolean ids,
      PackUsers users)
      throws CommandFailure {
    ModelHeader.Refit refit = model.header().refit();
    long searched = refit == null ? model.tableHash() : refit.chosenHash();
    if (!front.provenance().modelHash().equals(Json.hash(searched))
        || !front.provenance().dataHash().equals(Json.hash(model.header().dataHash()))) {
      throw new CommandFailure(
          "%s: searched for another model than %s%s; name that one, or search again"
              .formatted(frontFile, modelFile, refit == null ? "" : ", or than it is a refit of"));
    }
    return new PackService(model, front.groups(), ids, users);
  }

  /**
   * The best point of a front that fits a budget, by this service's costs: leaving ids out makes
   * artifacts smaller than the search counted, and users make them larger.
   *
   * @throws BudgetTooSmallException if none fits
   */
  FrontPoint best(FrontFile front, long budgetBytes) {
    FrontPoint best = null;
    for (FrontPoint point : front.front().points()) {
      if (layout.fileBytes(point.config()) <= budgetBytes) {
        best = point;
      }
    }
    if (best == null) {
      throw new BudgetTooSmallException(
          budgetBytes,
          layout.fileBytes(front.front().points().getFirst().config()),
          remedy(budgetBytes));
    }
    return best;
  }

  private String remedy(long budgetBytes) {
    if (users == null) {
      return "raise the budget, or search for smaller ones";
    }
    return "its users take %d bytes%s; raise the budget%s, or leave users out"
        .formatted(
            layout.userBytes(),
            layout.userBytes() > budgetBytes ? ", which alone is more than the budget" : "",
            packUsers == PackUsers.FP32 ? ", pack them as int8" : "");
  }

  /** Writes the artifact of a configuration. */
  ArtifactInfo pack(ElasticConfig config, Path out) throws IOException {
    return ArtifactWriter.write(
        out,
        model.embeddings().items(),
        model.prior(),
        layout.shape(),
        order,
        config,
        ids ? model.itemIds() : null,
        users,
        provenance);
  }
}
