package org.concertina.judge;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import org.concertina.block.BlockChoice;

/**
 * For every judged user a score below which nothing is among the K best, whatever the other groups
 * keep: the K-th of the most popular group's list, the least over the choices that the group may
 * take beside a choice of another group's. Lists of that choice need not hold what is below.
 *
 * <p>Floors only fall, since a list that was made above a floor lacks what a lower one asks for.
 * Not thread-safe; threads may read while nobody changes it.
 */
final class Floors {
  private final float[] floors;

  /** Choices whose lists were found to reach them, as they do for good. */
  private final Set<BlockChoice> reaching = new HashSet<>();

  /** Floors that any first list lowers. */
  Floors(int users) {
    floors = new float[users];
    Arrays.fill(floors, Float.POSITIVE_INFINITY);
  }

  /** What a user's entries have to reach. */
  float of(int user) {
    return floors[user];
  }

  /** Whether a choice's complete list has K entries of every user that reach the floor. */
  boolean areReachedBy(BlockChoice choice, GroupList complete) {
    if (reaching.contains(choice)) {
      return true;
    }
    for (int user = 0; user < floors.length; user++) {
      if (complete.lastScore(user) < floors[user]) {
        return false;
      }
    }
    reaching.add(choice);
    return true;
  }

  /** Lowers the floors to what a choice's complete list reaches. */
  void lowerTo(BlockChoice choice, GroupList complete) {
    for (int user = 0; user < floors.length; user++) {
      floors[user] = Math.min(floors[user], complete.lastScore(user));
    }
    reaching.add(choice);
  }
}
