package org.concertina.ingest;

/**
 * What is left out, in this order.
 *
 * @param minRating least rating that counts as an interaction; NaN for all
 * @param from earliest time, in the unit of the data; {@link Long#MIN_VALUE} for any
 * @param to first time that is too late; {@link Long#MAX_VALUE} for none
 * @param userCore least interactions of a user in the k-core, 0 for any
 * @param itemCore least interactions of an item in the k-core, 0 for any
 * @param minHistory least interactions of a user, checked once after the k-core, 0 for any
 */
public record CleaningOptions(
    double minRating, long from, long to, int userCore, int itemCore, int minHistory) {
  /** Nothing is left out but repetitions. */
  public static final CleaningOptions NONE =
      new CleaningOptions(Double.NaN, Long.MIN_VALUE, Long.MAX_VALUE, 0, 0, 0);

  /** Checks the ranges. */
  public CleaningOptions {
    if (from >= to) {
      throw new IllegalArgumentException("from: expected below to = " + to + ", got " + from);
    }
    if (userCore < 0 || itemCore < 0 || minHistory < 0) {
      throw new IllegalArgumentException(
          "userCore, itemCore, minHistory: expected at least 0, got %d, %d, %d"
              .formatted(userCore, itemCore, minHistory));
    }
  }

  boolean hasMinRating() {
    return !Double.isNaN(minRating);
  }

  boolean hasTimeWindow() {
    return from != Long.MIN_VALUE || to != Long.MAX_VALUE;
  }

  boolean hasCore() {
    return userCore > 1 || itemCore > 1;
  }
}
