package org.concertina.serve;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.concertina.block.Precision;
import org.concertina.block.ScreenBounds;
import org.concertina.kernel.RowOps;
import org.concertina.kernel.ScanOps;
import org.concertina.kernel.ScreenOps;
import org.concertina.kernel.ScreenTask;
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

  /** Rows of so many tiles stay in the L2 cache for the next user. */
  private static final int SHARED_TILES = 64;

  /** The first run of tiles, of which all rows are candidates; the next are twice as long. */
  private static final int FIRST_TILES = 4;

  private final ServingPlan plan;
  private final RowOps rowOps;
  private final TileOps tileOps;
  private final ScreenOps screenOps;
  private final ScanOps scanOps;
  private final RowScores rowScores;

  /** Of a chunk: scores, or entries of rows that were screened. */
  private final MemorySegment scores;

  /** Entries that it has room for. */
  private final int capacity;

  /** Tiles of the next run. */
  private int runTiles;

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
    this.rowScores = new RowScores(plan);
    this.capacity = (int) (chunkBytes(plan) / ScreenOps.ENTRY_BYTES);
    this.zeroCodesAt = chunkBytes(plan);
  }

  static long scratchBytes(ServingPlan plan) {
    return chunkBytes(plan) + (plan.hasPrior ? chunkRows(plan) : 0);
  }

  private static long chunkBytes(ServingPlan plan) {
    long entriesOfTile = (long) TILE_ROWS * ScreenOps.ENTRY_BYTES;
    return Math.max(chunkRows(plan) * Float.BYTES, plan.screensAny() ? entriesOfTile : 0);
  }

  private static long chunkRows(ServingPlan plan) {
    return (long) Math.min(CHUNK_TILES, plan.mostTiles()) * TILE_ROWS;
  }

  /** Offers every row of every group that has a chance to the first {@code users} queries. */
  void rank(UserQuery[] queries, int users) {
    runTiles = FIRST_TILES;
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
    int tiles = plan.tileCount(group);
    int mostTiles = users == 1 ? plan.mostTiles() : SHARED_TILES;
    for (int tile = 0; tile < tiles; ) {
      int end = Math.min(tiles, tile + runTiles);
      for (int u = 0; u < users; u++) {
        if (queries[u].asksGroup) {
          rankTiles(queries[u], group, tile, end);
        }
      }
      tile = end;
      runTiles = Math.min(2 * runTiles, mostTiles);
    }
  }

  /** Offers the rows of tiles of a group, as many at a time as there is room for. */
  private void rankTiles(UserQuery query, int group, int firstTile, int endTile) {
    int end = plan.starts[group + 1];
    for (int tile = firstTile; tile < endTile; ) {
      int row = plan.starts[group] + tile * TILE_ROWS;
      if (query.screensGroup) {
        query.prepareTiles(group, row, endTile - tile);
        takeScreened(query, row, end, screenTiles(query.task, plan.precisions[group]));
        tile += query.task.tilesDone;
      } else {
        int tiles = Math.min(CHUNK_TILES, endTile - tile);
        scoreTiles(query, group, row, tiles);
        scan(query, row, Math.min(end - row, tiles * TILE_ROWS));
        tile += tiles;
      }
    }
  }

  /** The score of one row, which exists, with the bits that {@link #rank} ranks by. */
  float score(UserQuery query, int row) {
    // Ranking takes negative zero for zero.
    return rowScores.score(query, plan.groupOf(row), row) + 0f;
  }

  private void scoreTiles(UserQuery query, int group, int firstRow, int tiles) {
    int dims = plan.dims[group];
    long tilesAt = plan.tileOffset(group, firstRow);
    long queryAt = query.queryAt(group);
    switch (plan.precisions[group]) {
      case FP32 ->
          tileOps.scoreTilesFp32(
              plan.bytes, tilesAt, tiles, dims, query.queries, queryAt, scores, 0);
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
              0);
      case INT4 ->
          tileOps.scoreTilesInt4(
              plan.bytes, tilesAt, tiles, dims, query.queries, queryAt, scores, 0);
      case INT2 ->
          tileOps.scoreTilesInt2(
              plan.bytes, tilesAt, tiles, dims, query.queries, queryAt, scores, 0);
    }
    addPrior(query, group, firstRow, tiles);
  }

  private void addPrior(UserQuery query, int group, int firstRow, int tiles) {
    if (query.withPrior) {
      boolean coded = plan.priorOffsets[group] >= 0;
      rowOps.addCodesInPlace(
          plan.priorScales[group],
          plan.priorBases[group],
          coded ? plan.bytes : scores,
          coded ? plan.priorOffsets[group] + firstRow - plan.starts[group] : zeroCodesAt,
          scores,
          0,
          tiles * TILE_ROWS);
    }
  }

  private int screenTiles(ScreenTask task, Precision precision) {
    task.capacity = capacity;
    return switch (precision) {
      case FP32, INT8 -> screenOps.screenTilesInt8(task, scores, 0);
      case INT4 -> screenOps.screenTilesInt4(task, scores, 0);
      case INT2 -> screenOps.screenTilesInt2(task, scores, 0);
    };
  }

  /** Keeps the rows that screening cannot rule out. */
  private void takeScreened(UserQuery query, int firstRow, int endRow, int entries) {
    float margin = query.screenMargin;
    Candidates candidates = query.candidates;
    float threshold = query.threshold();
    float bar = query.task.bar;
    for (int i = 0; i < entries; i++) {
      long entry = scores.get(ValueLayout.JAVA_LONG, (long) i * ScreenOps.ENTRY_BYTES);
      float screened = ScreenOps.score(entry);
      int row = firstRow + ScreenOps.row(entry);
      if (screened > bar && row < endRow && query.admits(row)) {
        candidates.add(
            row,
            ScreenBounds.lowestScore(screened, margin),
            ScreenBounds.highestScore(screened, margin));
        if (candidates.isFull()) {
          settle(query);
        }
        float raised = query.threshold();
        if (raised != threshold) {
          threshold = raised;
          bar = ScreenBounds.threshold(threshold, margin);
        }
      }
    }
  }

  /** Gives the candidates that still have a chance their exact scores. */
  private void settle(UserQuery query) {
    Candidates candidates = query.candidates;
    int group = 0;
    for (int i = 0; i < candidates.size(); i++) {
      if (candidates.upper(i) < query.threshold()) {
        continue;
      }
      int row = candidates.row(i);
      while (row >= plan.starts[group + 1]) {
        group++;
      }
      query.top.offer(rowScores.score(query, group, row), row);
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
