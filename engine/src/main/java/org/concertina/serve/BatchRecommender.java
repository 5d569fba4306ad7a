package org.concertina.serve;

import java.lang.foreign.MemorySegment;
import java.util.Objects;
import org.concertina.block.UnitUser;
import org.concertina.kernel.VectorOps;
import org.concertina.memory.CappedArena;
import org.concertina.memory.MemoryCap;

/**
 * Recommends to several users in one stream through the rows; one thread at a time.
 *
 * <p>Rows and scores are those of {@link Recommender#recommend} to the bit. Owns scratch memory
 * that counts against the runtime's cap until {@link #close}. A warm batch allocates nothing unless
 * its {@code k} is larger than any before.
 */
public final class BatchRecommender implements AutoCloseable {
  private final DeviceRuntime runtime;
  private final ServingPlan plan;
  private final OwnedMemory memory;
  private final UserQuery[] queries;
  private final RowRanker ranker;

  BatchRecommender(
      DeviceRuntime runtime, ServingPlan plan, MemoryCap cap, VectorOps ops, int mostUsers) {
    if (mostUsers < 1) {
      throw new IllegalArgumentException("mostUsers: expected >= 1, got " + mostUsers);
    }
    this.runtime = runtime;
    this.plan = plan;
    this.memory = new OwnedMemory(cap);
    try {
      CappedArena arena = memory.arena();
      ranker =
          new RowRanker(
              plan, ops, arena.allocate(RowRanker.scratchBytes(plan), "scores of one chunk"));
      UnitUser unitUser = plan.hasPrior ? new UnitUser(arena, ops.rows(), plan.shape) : null;
      queries = new UserQuery[mostUsers];
      for (int u = 0; u < mostUsers; u++) {
        queries[u] = new UserQuery(plan, ops.screen(), arena, unitUser);
      }
    } catch (RuntimeException | Error failure) {
      memory.close();
      throw failure;
    }
  }

  OwnedMemory memory() {
    return memory;
  }

  /** The most users of a batch. */
  public int mostUsers() {
    return queries.length;
  }

  /**
   * Recommends to users of known vectors.
   *
   * @param userVectors d floats a user, the first at the offset
   * @param strideBytes from one user's vector to the next
   * @param users how many, 0 to {@link #mostUsers}
   * @param k how many rows a user, at least 1
   * @param filters a filter or null for every user; null for none at all
   * @param outRows receives {@code min(k, items)} places a user, best rows first
   * @param outScores receives their scores at the same places
   * @param outCounts receives how many of its places every user's rows take
   * @throws IllegalArgumentException as {@link Recommender#recommend}; nothing is written then
   * @throws IllegalStateException if this, the runtime or a filter is closed
   */
  public void recommend(
      MemorySegment userVectors,
      long offsetBytes,
      long strideBytes,
      int users,
      int k,
      RowFilter[] filters,
      int[] outRows,
      float[] outScores,
      int[] outCounts) {
    runtime.checkOpen();
    if (memory.isClosed()) {
      throw new IllegalStateException("the batch recommender is closed");
    }
    Objects.checkFromIndexSize(0, users, queries.length);
    Objects.checkFromIndexSize(0, users, outCounts.length);
    if (filters != null) {
      Objects.checkFromIndexSize(0, users, filters.length);
    }
    int wanted = plan.wanted(k);
    ServingPlan.checkRoom((long) users * wanted, outRows, outScores);
    for (int u = 0; u < users; u++) {
      long at = offsetBytes + u * strideBytes;
      plan.checkVector(userVectors, at);
      queries[u].begin(wanted, runtime.wordsOf(filters == null ? null : filters[u]), null);
      queries[u].setUser(userVectors, at, true);
    }
    ranker.rank(queries, users);
    for (int u = 0; u < users; u++) {
      outCounts[u] = queries[u].write(outRows, outScores, u * wanted);
    }
  }

  /** Gives the scratch back; closing again does nothing. */
  @Override
  public void close() {
    memory.close();
    runtime.forget(memory);
  }
}
