package org.concertina.cli;

import java.io.PrintWriter;
import java.time.Duration;

/** A plain line every few seconds, for logs and pipes. */
final class LogProgress implements ProgressLine {
  private static final long INTERVAL_NANOS = Duration.ofSeconds(5).toNanos();

  private final PrintWriter err;
  private final String task;
  private final String unit;
  private final long total;
  private final long doneAtStart;
  private final long start = System.nanoTime();
  private long lastPrint = start;

  LogProgress(PrintWriter err, String task, String unit, long total, long done) {
    this.err = err;
    this.task = task;
    this.unit = unit;
    this.total = total;
    this.doneAtStart = done;
  }

  @Override
  public void advance(long done, String detail) {
    long now = System.nanoTime();
    if (now - lastPrint < INTERVAL_NANOS) {
      return;
    }
    lastPrint = now;
    double rate = (done - doneAtStart) / ((now - start) * 1e-9);
    String known = detail.isEmpty() ? "" : ", " + detail;
    if (total <= 0) {
      err.println("%s: %,d %s%s, %,.0f %s/s".formatted(task, done, unit, known, rate, unit));
    } else {
      long secondsLeft = rate > 0 ? Math.round((total - done) / rate) : 0;
      err.println(
          "%s: %d %%%s, %,.0f %s/s, ETA %d:%02d"
              .formatted(
                  task, 100 * done / total, known, rate, unit, secondsLeft / 60, secondsLeft % 60));
    }
    err.flush();
  }

  @Override
  public void clear() {}

  @Override
  public void close() {}
}
