package org.concertina.metric;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.stream.IntStream;
import org.concertina.interaction.InteractionMatrix;
import org.concertina.kernel.MatmulOps;
import org.concertina.kernel.RowOps;
import org.concertina.kernel.ScanOps;
import org.concertina.kernel.Transpose;
import org.concertina.kernel.VectorOps;
import org.concertina.kernel.WorkerPool;
import org.concertina.memory.CappedArena;
import org.concertina.memory.FloatTable;

/**
 * Ranks the whole catalogue for every user and measures the quality of the ranking.
 *
 * <p>Scores are dot products of user and item rows, plus an item's prior if there are priors; items
 * to be excluded are masked; equal scores rank by lower item. A tile of users is multiplied with
 * panels of items, and only scores above the user's threshold are looked at. The result does not
 * depend on the number of threads.
 */
public final class FullRanking {
  private static final int TILE_USERS = 48;
  private static final int PANEL_ITEMS = 1024;

  private final RowOps rowOps;
  private final MatmulOps matmulOps;
  private final ScanOps scanOps;
  private final WorkerPool pool;

  /** Evaluates with these operations on these threads. */
  public FullRanking(VectorOps ops, WorkerPool pool) {
    this.rowOps = ops.rows();
    this.matmulOps = ops.matmul();
    this.scanOps = ops.scan();
    this.pool = pool;
  }

  /**
   * Measures the mean quality over the users who have relevant items.
   *
   * @param users user vectors, one row a user; a padded row is used whole, padding being zero
   * @param items item vectors, one row an item, of the same dim
   * @param prior what is added to an item's products, {@code items} floats, or null for nothing
   * @param relevant the items to be found
   * @param excluded items that are not ranked, such as the training items
   * @param cutoffs the K of Recall@K and NDCG@K, ascending
   */
  public List<RankingQuality> evaluate(
      FloatTable users,
      FloatTable items,
      MemorySegment prior,
      InteractionMatrix relevant,
      List<InteractionMatrix> excluded,
      int... cutoffs) {
    if (users.dim() != items.dim()) {
      throw new IllegalArgumentException(
          "dim: users have %d, items have %d".formatted(users.dim(), items.dim()));
    }
    int[] judged =
        IntStream.range(0, relevant.users()).filter(u -> relevant.degree(u) > 0).toArray();
    int itemCount = (int) items.rows();
    int panels = (itemCount + PANEL_ITEMS - 1) / PANEL_ITEMS;
    int dim = items.dim();
    int tiles = (judged.length + TILE_USERS - 1) / TILE_USERS;
    RankingAccumulator[] perTile = new RankingAccumulator[tiles];
    try (CappedArena arena = CappedArena.unlimited()) {
      MemorySegment packed =
          arena.allocateFloats((long) panels * PANEL_ITEMS * dim, "item panels of the ranking");
      pool.run(panels, (panel, worker) -> packPanel(items, panel, packed));
      Worker[] workers = new Worker[pool.threads()];
      for (int w = 0; w < workers.length; w++) {
        workers[w] =
            new Worker(arena, users, packed, prior, itemCount, relevant, excluded, cutoffs);
      }
      pool.run(tiles, (tile, worker) -> perTile[tile] = workers[worker].rankTile(judged, tile));
    }
    RankingAccumulator total = new RankingAccumulator(cutoffs);
    for (RankingAccumulator tile : perTile) {
      total.merge(tile);
    }
    return total.result();
  }

  private static void packPanel(FloatTable items, int panel, MemorySegment packed) {
    int first = panel * PANEL_ITEMS;
    int count = (int) Math.min(PANEL_ITEMS, items.rows() - first);
    Transpose.transpose(
        count,
        items.dim(),
        items.segment(),
        items.rowOffsetBytes(first),
        items.stride(),
        packed,
        (long) first * items.dim() * Float.BYTES,
        PANEL_ITEMS);
  }

  private final class Worker {
    private final FloatTable users;
    private final MemorySegment panels;
    private final MemorySegment prior;
    private final int itemCount;
    private final InteractionMatrix relevant;
    private final List<InteractionMatrix> excluded;
    private final int[] cutoffs;
    private final MemorySegment userTile;
    private final MemorySegment scores;
    private final ScoreScan scan;
    private final TopK[] best = new TopK[TILE_USERS];

    Worker(
        CappedArena arena,
        FloatTable users,
        MemorySegment panels,
        MemorySegment prior,
        int itemCount,
        InteractionMatrix relevant,
        List<InteractionMatrix> excluded,
        int[] cutoffs) {
      this.users = users;
      this.panels = panels;
      this.prior = prior;
      this.itemCount = itemCount;
      this.relevant = relevant;
      this.excluded = excluded;
      this.cutoffs = cutoffs;
      this.userTile = arena.allocateFloats((long) users.dim() * TILE_USERS, "user tile");
      this.scores = arena.allocateFloats((long) TILE_USERS * PANEL_ITEMS, "score tile");
      int k = new RankingAccumulator(cutoffs).maxCutoff();
      this.scan = new ScoreScan(scanOps, arena, k);
      for (int i = 0; i < TILE_USERS; i++) {
        best[i] = new TopK(k);
      }
    }

    RankingAccumulator rankTile(int[] judged, int tile) {
      int first = tile * TILE_USERS;
      int count = Math.min(TILE_USERS, judged.length - first);
      int dim = users.dim();
      for (int i = 0; i < count; i++) {
        best[i].reset();
        long row = users.rowOffsetBytes(judged[first + i]);
        Transpose.transpose(
            1,
            dim,
            users.segment(),
            row,
            users.stride(),
            userTile,
            (long) i * Float.BYTES,
            TILE_USERS);
      }
      for (int item = 0; item < itemCount; item += PANEL_ITEMS) {
        int width = Math.min(PANEL_ITEMS, itemCount - item);
        scores.fill((byte) 0);
        long panel = (long) item * dim * Float.BYTES;
        matmulOps.matmulAdd(
            count,
            width,
            dim,
            userTile,
            0,
            1,
            TILE_USERS,
            panels,
            panel,
            PANEL_ITEMS,
            scores,
            0,
            PANEL_ITEMS);
        for (int i = 0; i < count; i++) {
          long row = (long) i * PANEL_ITEMS * Float.BYTES;
          if (prior != null) {
            rowOps.axpyInPlace(1f, prior, (long) item * Float.BYTES, scores, row, width);
          }
          for (InteractionMatrix matrix : excluded) {
            mask(matrix, judged[first + i], item, width, row);
          }
          scan.offer(best[i], item, scores, row, width);
        }
      }
      RankingAccumulator quality = new RankingAccumulator(cutoffs);
      for (int i = 0; i < count; i++) {
        int user = judged[first + i];
        best[i].sortInPlace();
        quality.add(best[i], relevant.itemIndices(), relevant.begin(user), relevant.end(user));
      }
      return quality;
    }

    private void mask(InteractionMatrix matrix, int user, int firstItem, int width, long row) {
      for (long p = matrix.begin(user), end = matrix.end(user); p < end; p++) {
        int column = matrix.itemAt(p) - firstItem;
        if (column >= width) {
          return;
        }
        if (column >= 0) {
          scores.set(
              ValueLayout.JAVA_FLOAT, row + (long) column * Float.BYTES, Float.NEGATIVE_INFINITY);
        }
      }
    }
  }
}
