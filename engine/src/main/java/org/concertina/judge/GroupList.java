package org.concertina.judge;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.concertina.memory.CappedArena;
import org.concertina.memory.MemoryCap;

/**
 * For every judged user the top-K rows of one group under one choice, and which of them are
 * relevant. Owns its memory.
 *
 * <p>Scores, descending, and packed rows stand user by user, up to K each; the hits are (user,
 * position) pairs by ascending user. What is below a user's floor may be left out.
 */
final class GroupList implements AutoCloseable {
  private final CappedArena arena;
  private final int k;
  private final MemorySegment scores;
  private final MemorySegment rows;

  /** Where each user's entries begin, and where the last one's end. */
  private final MemorySegment offsets;

  private final int[] hitUsers;
  private final byte[] hitPositions;
  private final float[] hitScores;
  private final float[] barsBelowTies;
  private final int slot;
  private AboveCounts counts;

  /**
   * Copies what was staged.
   *
   * @param slot a number that no other list has while counts are kept
   */
  GroupList(MemoryCap cap, ListStage stage, int slot) {
    this.k = stage.k();
    this.slot = slot;
    this.arena = new CappedArena(cap);
    try {
      this.scores = arena.allocateFloats(stage.entries(), "judge: scores of a group");
      this.rows = arena.allocateInts(stage.entries(), "judge: rows of a group");
      this.offsets = arena.allocateLongs(stage.users() + 1L, "judge: users of a group");
    } catch (RuntimeException refused) {
      arena.close();
      throw refused;
    }
    stage.copyLists(scores, rows, offsets);
    this.hitUsers = new int[stage.hits()];
    this.hitPositions = new byte[hitUsers.length];
    stage.copyHits(hitUsers, hitPositions);
    this.hitScores = new float[hitUsers.length];
    this.barsBelowTies = new float[hitUsers.length];
    for (int hit = 0; hit < hitScores.length; hit++) {
      hitScores[hit] = score(hitUsers[hit], hitPosition(hit));
      barsBelowTies[hit] = Math.nextDown(hitScores[hit]);
    }
  }

  /** What a list of what is staged takes. */
  static long bytes(ListStage stage) {
    return stage.entries() * (Float.BYTES + Integer.BYTES) + (stage.users() + 1L) * Long.BYTES;
  }

  /** Entries of a user. */
  int size(int user) {
    return (int) (offset(user + 1) - offset(user));
  }

  private long offset(int user) {
    return offsets.getAtIndex(ValueLayout.JAVA_LONG, user);
  }

  float score(int user, int position) {
    return entry(offset(user) + position);
  }

  /** The K-th score of a user; negative infinity if there are fewer. */
  float lastScore(int user) {
    return size(user) < k ? Float.NEGATIVE_INFINITY : score(user, k - 1);
  }

  /**
   * A score that is mostly a little below the K-th of the same user and group under a choice much
   * like this one's; negative infinity if there are not K.
   */
  float guessOfLast(int user) {
    float last = lastScore(user);
    return last == Float.NEGATIVE_INFINITY ? last : last - (score(user, 0) - last) / 4;
  }

  int row(int user, int position) {
    return rows.getAtIndex(ValueLayout.JAVA_INT, offset(user) + position);
  }

  int slot() {
    return slot;
  }

  int hits() {
    return hitUsers.length;
  }

  /** Index of the first hit of a user or of a later one. */
  int firstHitOf(int user) {
    int low = 0;
    int high = hitUsers.length;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (hitUsers[middle] < user) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  int hitUser(int hit) {
    return hitUsers[hit];
  }

  int hitPosition(int hit) {
    return hitPositions[hit] & 0xFF;
  }

  float hitScore(int hit) {
    return hitScores[hit];
  }

  /**
   * What entries of another group are above if they are above a hit.
   *
   * @param tiesCount whether entries of the same score are above it, as they are if the other
   *     group's rows are lower
   */
  float barOfHit(int hit, boolean tiesCount) {
    return (tiesCount ? barsBelowTies : hitScores)[hit];
  }

  /**
   * Entries of a user's list above a bar, counted up to {@code limit}.
   *
   * @param bar see {@link #barOfHit}
   */
  int above(int user, float bar, int limit) {
    long base = offset(user);
    int left = Math.min(limit, (int) (offset(user + 1) - base));
    if (left <= 0 || !(entry(base) > bar)) {
      return 0;
    }
    int above = 0;
    while (left > 1) {
      int half = left >>> 1;
      // The sign in place of a branch, which nothing could predict; a bar of infinity is not here.
      above += half & (Float.floatToRawIntBits(bar - entry(base + above + half)) >> 31);
      left -= half;
    }
    return above + 1;
  }

  private float entry(long at) {
    return scores.getAtIndex(ValueLayout.JAVA_FLOAT, at);
  }

  /** The counts of this list's hits; by the judge's thread. */
  AboveCounts counts() {
    if (counts == null) {
      counts = new AboveCounts(arena.cap(), hits());
    }
    return counts;
  }

  /** Frees the counts. */
  void dropCounts() {
    if (counts != null) {
      counts.close();
      counts = null;
    }
  }

  @Override
  public void close() {
    dropCounts();
    arena.close();
  }
}
