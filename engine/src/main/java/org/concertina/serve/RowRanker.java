package org.concertina.serve;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.concertina.kernel.VectorOps;

/**
 * Streams through the packed rows and offers them to the users who ask: one stream for all of them,
 * so that rows come from the cache for every user but the first. Scratch of one thread.
 */
final class RowRanker {
  private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT;
  private static final int TILE_ROWS = VectorOps.TILE_ROWS;

  /** Scores of so many tiles, 4 kB, stay in the L1 cache until they are scanned. */
  private static final int CHUNK_TILES = 64;

  private final ServingPlan plan;
  private final VectorOps ops;
  private final MemorySegment scores;

  /** Takes {@link #scratchBytes} of scores, which whoever made them owns. */
  RowRanker(ServingPlan plan, VectorOps ops, MemorySegment scores) {
    this.plan = plan;
    this.ops = ops;
    this.scores = scores;
  }

  static long scratchBytes(ServingPlan plan) {
    return (long) Math.min(CHUNK_TILES, plan.mostTiles()) * TILE_ROWS * Float.BYTES;
  }

  /** Offers every row of every group that has a chance to the first {@code users} queries. */
  void rank(UserQuery[] queries, int users) {
    for (int g = 0; g < plan.groups; g++) {
      boolean asked = false;
      for (int u = 0; u < users; u++) {
        UserQuery query = queries[u];
        query.asksGroup =
            !plan.bounds.isBelow(query.top.threshold(), g, query.queryNorm(g), query.withPrior);
        if (query.asksGroup) {
          asked = true;
        } else {
          query.skippedGroups++;
        }
      }
      if (asked) {
        rankGroup(g, queries, users);
      }
    }
  }

  private void rankGroup(int group, UserQuery[] queries, int users) {
    int end = plan.starts[group + 1];
    for (int row = plan.starts[group]; row < end; ) {
      int rows = Math.min(end - row, CHUNK_TILES * TILE_ROWS);
      int tiles = (rows + TILE_ROWS - 1) / TILE_ROWS;
      for (int u = 0; u < users; u++) {
        if (queries[u].asksGroup) {
          scoreTiles(queries[u], group, row, tiles);
          scan(queries[u], row, rows);
        }
      }
      row += rows;
    }
  }

  /** The score of one row, which exists, with the bits that {@link #rank} ranks by. */
  float score(UserQuery query, int row) {
    int group = plan.groupOf(row);
    int rowInTile = plan.rowInTile(group, row);
    scoreTiles(query, group, row - rowInTile, 1);
    // Ranking takes negative zero for zero.
    return scores.get(FLOAT, (long) rowInTile * Float.BYTES) + 0f;
  }

  private void scoreTiles(UserQuery query, int group, int firstRow, int tiles) {
    int dims = plan.dims[group];
    long tilesAt = plan.tileOffset(group, firstRow);
    long queryAt = query.queryAt(group);
    switch (plan.precisions[group]) {
      case FP32 ->
          ops.scoreTilesFp32(plan.bytes, tilesAt, tiles, dims, query.queries, queryAt, scores, 0);
      case INT8 ->
          ops.scoreTilesInt8(
              plan.scales[group],
              plan.bytes,
              tilesAt,
              tiles,
              dims,
              query.queries,
              queryAt,
              scores,
              0);
      case INT4 ->
          ops.scoreTilesInt4(plan.bytes, tilesAt, tiles, dims, query.queries, queryAt, scores, 0);
    }
    if (query.withPrior) {
      ops.addCodesInPlace(
          plan.priorScales[group],
          plan.priorBases[group],
          plan.bytes,
          plan.priorOffsets[group] + firstRow - plan.starts[group],
          scores,
          0,
          tiles * TILE_ROWS);
    }
  }

  /**
   * Rows ascend, so a score that only ties with the threshold comes too late; NaN is above nothing.
   */
  private void scan(UserQuery query, int firstRow, int rows) {
    float threshold = query.top.threshold();
    int r = ops.indexAbove(threshold, scores, 0, 0, rows);
    while (r < rows) {
      float score = scores.get(FLOAT, (long) r * Float.BYTES);
      threshold = query.offer(score, firstRow + r);
      r = ops.indexAbove(threshold, scores, 0, r + 1, rows);
    }
  }
}
