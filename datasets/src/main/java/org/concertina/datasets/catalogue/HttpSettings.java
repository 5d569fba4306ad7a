package org.concertina.datasets.catalogue;

import java.time.Duration;

/**
 * How patient a download is.
 *
 * @param connectTimeout for a connection
 * @param stallTimeout for the answer's head, and between two pieces of its body
 * @param attempts in a row that brought nothing before giving up, at least 1
 * @param firstPause before the second attempt; doubles with each further one, up to a minute
 */
public record HttpSettings(
    Duration connectTimeout, Duration stallTimeout, int attempts, Duration firstPause) {
  private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);

  /** Half a minute to connect, a minute of silence, six attempts, a second at first. */
  public static HttpSettings defaults() {
    return new HttpSettings(
        Duration.ofSeconds(30), Duration.ofMinutes(1), 6, Duration.ofSeconds(1));
  }

  /** The pause after so many attempts in a row that brought nothing. */
  Duration pauseAfter(int failures) {
    Duration pause = firstPause.multipliedBy(1L << Math.clamp(failures - 1L, 0, 16));
    return pause.compareTo(LONGEST_PAUSE) < 0 ? pause : LONGEST_PAUSE;
  }
}
