package org.concertina.train;

import java.lang.foreign.MemorySegment;
import java.util.List;
import org.concertina.interaction.InteractionMatrix;
import org.concertina.kernel.VectorOps;
import org.concertina.kernel.WorkerPool;
import org.concertina.memory.CappedArena;
import org.concertina.memory.FloatTable;
import org.concertina.metric.FullRanking;
import org.concertina.metric.RankingQuality;

/** Measures the full table of a model: everything ranks by cosine plus the item's prior. */
public final class TableRanking {
  private TableRanking() {}

  /**
   * Measures the mean quality over the users who have relevant items.
   *
   * @param prior {@code items} floats, or null for none
   * @param relevant the items to be found
   * @param excluded items that are not ranked, such as the training items
   * @param cutoffs the K of Recall@K and NDCG@K, ascending
   */
  public static List<RankingQuality> evaluate(
      VectorOps ops,
      WorkerPool pool,
      EmbeddingModel model,
      MemorySegment prior,
      InteractionMatrix relevant,
      List<InteractionMatrix> excluded,
      int... cutoffs) {
    try (CappedArena arena = CappedArena.unlimited()) {
      FloatTable items = UnitRows.of(arena, ops.rows(), pool, model.items());
      // The length of a user's vector changes no ranking, unless something is added to the product.
      FloatTable users =
          prior == null ? model.users() : UnitRows.of(arena, ops.rows(), pool, model.users());
      return new FullRanking(ops, pool).evaluate(users, items, prior, relevant, excluded, cutoffs);
    }
  }
}
