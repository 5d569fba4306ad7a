package org.concertina.judge;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.concertina.block.BlockChoice;
import org.concertina.block.BlockShape;
import org.concertina.block.ElasticConfig;
import org.concertina.block.RowOrder;
import org.concertina.interaction.InteractionMatrix;
import org.concertina.kernel.RowOps;
import org.concertina.kernel.VectorOps;
import org.concertina.kernel.WorkerPool;
import org.concertina.memory.CappedArena;
import org.concertina.memory.FloatTable;
import org.concertina.memory.MemoryCap;
import org.concertina.metric.RankingMetrics;
import org.concertina.metric.TopK;

/**
 * Judges elastic configurations exactly; the package description tells how.
 *
 * <p>Lists of (group, choice) are computed when first needed and kept until the memory cap is
 * reached; then the least recently used go. Not thread-safe: it uses the pool's threads itself. The
 * verdict does not depend on their number.
 */
public final class Judge implements AutoCloseable {
  /** Largest K: positions are kept in bytes. */
  public static final int MAX_CUTOFF = 255;

  private static final int USERS_PER_TASK = 512;

  private final WorkerPool pool;
  private final int[] judged;
  private final int k;
  private final CappedArena arena;
  private final GroupLists lists;
  private final double[] recallOfHit;
  private final double[] ndcgOfHit;
  private final double[] discounts;
  private final RowOps rowOps;
  private final MemorySegment[] ranks;

  /**
   * @param users user vectors
   * @param items the block table
   * @param prior what is added to the cosine of every item, a float each by item index; null if
   *     nothing is
   * @param shape how its rows are cut
   * @param order groups and rows as a device has them
   * @param relevant what is to be found
   * @param excluded what is not ranked, such as the training items
   * @param cutoff K, 1 to {@link #MAX_CUTOFF}
   * @param userFilter which of the users with relevant items are judged: {@code user -> keep}
   * @param cap bounds the memory of the lists
   */
  public Judge(
      VectorOps ops,
      WorkerPool pool,
      FloatTable users,
      FloatTable items,
      MemorySegment prior,
      BlockShape shape,
      RowOrder order,
      InteractionMatrix relevant,
      List<InteractionMatrix> excluded,
      int cutoff,
      IntPredicate userFilter,
      MemoryCap cap) {
    if (cutoff < 1 || cutoff > MAX_CUTOFF) {
      throw new IllegalArgumentException("cutoff: expected 1 to 255, got " + cutoff);
    }
    this.rowOps = ops.rows();
    this.pool = pool;
    this.k = cutoff;
    this.judged =
        IntStream.range(0, relevant.users())
            .filter(u -> relevant.degree(u) > 0 && userFilter.test(u))
            .toArray();
    if (judged.length == 0) {
      throw new IllegalArgumentException(
          "judge: no user has items to be found; hold out a validation split");
    }
    this.arena = new CappedArena(cap);
    GroupListBuilder builder =
        new GroupListBuilder(
            arena, ops, pool, users, items, prior, shape, order, relevant, excluded, judged, k);
    this.lists = new GroupLists(builder, cap, shape, order.groups().count(), judged.length);
    this.ranks = new MemorySegment[pool.threads()];
    this.recallOfHit = new double[judged.length];
    this.ndcgOfHit = new double[judged.length];
    long mostHits = 0;
    for (int i = 0; i < judged.length; i++) {
      int degree = relevant.degree(judged[i]);
      mostHits += Math.min(degree, k);
      recallOfHit[i] = RankingMetrics.recallAtK(1, degree) / judged.length;
      ndcgOfHit[i] = 1 / RankingMetrics.idealDcgAtK(k, degree) / judged.length;
    }
    for (int w = 0; w < ranks.length; w++) {
      ranks[w] = arena.allocateFloats(mostHits, "judge: ranks of a group's hits");
    }
    this.discounts = new double[k];
    for (int rank = 0; rank < k; rank++) {
      discounts[rank] = RankingMetrics.discount(rank);
    }
  }

  /**
   * Says which choices groups will have, in nearly all configurations: lists then leave out what
   * matters to no verdict of theirs, and take less time. Verdicts are the same to the bit, of any
   * configuration.
   *
   * @param choices none of them dropped; the most popular group's lists of all of them are made
   *     before those of other groups
   * @param monotone whether nearly no configuration gives a group more bytes a row than the most
   *     popular one
   * @throws IllegalStateException if something has been judged
   */
  public void expect(List<BlockChoice> choices, boolean monotone) {
    lists.expect(choices, monotone);
  }

  /** Number of users that are judged. */
  public int users() {
    return judged.length;
  }

  /** K. */
  public int cutoff() {
    return k;
  }

  /**
   * Whether a list of a (group, choice), complete or not, is in memory; a dropped group has none.
   */
  public boolean isCached(int group, BlockChoice choice) {
    return choice.isDropped() || lists.has(group, choice);
  }

  /** The exact metric of a configuration. */
  public Verdict judge(ElasticConfig config) {
    GroupList[] chosen = lists.of(config);
    int groups = chosen.length;
    double[] recall = new double[groups];
    double[] ndcg = new double[groups];
    boolean counted = lists.reserveCounts(chosen);
    pool.run(
        groups,
        (group, worker) -> {
          if (counted) {
            addCounts(chosen, group, ranks[worker]);
          } else {
            lookUp(chosen, group, ranks[worker]);
          }
          sum(chosen[group], group, ranks[worker], recall, ndcg);
        });
    double recallSum = 0;
    double ndcgSum = 0;
    for (int g = 0; g < groups; g++) {
      recallSum += recall[g];
      ndcgSum += ndcg[g];
    }
    return new Verdict(recallSum, ndcgSum);
  }

  /**
   * The exact metrics of every judged user under a configuration; {@link #judge} gives their means,
   * but for rounding.
   */
  public UserVerdicts judgeUsers(ElasticConfig config) {
    GroupList[] chosen = lists.of(config);
    double[] recall = new double[judged.length];
    double[] ndcg = new double[judged.length];
    int chunks = Math.ceilDiv(judged.length, USERS_PER_TASK);
    pool.run(
        chunks,
        (chunk, worker) -> {
          int first = chunk * USERS_PER_TASK;
          int end = Math.min(judged.length, first + USERS_PER_TASK);
          for (int g = 0; g < chosen.length; g++) {
            addHits(chosen, g, first, end, recall, ndcg);
          }
        });
    return new UserVerdicts(recall, ndcg);
  }

  private void addHits(
      GroupList[] chosen, int group, int firstUser, int endUser, double[] recall, double[] ndcg) {
    GroupList own = chosen[group];
    for (int hit = own.firstHitOf(firstUser);
        hit < own.hits() && own.hitUser(hit) < endUser;
        hit++) {
      int user = own.hitUser(hit);
      int rank = rank(chosen, group, hit);
      if (rank < k) {
        recall[user] += recallOfHit[user] * judged.length;
        ndcg[user] += ndcgOfHit[user] * judged.length * discounts[rank];
      }
    }
  }

  /** Ranks are looked up in the lists from now on. */
  void dropCounts() {
    lists.dropCounts();
  }

  /** Ranks of a group's hits, from counts; those that are missing are counted now. */
  private void addCounts(GroupList[] chosen, int group, MemorySegment rank) {
    GroupList own = chosen[group];
    setPositions(own, rank);
    AboveCounts counts = own.counts();
    for (int other = 0; other < chosen.length; other++) {
      if (other != group) {
        int slot = chosen[other].slot();
        counts.fill(own, chosen[other], other < group, k);
        // Whole numbers below 2^24, so that sums of floats are exact.
        rowOps.addCodesInPlace(
            1, AboveCounts.BIAS, counts.page(slot), counts.offsetBytes(slot), rank, 0, own.hits());
      }
    }
  }

  /** The same from the lists, one after the other: users ascend in each of them. */
  private void lookUp(GroupList[] chosen, int group, MemorySegment rank) {
    GroupList own = chosen[group];
    setPositions(own, rank);
    for (int other = 0; other < chosen.length; other++) {
      for (int hit = 0; other != group && hit < own.hits(); hit++) {
        int before = (int) rank.getAtIndex(ValueLayout.JAVA_FLOAT, hit);
        if (before < k) {
          float bar = own.barOfHit(hit, other < group);
          int above = chosen[other].above(own.hitUser(hit), bar, k - before);
          rank.setAtIndex(ValueLayout.JAVA_FLOAT, hit, before + above);
        }
      }
    }
  }

  private static void setPositions(GroupList own, MemorySegment rank) {
    for (int hit = 0; hit < own.hits(); hit++) {
      rank.setAtIndex(ValueLayout.JAVA_FLOAT, hit, own.hitPosition(hit));
    }
  }

  private void sum(GroupList own, int group, MemorySegment rank, double[] recall, double[] ndcg) {
    double recallSum = 0;
    double ndcgSum = 0;
    for (int hit = 0; hit < own.hits(); hit++) {
      int at = (int) rank.getAtIndex(ValueLayout.JAVA_FLOAT, hit);
      if (at < k) {
        int user = own.hitUser(hit);
        recallSum += recallOfHit[user];
        ndcgSum += ndcgOfHit[user] * discounts[at];
      }
    }
    recall[group] = recallSum;
    ndcg[group] = ndcgSum;
  }

  /** Rank of a list's hit among all lists, or {@code k} if it is not above K. */
  private int rank(GroupList[] chosen, int group, int hit) {
    GroupList own = chosen[group];
    int user = own.hitUser(hit);
    int rank = own.hitPosition(hit);
    for (int other = 0; other < chosen.length && rank < k; other++) {
      if (other != group) {
        rank += chosen[other].above(user, own.barOfHit(hit, other < group), k - rank);
      }
    }
    return rank;
  }

  /**
   * The top-K packed rows of one judged user under a configuration, best first; for tests and
   * explanations.
   *
   * @param ordinal 0 to {@code users() - 1}
   */
  public List<Integer> rank(ElasticConfig config, int ordinal) {
    TopK top = new TopK(k);
    for (GroupList list : lists.complete(config)) {
      for (int position = 0; position < list.size(ordinal); position++) {
        top.offer(list.score(ordinal, position), list.row(ordinal, position));
      }
    }
    top.sortInPlace();
    List<Integer> rows = new ArrayList<>();
    for (int rank = 0; rank < top.size(); rank++) {
      rows.add(top.id(rank));
    }
    return rows;
  }

  /** The user of an ordinal. */
  public int user(int ordinal) {
    return judged[ordinal];
  }

  @Override
  public void close() {
    lists.close();
    arena.close();
  }
}
