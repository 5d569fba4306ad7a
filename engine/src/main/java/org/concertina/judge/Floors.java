package org.concertina.judge;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.concertina.block.BlockChoice;
import org.concertina.block.BlockShape;
import org.concertina.block.ElasticConfig;

/**
 * For every judged user and every choice of a group but the most popular one, the score that an
 * entry of a list has to reach to matter to any verdict that is expected.
 *
 * <p>Two things do not matter. Below the K-th of the most popular group's list nothing is among the
 * K best: the least is taken over the choices that the group may have beside the list's own. And an
 * entry matters for being above a relevant one: below the least score that any relevant item of the
 * user has, under any choice that lets it get so far, there is nothing to count, and where there is
 * no such item at all, nothing.
 *
 * <p>One thread fills them; then threads may read.
 */
final class Floors {
  private final BlockShape shape;
  private final boolean monotone;

  /** NaN where no item is known to get so far. */
  private final float[] ofHits;

  /** By every expected choice. */
  private final Map<BlockChoice, float[]> ofChoices = new LinkedHashMap<>();

  /**
   * Floors that any list lowers.
   *
   * @param expected what groups may have; not empty
   * @param monotone whether no group has more bytes a row than the most popular one
   */
  Floors(BlockShape shape, List<BlockChoice> expected, boolean monotone, int users) {
    this.shape = shape;
    this.monotone = monotone;
    this.ofHits = new float[users];
    Arrays.fill(ofHits, Float.NaN);
    for (BlockChoice choice : expected) {
      float[] floors = new float[users];
      Arrays.fill(floors, Float.POSITIVE_INFINITY);
      ofChoices.put(choice, floors);
    }
  }

  /** Whether they hold for a configuration. */
  boolean cover(ElasticConfig config) {
    BlockChoice popular = config.choice(0);
    return !popular.isDropped()
        && config.choices().stream()
            .allMatch(
                choice ->
                    choice.isDropped()
                        || (ofChoices.containsKey(choice) && mayStandBeside(choice, popular)));
  }

  private boolean mayStandBeside(BlockChoice choice, BlockChoice popular) {
    return !monotone || rowBytes(popular) >= rowBytes(choice);
  }

  private long rowBytes(BlockChoice choice) {
    return choice.precision().rowBytes(shape.keptDims(choice));
  }

  /** Takes the most popular group's complete list under one of its choices; all of them are due. */
  void lowerTo(BlockChoice popular, GroupList complete) {
    for (Map.Entry<BlockChoice, float[]> entry : ofChoices.entrySet()) {
      if (mayStandBeside(entry.getKey(), popular)) {
        float[] floors = entry.getValue();
        for (int user = 0; user < floors.length; user++) {
          floors[user] = Math.min(floors[user], complete.lastScore(user));
        }
      }
    }
    for (int hit = 0; hit < complete.hits(); hit++) {
      addHit(complete.hitUser(hit), complete.hitScore(hit));
    }
  }

  /** Takes the score of a relevant item of another group under a choice; all of them are due. */
  void addRelevant(BlockChoice choice, int user, float score) {
    if (score >= ofChoices.get(choice)[user]) {
      addHit(user, score);
    }
  }

  private void addHit(int user, float score) {
    if (!(ofHits[user] <= score)) {
      ofHits[user] = score;
    }
  }

  /** Ends the filling. */
  void finish() {
    for (float[] floors : ofChoices.values()) {
      for (int user = 0; user < floors.length; user++) {
        floors[user] = Math.max(floors[user], ofHits[user]);
      }
    }
  }

  /**
   * Of every user, what entries of a list of an expected choice have to reach; NaN, which nothing
   * reaches, where none matters.
   */
  float[] of(BlockChoice choice) {
    return ofChoices.get(choice);
  }
}
