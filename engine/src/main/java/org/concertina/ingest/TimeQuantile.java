package org.concertina.ingest;

/** Order statistics of times by counting their bytes from the top: eight passes, no sort. */
final class TimeQuantile {
  private TimeQuantile() {}

  /**
   * The time of the interaction that has {@code rank} before it, in the order of time.
   *
   * @return {@link Long#MAX_VALUE} if there are not so many
   */
  static long of(UserRows rows, long rank) {
    if (rank >= rows.size()) {
      return Long.MAX_VALUE;
    }
    long left = rank;
    long prefix = 0;
    for (int shift = Long.SIZE - Byte.SIZE; shift >= 0; shift -= Byte.SIZE) {
      long[] counts = new long[256];
      for (long at = 0; at < rows.size(); at++) {
        // Flipping the sign makes the order of signed times that of unsigned bytes.
        long time = rows.time(at) ^ Long.MIN_VALUE;
        if (shift == Long.SIZE - Byte.SIZE || time >>> (shift + Byte.SIZE) == prefix) {
          counts[(int) (time >>> shift) & 0xff]++;
        }
      }
      int digit = 0;
      while (left >= counts[digit]) {
        left -= counts[digit++];
      }
      prefix = prefix << Byte.SIZE | digit;
    }
    return prefix ^ Long.MIN_VALUE;
  }
}
