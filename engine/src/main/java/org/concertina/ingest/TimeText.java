package org.concertina.ingest;

import java.util.OptionalLong;

/** Times as text, as the readers understand them. */
public final class TimeText {
  private TimeText() {}

  /**
   * A whole number as it is, or seconds since 1970 of a date with or without a time of day.
   *
   * @return empty if it is neither
   */
  public static OptionalLong parse(byte[] text) {
    long time = Numbers.time(text, 0, text.length);
    return time == Numbers.NO_TIME ? OptionalLong.empty() : OptionalLong.of(time);
  }
}
