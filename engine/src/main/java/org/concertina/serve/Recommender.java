package org.concertina.serve;

import java.lang.foreign.MemorySegment;
import java.util.Objects;
import org.concertina.artifact.StoredUsers;
import org.concertina.block.UnitUser;
import org.concertina.kernel.VectorOps;
import org.concertina.memory.CappedArena;
import org.concertina.memory.MemoryCap;

/**
 * Recommends from a {@link DeviceRuntime}; one thread at a time.
 *
 * <p>Owns scratch memory that counts against the runtime's cap until {@link #close}. A request
 * allocates nothing once the JVM is warm and unless its {@code k} is above 128 and any before. It
 * costs one stream through the rows of those groups that can hold one of the best; skipping the
 * others changes no result.
 *
 * <p>Items of a dropped group are unknown, as those outside of the catalogue are: they are never
 * recommended, count for nothing in a history, have no score and nothing that is similar.
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
  public static final float MAX_USER_NORM = StoredUsers.MAX_NORM;

  private final DeviceRuntime runtime;
  private final ServingPlan plan;
  private final OwnedMemory memory;
  private final HistoryVector history;
  private final MemorySegment seen;
  private final UserQuery query;
  private final UserQuery[] queries;
  private final RowRanker ranker;

  Recommender(DeviceRuntime runtime, ServingPlan plan, MemoryCap cap, VectorOps ops) {
    this.runtime = runtime;
    this.plan = plan;
    this.memory = new OwnedMemory(cap);
    try {
      CappedArena arena = memory.arena();
      ranker =
          new RowRanker(
              plan, ops, arena.allocate(RowRanker.scratchBytes(plan), "scores of one chunk"));
      history =
          new HistoryVector(plan, arena.allocate(plan.vectorBytes(), "user vector of a history"));
      seen = RowFilter.allocateWords(arena, plan.items);
      UnitUser unitUser = plan.hasPrior ? new UnitUser(arena, ops.rows(), plan.shape) : null;
      query = new UserQuery(plan, ops.screen(), arena, unitUser);
      queries = new UserQuery[] {query};
    } catch (RuntimeException | Error failure) {
      memory.close();
      throw failure;
    }
  }

  static long scratchBytes(ServingPlan plan) {
    return RowRanker.scratchBytes(plan)
        + UserQuery.scratchBytes(plan)
        + plan.vectorBytes()
        + RowFilter.wordCount(plan.items) * Long.BYTES
        + (plan.hasPrior ? UnitUser.scratchBytes(plan.shape) : 0);
  }

  OwnedMemory memory() {
    return memory;
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
   * @throws IllegalArgumentException if {@code k < 1}, an array is too short, the filter is not of
   *     this runtime, or the vector is not finite or longer than {@link #MAX_USER_NORM}
   * @throws IllegalStateException if this, the runtime or the filter is closed
   */
  public int recommend(
      MemorySegment userVector,
      long offsetBytes,
      int k,
      RowFilter filter,
      int[] outRows,
      float[] outScores) {
    begin(k, filter, null, outRows, outScores);
    plan.checkVector(userVector, offsetBytes);
    return rank(userVector, offsetBytes, true, outRows, outScores);
  }

  /**
   * Recommends to a user of a known vector what is not among the rows that the user has seen.
   *
   * @param seenRows rows to leave out besides the filter's; rows outside of the catalogue are
   *     skipped; may be the same array as {@code outRows}
   * @param n how many
   * @see #recommend
   */
  public int recommendUnseen(
      MemorySegment userVector,
      long offsetBytes,
      int[] seenRows,
      int n,
      int k,
      RowFilter filter,
      int[] outRows,
      float[] outScores) {
    begin(k, filter, seen, outRows, outScores);
    plan.checkVector(userVector, offsetBytes);
    return rankUnseen(userVector, offsetBytes, seenRows, n, outRows, outScores);
  }

  /**
   * Recommends to a user whose vector the artifact holds, with the bits that {@link #recommend} has
   * for the vector of {@link #storedUserVector}.
   *
   * @param userRow of the user, as {@link DeviceRuntime#userRowOfId} says
   * @throws IndexOutOfBoundsException if there is no such user
   * @throws UnsupportedOperationException if the artifact holds no users
   * @see #recommend
   */
  public int recommendUser(int userRow, int k, RowFilter filter, int[] outRows, float[] outScores) {
    begin(k, filter, null, outRows, outScores);
    runtime.storedUsers().copyVector(userRow, history.vector(), 0);
    return rank(history.vector(), 0, true, outRows, outScores);
  }

  /**
   * Copies the vector that the artifact holds of a user, for requests that take vectors: seen
   * items, given items, batches. Its length means nothing.
   *
   * @param out receives d floats from the offset on
   * @throws IndexOutOfBoundsException if there is no such user
   * @throws UnsupportedOperationException if the artifact holds no users
   */
  public void storedUserVector(int userRow, MemorySegment out, long offsetBytes) {
    checkOpen();
    plan.checkVector(out, offsetBytes);
    runtime.storedUsers().copyVector(userRow, out, offsetBytes);
  }

  /**
   * Recommends to the user of a history, which never leaves the device; rows of the history are
   * left out.
   *
   * <p>The user's vector is the one of {@link #userVectorOfHistory}; an empty history, and one of
   * unknown rows alone, give a zero vector.
   *
   * @param historyRows rows of the user's items; rows outside of the catalogue, such as -1, are
   *     skipped; may be the same array as {@code outRows}
   * @param n length of the history
   * @see #recommend
   */
  public int recommendFromHistory(
      int[] historyRows, int n, int k, RowFilter filter, int[] outRows, float[] outScores) {
    begin(k, filter, seen, outRows, outScores);
    Objects.checkFromIndexSize(0, n, historyRows.length);
    history.fold(historyRows, n);
    return rankUnseen(history.vector(), 0, historyRows, n, outRows, outScores);
  }

  /**
   * Finds the items that are most like one of the catalogue, which is left out.
   *
   * <p>A score is the cosine of what the artifact keeps of both rows, blocks that one of them lacks
   * counting as zero; priors are no part of it.
   *
   * @param row of the item
   * @throws IndexOutOfBoundsException if there is no such row, or its group is dropped
   * @see #recommend
   */
  public int similarItems(int row, int k, RowFilter filter, int[] outRows, float[] outScores) {
    begin(k, filter, seen, outRows, outScores);
    history.ofRow(plan.checkRow(row));
    RowFilter.set(seen, row);
    try {
      return rank(history.vector(), 0, false, outRows, outScores);
    } finally {
      RowFilter.clear(seen, row);
    }
  }

  /**
   * Scores given items for a user of a known vector, with the bits of {@link #recommend}; for a
   * history, take the vector that {@link #userVectorOfHistory} makes of it.
   *
   * @param userVector d floats from the offset on, at any alignment
   * @param rows of the items, in any order; a row outside of the catalogue scores NaN
   * @param n how many
   * @param outScores receives their scores
   * @throws IllegalArgumentException if the vector is not finite or longer than {@link
   *     #MAX_USER_NORM}
   */
  public void scoreRows(
      MemorySegment userVector, long offsetBytes, int[] rows, int n, float[] outScores) {
    checkOpen();
    plan.checkVector(userVector, offsetBytes);
    Objects.checkFromIndexSize(0, n, rows.length);
    Objects.checkFromIndexSize(0, n, outScores.length);
    query.setUser(userVector, offsetBytes, true);
    for (int i = 0; i < n; i++) {
      outScores[i] = plan.isRow(rows[i]) ? query.reported(ranker.score(query, rows[i])) : Float.NaN;
    }
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
    plan.checkVector(out, offsetBytes);
    int known = history.fold(historyRows, n);
    MemorySegment.copy(history.vector(), 0, out, offsetBytes, plan.vectorBytes());
    return known;
  }

  /** How many groups the last recommendation left out because none of their rows had a chance. */
  public int skippedGroups() {
    return query.skippedGroups;
  }

  /** Lets the JIT compile the request path; takes about a second. */
  public void warmUp() {
    checkOpen();
    plan.bounds.measureAll();
    new WarmUp(this, plan, runtime.users()).run();
  }

  private void checkOpen() {
    runtime.checkOpen();
    if (memory.isClosed()) {
      throw new IllegalStateException("the recommender is closed");
    }
  }

  private void begin(
      int k, RowFilter filter, MemorySegment seenWords, int[] outRows, float[] outScores) {
    checkOpen();
    int wanted = plan.wanted(k);
    ServingPlan.checkRoom(wanted, outRows, outScores);
    query.begin(wanted, runtime.wordsOf(filter), seenWords);
  }

  private int rankUnseen(
      MemorySegment user, long offsetBytes, int[] rows, int n, int[] outRows, float[] outScores) {
    Objects.checkFromIndexSize(0, n, rows.length);
    for (int i = 0; i < n; i++) {
      if (plan.isRow(rows[i])) {
        RowFilter.set(seen, rows[i]);
      }
    }
    try {
      query.setUser(user, offsetBytes, true);
      ranker.rank(queries, 1);
    } finally {
      for (int i = 0; i < n; i++) {
        if (plan.isRow(rows[i])) {
          RowFilter.clear(seen, rows[i]);
        }
      }
    }
    // Not before the rows are cleared, since they may be the same array.
    return query.write(outRows, outScores, 0);
  }

  private int rank(
      MemorySegment user, long offsetBytes, boolean addPrior, int[] outRows, float[] outScores) {
    query.setUser(user, offsetBytes, addPrior);
    ranker.rank(queries, 1);
    return query.write(outRows, outScores, 0);
  }

  /** Gives the scratch back; closing again does nothing. */
  @Override
  public void close() {
    memory.close();
    runtime.forget(memory);
  }
}
