package org.concertina.serve;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Objects;
import org.concertina.block.GroupPacker;
import org.concertina.block.PackedElements;
import org.concertina.block.Precision;
import org.concertina.block.UnitUser;
import org.concertina.kernel.VectorOps;
import org.concertina.kernel.VectorOpsProvider;
import org.concertina.memory.CappedArena;
import org.concertina.memory.MemoryCap;
import org.concertina.metric.TopK;

/**
 * Recommends from a {@link DeviceRuntime}; one thread at a time.
 *
 * <p>Owns scratch memory that counts against the runtime's cap until {@link #close}. A request
 * allocates nothing once the JVM is warm and unless its {@code k} is larger than any before. It
 * costs one stream through the artifact's rows.
 *
 * <p>Scores are cosines, {@code s(u,i)} of the design: the dot product with the item's stored row,
 * divided by the norm of the whole user vector. Rows are ranked before that division, so ties are
 * exactly those of the dot products.
 *
 * <p>If the artifact's items have a prior, a score is the cosine plus the item's prior. The vector
 * is then divided by its norm before rows are scored, since its length would change the prior's
 * weight.
 */
public final class Recommender implements AutoCloseable {
  /** Largest norm of a user vector: keeps every partial sum of a score finite. */
  public static final float MAX_USER_NORM = 1e30f;

  private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT;
  private static final ValueLayout.OfFloat USER_FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;
  private static final int TILE_ROWS = VectorOps.TILE_ROWS;

  /** Scores of so many tiles, 4 kB, stay in the L1 cache until they are scanned. */
  private static final int CHUNK_TILES = 64;

  private final DeviceRuntime runtime;
  private final ServingPlan plan;
  private final VectorOps ops = VectorOpsProvider.get();
  private final OwnedMemory memory;
  private final MemorySegment scores;
  private final MemorySegment queries;
  private final MemorySegment history;
  private final MemorySegment seen;

  /** Null if items have no prior. */
  private final UnitUser unitUser;

  private TopK top = new TopK(1);

  Recommender(DeviceRuntime runtime, ServingPlan plan, MemoryCap cap) {
    this.runtime = runtime;
    this.plan = plan;
    this.memory = new OwnedMemory(cap);
    try {
      CappedArena arena = memory.arena();
      scores = arena.allocate(scoreBytes(plan), "scores of one chunk");
      queries = arena.allocate(plan.queryBytes, "gathered user vectors");
      history = arena.allocate(historyBytes(plan), "user vector of a history");
      seen = RowFilter.allocateWords(arena, plan.items);
      unitUser = plan.hasPrior ? new UnitUser(arena, ops, plan.shape) : null;
    } catch (RuntimeException | Error failure) {
      memory.close();
      throw failure;
    }
  }

  static long scratchBytes(ServingPlan plan) {
    return scoreBytes(plan)
        + plan.queryBytes
        + historyBytes(plan)
        + RowFilter.wordCount(plan.items) * Long.BYTES
        + (plan.hasPrior ? UnitUser.scratchBytes(plan.shape) : 0);
  }

  private static long scoreBytes(ServingPlan plan) {
    return (long) Math.min(CHUNK_TILES, plan.mostTiles(TILE_ROWS)) * TILE_ROWS * Float.BYTES;
  }

  private static long historyBytes(ServingPlan plan) {
    return (long) plan.shape.dim() * Float.BYTES;
  }

  /**
   * Recommends to a user of a known vector.
   *
   * <p>The vector need not be normalised. A zero vector prefers nothing: every score is 0 and the
   * lowest rows, those of the most popular group, come first; if items have a prior, every score is
   * the prior, and so a user of whom nothing is known gets what is popular.
   *
   * @param userVector d floats from the offset on, at any alignment
   * @param k how many, at least 1; fewer are returned if fewer rows are left
   * @param filter rows to leave out, or null for none
   * @param outRows receives the rows, best first; at least {@code min(k, items)} long
   * @param outScores receives their scores; at least as long
   * @return how many rows were written
   * @throws IllegalArgumentException if {@code k < 1}, an array is too short, the filter belongs to
   *     another catalogue, or the vector is not finite or longer than {@link #MAX_USER_NORM}
   * @throws IllegalStateException if this, the runtime or the filter is closed
   */
  public int recommend(
      MemorySegment userVector,
      long offsetBytes,
      int k,
      RowFilter filter,
      int[] outRows,
      float[] outScores) {
    begin(k, filter, outRows, outScores);
    Objects.checkFromIndexSize(offsetBytes, historyBytes(plan), userVector.byteSize());
    double norm = select(userVector, offsetBytes, filter, false);
    return write(norm, outRows, outScores);
  }

  /**
   * Recommends to the user of a history, which never leaves the device; rows of the history are
   * left out.
   *
   * <p>The user's vector is the one of {@link #userVectorOfHistory}; an empty history gives a zero
   * vector.
   *
   * @param historyRows rows of the user's items; rows outside of the catalogue, such as -1, are
   *     skipped; may be the same array as {@code outRows}
   * @param n length of the history
   * @see #recommend
   */
  public int recommendFromHistory(
      int[] historyRows, int n, int k, RowFilter filter, int[] outRows, float[] outScores) {
    begin(k, filter, outRows, outScores);
    Objects.checkFromIndexSize(0, n, historyRows.length);
    foldIn(historyRows, n);
    for (int i = 0; i < n; i++) {
      if (isRow(historyRows[i])) {
        RowFilter.set(seen, historyRows[i]);
      }
    }
    double norm;
    try {
      norm = select(history, 0, filter, true);
    } finally {
      for (int i = 0; i < n; i++) {
        if (isRow(historyRows[i])) {
          RowFilter.clear(seen, historyRows[i]);
        }
      }
    }
    return write(norm, outRows, outScores);
  }

  /**
   * Makes a user's vector from the packed rows of a history: {@code m^-1/2 * sum of the rows},
   * {@code m} being the number of known rows. Blocks that a row does not keep count as zero; a row
   * that comes twice counts twice.
   *
   * @param historyRows rows of the user's items; rows outside of the catalogue are skipped
   * @param n length of the history
   * @param out receives d floats from the offset on
   * @return m
   */
  public int userVectorOfHistory(int[] historyRows, int n, MemorySegment out, long offsetBytes) {
    checkOpen();
    Objects.checkFromIndexSize(0, n, historyRows.length);
    Objects.checkFromIndexSize(offsetBytes, historyBytes(plan), out.byteSize());
    int known = foldIn(historyRows, n);
    MemorySegment.copy(history, 0, out, offsetBytes, historyBytes(plan));
    return known;
  }

  /** Lets the JIT compile the request path; takes about a second. */
  public void warmUp() {
    new WarmUp(this, plan).run();
  }

  private boolean isRow(int row) {
    return row >= 0 && row < plan.items;
  }

  private void checkOpen() {
    runtime.checkOpen();
    if (memory.isClosed()) {
      throw new IllegalStateException("the recommender is closed");
    }
  }

  private void begin(int k, RowFilter filter, int[] outRows, float[] outScores) {
    checkOpen();
    if (k < 1) {
      throw new IllegalArgumentException("k: expected >= 1, got " + k);
    }
    int wanted = Math.min(k, plan.items);
    if (outRows.length < wanted || outScores.length < wanted) {
      throw new IllegalArgumentException(
          "outRows, outScores: expected room for %d, got %d and %d"
              .formatted(wanted, outRows.length, outScores.length));
    }
    if (filter != null && filter.rows() != plan.items) {
      throw new IllegalArgumentException(
          "filter: expected " + plan.items + " rows, got " + filter.rows());
    }
    if (top.capacity() < wanted) {
      top = new TopK(wanted);
    }
    top.reset(wanted);
  }

  private int foldIn(int[] rows, int n) {
    history.fill((byte) 0);
    int known = 0;
    for (int i = 0; i < n; i++) {
      if (isRow(rows[i])) {
        addRow(rows[i]);
        known++;
      }
    }
    if (known > 1) {
      float factor = (float) (1 / Math.sqrt(known));
      for (int k = 0; k < plan.shape.dim(); k++) {
        long at = (long) k * Float.BYTES;
        history.set(FLOAT, at, history.get(FLOAT, at) * factor);
      }
    }
    return known;
  }

  private void addRow(int row) {
    int group = plan.groupOf(row);
    int dims = plan.dims[group];
    int inGroup = row - plan.starts[group];
    long tile = inGroup / TILE_ROWS * plan.precisions[group].tileBytes(dims);
    long at = plan.rowsOffsets[group] + tile;
    int rowInTile = inGroup % TILE_ROWS;
    float factor =
        plan.precisions[group] == Precision.INT4
            ? PackedElements.inverseNormInt4(plan.bytes, at, rowInTile, dims)
            : plan.scales[group];
    int blockDim = plan.shape.blockDim();
    int element = 0;
    for (long left = plan.masks[group]; left != 0; left &= left - 1) {
      long to = (long) Long.numberOfTrailingZeros(left) * blockDim * Float.BYTES;
      for (int k = 0; k < blockDim; k++) {
        float stored = stored(group, at, rowInTile, element);
        history.set(FLOAT, to, Math.fma(factor, stored, history.get(FLOAT, to)));
        element++;
        to += Float.BYTES;
      }
    }
  }

  private float stored(int group, long tileAt, int rowInTile, int k) {
    return switch (plan.precisions[group]) {
      case FP32 -> PackedElements.fp32(plan.bytes, tileAt, rowInTile, k);
      case INT8 -> PackedElements.int8(plan.bytes, tileAt, rowInTile, k);
      case INT4 -> PackedElements.int4(plan.bytes, tileAt, rowInTile, k);
    };
  }

  /** Fills {@link #top}; returns the norm that its scores have to be divided by. */
  private double select(
      MemorySegment user, long userOffsetBytes, RowFilter filter, boolean skipSeen) {
    double norm = norm(user, userOffsetBytes);
    if (unitUser == null) {
      gather(user, userOffsetBytes);
    } else {
      gather(unitUser.of(user, userOffsetBytes), 0);
      norm = 1;
    }
    MemorySegment excluded = filter == null ? null : filter.words();
    for (int g = 0; g < plan.groups; g++) {
      rankGroup(g, excluded, skipSeen);
    }
    return norm;
  }

  private void gather(MemorySegment user, long userOffsetBytes) {
    for (int i = 0; i < plan.distinctMasks.length; i++) {
      GroupPacker.gatherUser(
          user,
          userOffsetBytes,
          plan.shape,
          plan.distinctMasks[i],
          queries,
          plan.distinctOffsets[i]);
    }
  }

  private int write(double norm, int[] outRows, float[] outScores) {
    top.sortInPlace();
    int size = top.size();
    for (int rank = 0; rank < size; rank++) {
      outRows[rank] = top.id(rank);
      outScores[rank] = norm == 0 ? 0f : (float) (top.score(rank) / norm);
    }
    return size;
  }

  private double norm(MemorySegment user, long offsetBytes) {
    double squared = 0;
    int dim = plan.shape.dim();
    for (int k = 0; k < dim; k++) {
      double value = user.get(USER_FLOAT, offsetBytes + (long) k * Float.BYTES);
      squared += value * value;
    }
    double norm = Math.sqrt(squared);
    if (!(norm <= MAX_USER_NORM)) {
      throw new IllegalArgumentException(
          "userVector: expected finite floats and a norm of at most %s, got norm %s"
              .formatted(MAX_USER_NORM, norm));
    }
    return norm;
  }

  private void rankGroup(int group, MemorySegment excluded, boolean skipSeen) {
    int dims = plan.dims[group];
    Precision precision = plan.precisions[group];
    long tileBytes = precision.tileBytes(dims);
    long tilesAt = plan.rowsOffsets[group];
    long queryAt = plan.queryOffsets[group];
    int end = plan.starts[group + 1];
    for (int row = plan.starts[group]; row < end; ) {
      int rows = Math.min(end - row, CHUNK_TILES * TILE_ROWS);
      int tiles = (rows + TILE_ROWS - 1) / TILE_ROWS;
      switch (precision) {
        case FP32 ->
            ops.scoreTilesFp32(plan.bytes, tilesAt, tiles, dims, queries, queryAt, scores, 0);
        case INT8 ->
            ops.scoreTilesInt8(
                plan.scales[group], plan.bytes, tilesAt, tiles, dims, queries, queryAt, scores, 0);
        case INT4 ->
            ops.scoreTilesInt4(plan.bytes, tilesAt, tiles, dims, queries, queryAt, scores, 0);
      }
      if (plan.hasPrior) {
        ops.addCodesInPlace(
            plan.priorScales[group],
            plan.priorBases[group],
            plan.bytes,
            plan.priorOffsets[group] + row - plan.starts[group],
            scores,
            0,
            tiles * TILE_ROWS);
      }
      scan(row, rows, excluded, skipSeen);
      tilesAt += tiles * tileBytes;
      row += rows;
    }
  }

  /**
   * Rows ascend, so a score that only ties with the threshold comes too late; NaN is above nothing.
   */
  private void scan(int firstRow, int rows, MemorySegment excluded, boolean skipSeen) {
    float threshold = top.threshold();
    int r = ops.indexAbove(threshold, scores, 0, 0, rows);
    while (r < rows) {
      float score = scores.get(FLOAT, (long) r * Float.BYTES);
      threshold = offer(score, firstRow + r, excluded, skipSeen);
      r = ops.indexAbove(threshold, scores, 0, r + 1, rows);
    }
  }

  private float offer(float score, int row, MemorySegment excluded, boolean skipSeen) {
    if ((excluded == null || !RowFilter.isSet(excluded, row))
        && !(skipSeen && RowFilter.isSet(seen, row))) {
      top.offer(score, row);
    }
    return top.threshold();
  }

  /** Gives the scratch back; closing again does nothing. */
  @Override
  public void close() {
    memory.close();
    runtime.forget(this);
  }
}
