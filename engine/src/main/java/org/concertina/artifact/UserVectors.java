package org.concertina.artifact;

import org.concertina.block.Precision;
import org.concertina.memory.FloatTable;

/**
 * The users' vectors that an artifact is to hold. A view: the caller owns the table.
 *
 * @param vectors a row a user, in the order of the ids; a row of zeros is a user of whom nothing is
 *     known
 * @param ids external id of every user, ascending; null to leave them out
 * @param precision fp32, which keeps every bit, or int8, which keeps the direction: 127 steps of
 *     the vector's largest element to either side
 */
@SuppressWarnings("ArrayRecordComponent") // a carrier, never compared
public record UserVectors(FloatTable vectors, int[] ids, Precision precision) {
  /** Validates. */
  public UserVectors {
    long users = vectors.rows();
    if (users < 1 || users > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          "users: expected 1 to %d, got %d; leave users out if there are none"
              .formatted(Integer.MAX_VALUE, users));
    }
    if (!UserSection.isKnown(precision)) {
      throw new IllegalArgumentException(
          "users: expected precision fp32 or int8, got " + precision);
    }
    if (ids != null) {
      checkIds(ids, users);
    }
  }

  private static void checkIds(int[] ids, long users) {
    if (ids.length != users) {
      throw new IllegalArgumentException("userIds: expected " + users + ", got " + ids.length);
    }
    for (int i = 1; i < ids.length; i++) {
      if (ids[i] <= ids[i - 1]) {
        throw new IllegalArgumentException(
            "userIds: expected ascending, got %d before %d in row %d"
                .formatted(ids[i - 1], ids[i], i));
      }
    }
  }

  /** What these take in an artifact. */
  public UserSection section() {
    UserIds kind = UserIds.of(ids);
    long idBytes = kind == UserIds.ENCODED ? IdCodec.encodedBytes(UserSection.order(ids), ids) : 0;
    return new UserSection((int) vectors.rows(), vectors.dim(), precision, kind, idBytes);
  }
}
