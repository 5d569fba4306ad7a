package org.concertina.ingest;

import java.nio.charset.StandardCharsets;

/** Numbers and times in bytes of text, parsed without allocation in the common forms. */
final class Numbers {
  /** What {@link #time} says of bytes that are no time. */
  static final long NO_TIME = Long.MIN_VALUE;

  private static final int MAX_EXACT_DIGITS = 15;
  private static final int MAX_NUMBER_BYTES = 64;
  private static final double[] POWERS_OF_TEN = new double[MAX_EXACT_DIGITS + 1];

  static {
    POWERS_OF_TEN[0] = 1;
    for (int i = 1; i < POWERS_OF_TEN.length; i++) {
      POWERS_OF_TEN[i] = 10 * POWERS_OF_TEN[i - 1];
    }
  }

  private Numbers() {}

  /** A decimal number, or NaN if the bytes are none. */
  static double decimal(byte[] b, int begin, int end) {
    int at = begin;
    boolean negative = at < end && b[at] == '-';
    if (negative || (at < end && b[at] == '+')) {
      at++;
    }
    long digits = 0;
    int count = 0;
    int fraction = -1;
    for (; at < end; at++) {
      int digit = b[at] - '0';
      if (digit >= 0 && digit <= 9) {
        if (++count > MAX_EXACT_DIGITS) {
          return rare(b, begin, end);
        }
        digits = 10 * digits + digit;
        fraction += fraction >= 0 ? 1 : 0;
      } else if (b[at] == '.' && fraction < 0) {
        fraction = 0;
      } else {
        return rare(b, begin, end);
      }
    }
    if (count == 0) {
      return Double.NaN;
    }
    double value = fraction > 0 ? digits / POWERS_OF_TEN[fraction] : digits;
    return negative ? -value : value;
  }

  /** Exponents and long numbers; refuses NaN, infinities, hexadecimal and Java's suffixes. */
  private static double rare(byte[] b, int begin, int end) {
    if (end - begin > MAX_NUMBER_BYTES) {
      return Double.NaN;
    }
    for (int at = begin; at < end; at++) {
      boolean known = (b[at] >= '0' && b[at] <= '9') || "+-.eE".indexOf(b[at]) >= 0;
      if (!known) {
        return Double.NaN;
      }
    }
    try {
      double value =
          Double.parseDouble(new String(b, begin, end - begin, StandardCharsets.ISO_8859_1));
      return Double.isInfinite(value) ? Double.NaN : value;
    } catch (NumberFormatException notANumber) {
      return Double.NaN;
    }
  }

  /**
   * A time: a number in whatever unit, of which the whole part counts, or what {@link IsoTime}
   * reads.
   */
  static long time(byte[] b, int begin, int end) {
    int at = begin;
    long sign = 1;
    if (at < end && b[at] == '-') {
      sign = -1;
      at++;
    }
    long value = 0;
    int first = at;
    while (at < end && at - first < 18 && b[at] >= '0' && b[at] <= '9') {
      value = 10 * value + (b[at++] - '0');
    }
    if (at == end && at > first) {
      return sign * value;
    }
    if (at - first == 4 && sign > 0 && end - begin >= 10 && b[at] == '-') {
      return IsoTime.seconds(b, begin, end);
    }
    double decimal = decimal(b, begin, end);
    return Math.abs(decimal) < 1e18 ? (long) Math.floor(decimal) : NO_TIME;
  }
}
