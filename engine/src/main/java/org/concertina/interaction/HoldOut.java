package org.concertina.interaction;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.concertina.memory.CappedArena;

/**
 * Holds out a share of each user's training items for validation.
 *
 * <p>A user's draw depends on the seed, the user's external id and the user's own items alone, so
 * it survives any reordering of the file and any change to other users.
 *
 * @param kept what stays for training
 * @param held what goes to validation
 */
record HoldOut(InteractionMatrix kept, InteractionMatrix held) {
  /** Users with fewer training items give none away. */
  static final int MIN_DEGREE = 5;

  /** Items that a user of this degree gives away; at least one item stays. */
  static int heldCount(double share, int degree) {
    return degree < MIN_DEGREE ? 0 : (int) Math.min(degree - 1, Math.round(share * degree));
  }

  static HoldOut of(
      InteractionMatrix train, int[] userIds, double share, long seed, CappedArena arena) {
    long heldSize = 0;
    for (int user = 0; user < train.users(); user++) {
      heldSize += heldCount(share, train.degree(user));
    }
    RowWriter kept = new RowWriter(arena, train.users(), train.items(), train.size() - heldSize);
    RowWriter held = new RowWriter(arena, train.users(), train.items(), heldSize);
    int[] row = new int[train.maxDegree()];
    int[] rest = new int[row.length];
    for (int user = 0; user < train.users(); user++) {
      int degree = train.copyRow(user, row);
      int count = heldCount(share, degree);
      drawInPlace(row, degree, count, randomOf(seed, userIds[user]));
      System.arraycopy(row, count, rest, 0, degree - count);
      Arrays.sort(row, 0, count);
      Arrays.sort(rest, 0, degree - count);
      held.append(row, count);
      kept.append(rest, degree - count);
    }
    return new HoldOut(kept.finish(), held.finish());
  }

  /** Moves a uniform draw of {@code count} items to the front: a partial Fisher-Yates shuffle. */
  private static void drawInPlace(int[] row, int degree, int count, SplittableRandom random) {
    for (int i = 0; i < count; i++) {
      int drawn = i + random.nextInt(degree - i);
      int item = row[drawn];
      row[drawn] = row[i];
      row[i] = item;
    }
  }

  /**
   * Seeds with {@code mix(seed ^ mix(userId + 1))}: both mixes are needed, as neighbouring seeds
   * of a SplittableRandom that differ by its increment would yield shifted copies of one sequence.
   */
  private static SplittableRandom randomOf(long seed, int userId) {
    return new SplittableRandom(ContentHash.mix(seed ^ ContentHash.mix(userId + 1L)));
  }
}
