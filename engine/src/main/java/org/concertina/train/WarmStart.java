package org.concertina.train;

import org.concertina.block.BlockShape;
import org.concertina.interaction.InteractionData;
import org.concertina.memory.FloatTable;

/**
 * Initial values from an earlier model: users and items it knows by their external ids begin where
 * it left them, new ones with noise.
 *
 * @param model the earlier model; must stay open until the run has begun
 * @param users users of the data that it knows
 * @param items items of the data that it knows
 */
public record WarmStart(TrainedModel model, int users, int items) {
  /**
   * Checks that a run may start from a model.
   *
   * @param refit whether the run trains on validation interactions too, so that the model may have
   * @throws ModelFormatException if its rows have another shape, it shares nothing with the data,
   *     or it has seen validation interactions; the message has no file name in front
   */
  public static WarmStart of(
      TrainedModel model, InteractionData data, TrainConfig config, boolean refit)
      throws ModelFormatException {
    EncoderKind kind = config.encoder().kind();
    if (kind == EncoderKind.GRAPH && config.encoder().combine() == GraphCombine.CONCAT) {
      throw new ModelFormatException(
          "its rows are as long as the whole embedding, and those behind layers side by side are"
              + " not; give --graph-combine mean, or train without --from");
    }
    if (kind == EncoderKind.HISTORY
        && model.header().config().encoder().kind() == EncoderKind.GRAPH) {
      throw new ModelFormatException(
          "a graph model's items are no summands of its users; train --encoder factor from it, or"
              + " train without --from");
    }
    if (model.header().refit() != null && !refit) {
      throw new ModelFormatException(
          "a refit model has seen the validation interactions that are to choose the epoch; name"
              + " the model it was refitted from (without .refit)");
    }
    BlockShape shape = model.header().config().shape();
    if (!shape.equals(config.shape())) {
      throw new ModelFormatException(
          "its rows have %d floats in %d blocks, this run's %d in %d; give --dim %1$d --blocks %2$d, or train without --from"
              .formatted(
                  shape.dim(), shape.blocks(), config.shape().dim(), config.shape().blocks()));
    }
    int users = 0;
    for (int user = 0; user < data.users(); user++) {
      users += model.userIndex(data.userId(user)) >= 0 ? 1 : 0;
    }
    int items = 0;
    for (int itemId : model.itemIds()) {
      items += data.itemIndex(itemId) >= 0 ? 1 : 0;
    }
    if (users == 0 || items == 0) {
      throw new ModelFormatException(
          "shares %,d users and %,d items with this data; was it trained on other ids?"
              .formatted(users, items));
    }
    return new WarmStart(model, users, items);
  }

  /**
   * Overwrites the rows that the earlier model knows; a history encoder has no user rows.
   *
   * @param unit whether to divide rows by their norms: a graph encoder adds rows up before it
   *     normalises, so that the norms an earlier model happened to end with would weight neighbours
   */
  void copyInto(EmbeddingModel fresh, InteractionData data, boolean unit) {
    EmbeddingModel earlier = model.embeddings();
    for (int user = 0; user < fresh.users().rows(); user++) {
      int from = model.userIndex(data.userId(user));
      if (from >= 0) {
        copyRow(earlier.users(), from, fresh.users(), user, unit);
      }
    }
    int[] itemIds = model.itemIds();
    for (int from = 0; from < itemIds.length; from++) {
      int item = data.itemIndex(itemIds[from]);
      if (item >= 0) {
        copyRow(earlier.items(), from, fresh.items(), item, unit);
      }
    }
  }

  private static void copyRow(
      FloatTable from, long fromRow, FloatTable to, long toRow, boolean unit) {
    double squares = 0;
    for (int d = 0; d < to.dim(); d++) {
      squares += (double) from.get(fromRow, d) * from.get(fromRow, d);
    }
    double scale = unit && squares > 0 ? 1 / Math.sqrt(squares) : 1;
    for (int d = 0; d < to.dim(); d++) {
      to.set(toRow, d, (float) (from.get(fromRow, d) * scale));
    }
  }
}
