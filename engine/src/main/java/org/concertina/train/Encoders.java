package org.concertina.train;

import org.concertina.interaction.InteractionMatrix;
import org.concertina.kernel.VectorOps;
import org.concertina.kernel.WorkerPool;
import org.concertina.memory.CappedArena;

/** Makes encoders and their weights. */
final class Encoders {
  private Encoders() {}

  /** Allocates the weights that an encoder trains; checkpoints hold them. */
  static EmbeddingModel allocateWeights(
      CappedArena arena, TrainConfig config, int users, int items) {
    TrainConfig.Encoding encoding = config.encoder();
    return EmbeddingModel.allocate(
        arena,
        encoding.kind() == EncoderKind.HISTORY ? 0 : users,
        items,
        encoding.baseDim(config.shape().dim()));
  }

  /**
   * The encoder over weights that hold their values already.
   *
   * @param optimizer of these weights
   */
  static Encoder create(
      CappedArena arena,
      VectorOps ops,
      WorkerPool pool,
      TrainConfig config,
      InteractionMatrix train,
      EmbeddingModel weights,
      RowOptimizer optimizer) {
    return switch (config.encoder().kind()) {
      case FACTOR -> new FactorEncoder(weights, optimizer);
      case GRAPH -> new GraphEncoder(arena, ops, pool, config, train, weights, optimizer);
      case HISTORY -> new HistoryEncoder(arena, ops, pool, config, train, weights, optimizer);
    };
  }
}
