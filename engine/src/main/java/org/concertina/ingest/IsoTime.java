package org.concertina.ingest;

/**
 * Dates of ISO 8601, with or without a time of day, in seconds since 1970.
 *
 * <p>The time of day may end in {@code Z} or in an offset from UTC such as {@code +02:00}; without
 * either it is UTC. Fractions of a second are left out.
 */
final class IsoTime {
  private static final int MAX_OFFSET_HOURS = 18;

  private IsoTime() {}

  /** Seconds, or {@link Numbers#NO_TIME} if the bytes are no such date. */
  static long seconds(byte[] b, int begin, int end) {
    int at = begin + 10;
    int year = digits(b, begin, begin + 4, end);
    int month = digits(b, begin + 5, begin + 7, end);
    int day = digits(b, begin + 8, at, end);
    if (!isDate(year, month, day) || b[begin + 4] != '-' || b[begin + 7] != '-') {
      return Numbers.NO_TIME;
    }
    long seconds = daysSince1970(year, month, day) * 86_400;
    if (at == end) {
      return seconds;
    }
    int minutes = minutes(b, at + 1, end, 23);
    if ((b[at] != 'T' && b[at] != ' ') || minutes < 0) {
      return Numbers.NO_TIME;
    }
    seconds += minutes * 60L;
    at += 6;
    if (at < end && b[at] == ':') {
      int second = digits(b, at + 1, at + 3, end);
      if (second < 0 || second > 60) {
        return Numbers.NO_TIME;
      }
      seconds += second;
      at = afterFraction(b, at + 3, end);
    }
    if (at == end || (at == end - 1 && b[at] == 'Z')) {
      return seconds;
    }
    int offset = minutes(b, at + 1, end, MAX_OFFSET_HOURS);
    if ((b[at] != '+' && b[at] != '-') || offset < 0 || at + 6 != end) {
      return Numbers.NO_TIME;
    }
    return seconds - (b[at] == '+' ? offset : -offset) * 60L;
  }

  private static boolean isDate(int year, int month, int day) {
    boolean leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    int days = month == 2 ? (leap ? 29 : 28) : 30 + ((month + (month >> 3)) & 1);
    return year >= 0 && month >= 1 && month <= 12 && day >= 1 && day <= days;
  }

  private static int afterFraction(byte[] b, int begin, int end) {
    int at = begin;
    if (at < end && b[at] == '.') {
      do {
        at++;
      } while (at < end && b[at] >= '0' && b[at] <= '9');
    }
    return at;
  }

  /** {@code hh:mm} in minutes, -1 if it is not there. */
  private static int minutes(byte[] b, int begin, int end, int maxHours) {
    int hour = digits(b, begin, begin + 2, end);
    int minute = digits(b, begin + 3, begin + 5, end);
    return hour < 0 || hour > maxHours || minute < 0 || minute > 59 || b[begin + 2] != ':'
        ? -1
        : hour * 60 + minute;
  }

  /** Two or four digits as a number, -1 if they are not there. */
  private static int digits(byte[] b, int begin, int end, int limit) {
    if (end > limit) {
      return -1;
    }
    int value = 0;
    for (int at = begin; at < end; at++) {
      if (b[at] < '0' || b[at] > '9') {
        return -1;
      }
      value = 10 * value + b[at] - '0';
    }
    return value;
  }

  /** Days of the proleptic Gregorian calendar, years counted from March. */
  private static long daysSince1970(int year, int month, int day) {
    long y = month <= 2 ? year - 1 : year;
    long era = Math.floorDiv(y, 400);
    long yearOfEra = y - era * 400;
    long dayOfYear = (153L * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468;
  }
}
