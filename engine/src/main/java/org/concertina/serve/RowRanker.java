package org.concertina.serve;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.concertina.block.Precision;
import org.concertina.kernel.RowOps;
import org.concertina.kernel.ScanOps;
import org.concertina.kernel.ScreenOps;
import org.concertina.kernel.TileOps;
import org.concertina.kernel.VectorOps;

/**
 * Streams through the packed rows and offers them to the users who ask: one stream for all of them,
 * so that rows come from the cache for every user but the first. Scratch of one thread.
 *
 * <p>Where kernels screen, a row is first scored with the user's vector in bytes, by products of
 * integers, and exactly only if that cannot rule it out, in the end; no result shows it.
 */
final class RowRanker {
  private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT;
  private static final int TILE_ROWS = TileOps.TILE_ROWS;

  /** Scores of so many tiles, 8 kB, stay in the L1 cache until they are scanned. */
  private static final int CHUNK_TILES = 128;

  private final ServingPlan plan;
  private final RowOps rowOps;
  private final TileOps tileOps;
  private final ScreenOps screenOps;
  private final ScanOps scanOps;
  private final MemorySegment scores;

  /** Where the exact scores of one tile stand, behind those of a chunk. */
  private final long exactAt;

  /** Where a chunk of zeros stands, the codes of a group that keeps one prior for all rows. */
  private final long zeroCodesAt;

  /** Takes {@link #scratchBytes} of zeros, which whoever made them owns. */
  RowRanker(ServingPlan plan, VectorOps ops, MemorySegment scores) {
    this.plan = plan;
    this.rowOps = ops.rows();
    this.tileOps = ops.tiles();
    this.screenOps = ops.screen();
    this.scanOps = ops.scan();
    this.scores = scores;
    this.exactAt = chunkBytes(plan);
    this.zeroCodesAt = exactAt + TILE_ROWS * Float.BYTES;
  }

  static long scratchBytes(ServingPlan plan) {
    long zeroCodes = chunkBytes(plan) / Float.BYTES;
    return chunkBytes(plan) + TILE_ROWS * Float.BYTES + (plan.hasPrior ? zeroCodes : 0);
  }

  private static long chunkBytes(ServingPlan plan) {
    return (long) Math.min(CHUNK_TILES, plan.mostTiles()) * TILE_ROWS * Float.BYTES;
  }

  /** Offers every row of every group that has a chance to the first {@code users} queries. */
  void rank(UserQuery[] queries, int users) {
    for (int g : plan.kept) {
      boolean asked = false;
      for (int u = 0; u < users; u++) {
        UserQuery query = queries[u];
        query.asksGroup =
            !plan.bounds.isBelow(query.threshold(), g, query.queryNorm(g), query.withPrior);
        if (query.asksGroup) {
          asked = true;
          query.prepareScreen(g);
        } else {
          query.skippedGroups++;
        }
      }
      if (asked) {
        rankGroup(g, queries, users);
      }
    }
    for (int u = 0; u < users; u++) {
      settle(queries[u]);
    }
  }

  private void rankGroup(int group, UserQuery[] queries, int users) {
    int end = plan.starts[group + 1];
    for (int row = plan.starts[group]; row < end; ) {
      int rows = Math.min(end - row, CHUNK_TILES * TILE_ROWS);
      int tiles = (rows + TILE_ROWS - 1) / TILE_ROWS;
      for (int u = 0; u < users; u++) {
        if (queries[u].asksGroup) {
          rankChunk(queries[u], group, row, tiles, rows);
        }
      }
      row += rows;
    }
  }

  private void rankChunk(UserQuery query, int group, int firstRow, int tiles, int rows) {
    if (query.screenFactor != 0) {
      screenTiles(query, group, firstRow, tiles);
      scanScreened(query, firstRow, rows);
    } else {
      scoreTiles(query, group, firstRow, tiles, 0);
      scan(query, firstRow, rows);
    }
  }

  /** The score of one row, which exists, with the bits that {@link #rank} ranks by. */
  float score(UserQuery query, int row) {
    int group = plan.groupOf(row);
    int rowInTile = plan.rowInTile(group, row);
    scoreTiles(query, group, row - rowInTile, 1, 0);
    // Ranking takes negative zero for zero.
    return scores.get(FLOAT, (long) rowInTile * Float.BYTES) + 0f;
  }

  private void scoreTiles(UserQuery query, int group, int firstRow, int tiles, long outAt) {
    int dims = plan.dims[group];
    long tilesAt = plan.tileOffset(group, firstRow);
    long queryAt = query.queryAt(group);
    switch (plan.precisions[group]) {
      case FP32 ->
          tileOps.scoreTilesFp32(
              plan.bytes, tilesAt, tiles, dims, query.queries, queryAt, scores, outAt);
      case INT8 ->
          tileOps.scoreTilesInt8(
              plan.scales[group],
              plan.bytes,
              tilesAt,
              tiles,
              dims,
              query.queries,
              queryAt,
              scores,
              outAt);
      case INT4 ->
          tileOps.scoreTilesInt4(
              plan.bytes, tilesAt, tiles, dims, query.queries, queryAt, scores, outAt);
      case INT2 ->
          tileOps.scoreTilesInt2(
              plan.bytes, tilesAt, tiles, dims, query.queries, queryAt, scores, outAt);
    }
    addPrior(query, group, firstRow, tiles, outAt);
  }

  private void addPrior(UserQuery query, int group, int firstRow, int tiles, long outAt) {
    if (query.withPrior) {
      boolean coded = plan.priorOffsets[group] >= 0;
      rowOps.addCodesInPlace(
          plan.priorScales[group],
          plan.priorBases[group],
          coded ? plan.bytes : scores,
          coded ? plan.priorOffsets[group] + firstRow - plan.starts[group] : zeroCodesAt,
          scores,
          outAt,
          tiles * TILE_ROWS);
    }
  }

  private void screenTiles(UserQuery query, int group, int firstRow, int tiles) {
    TileBounds known = plan.tileBounds;
    // Any memory will do where there are no bounds.
    MemorySegment bounds = known == null ? scores : known.bounds();
    long boundsAt = known == null ? -1 : known.offsetBytes(group, firstRow);
    int firstDims = query.firstDims;
    float rest = query.restNorm;
    float bar = firstDims == 0 ? 0 : query.firstDimsBar(group);
    MemorySegment codes = query.codes.codes();
    long codesAt = query.codes.codesAt(group);
    int dims = plan.dims[group];
    float factor = query.screenFactor;
    Precision precision = plan.precisions[group];
    boolean floats = precision == Precision.FP32;
    MemorySegment rows = floats ? plan.floatCodes.codes() : plan.bytes;
    long at =
        floats ? plan.floatCodes.tileOffset(group, firstRow) : plan.tileOffset(group, firstRow);
    switch (precision) {
      case FP32, INT8 ->
          screenOps.screenTilesInt8(
              factor, rows, at, tiles, dims, codes, codesAt, bounds, boundsAt, firstDims, rest, bar,
              scores, 0);
      case INT4 ->
          screenOps.screenTilesInt4(
              factor, rows, at, tiles, dims, codes, codesAt, bounds, boundsAt, firstDims, rest, bar,
              scores, 0);
      case INT2 ->
          screenOps.screenTilesInt2(
              factor, rows, at, tiles, dims, codes, codesAt, bounds, boundsAt, firstDims, rest, bar,
              scores, 0);
    }
    addPrior(query, group, firstRow, tiles, 0);
  }

  /** Keeps the rows that screening cannot rule out. */
  private void scanScreened(UserQuery query, int firstRow, int rows) {
    double margin = query.screenMargin;
    Candidates candidates = query.candidates;
    float threshold = query.threshold();
    float bar = GroupBounds.screenThreshold(threshold, margin);
    int r = scanOps.indexAbove(bar, scores, 0, 0, rows);
    while (r < rows) {
      int row = firstRow + r;
      if (query.admits(row)) {
        float screened = scores.get(FLOAT, (long) r * Float.BYTES);
        candidates.add(
            row,
            GroupBounds.lowestScore(screened, margin),
            GroupBounds.highestScore(screened, margin));
        if (candidates.isFull()) {
          settle(query);
        }
        float raised = query.threshold();
        if (raised != threshold) {
          threshold = raised;
          bar = GroupBounds.screenThreshold(threshold, margin);
        }
      }
      r = scanOps.indexAbove(bar, scores, 0, r + 1, rows);
    }
  }

  /** Gives the candidates that still have a chance their exact scores. */
  private void settle(UserQuery query) {
    Candidates candidates = query.candidates;
    int scoredTile = -1;
    int group = 0;
    for (int i = 0; i < candidates.size(); i++) {
      if (candidates.upper(i) < query.threshold()) {
        continue;
      }
      int row = candidates.row(i);
      while (row >= plan.starts[group + 1]) {
        group++;
      }
      int rowInTile = plan.rowInTile(group, row);
      int tile = row - rowInTile;
      if (tile != scoredTile) {
        scoreTiles(query, group, tile, 1, exactAt);
        scoredTile = tile;
      }
      query.top.offer(scores.get(FLOAT, exactAt + (long) rowInTile * Float.BYTES), row);
    }
    candidates.clear();
  }

  /**
   * Rows ascend, so a score that only ties with the threshold comes too late; NaN is above nothing.
   */
  private void scan(UserQuery query, int firstRow, int rows) {
    float threshold = query.threshold();
    int r = scanOps.indexAbove(threshold, scores, 0, 0, rows);
    while (r < rows) {
      if (query.admits(firstRow + r)) {
        query.top.offer(scores.get(FLOAT, (long) r * Float.BYTES), firstRow + r);
        threshold = query.threshold();
      }
      r = scanOps.indexAbove(threshold, scores, 0, r + 1, rows);
    }
  }
}
