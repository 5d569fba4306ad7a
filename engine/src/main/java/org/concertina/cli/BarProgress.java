package org.concertina.cli;

import java.time.Duration;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarStyle;

/** A live bar on a terminal. */
final class BarProgress implements ProgressLine {
  private static final int UPDATE_MILLIS = 500;

  /** Carriage return, then erase to the end of the line. */
  private static final String ERASE = "\r\u001b[K";

  private final ProgressBar bar;
  private boolean closed;

  BarProgress(String task, String unit, long total, long done) {
    this.bar =
        ProgressBar.builder()
            .setTaskName(task)
            .setInitialMax(total)
            .startsFrom(done, Duration.ZERO)
            .setUnit(" " + unit, 1)
            .setStyle(ProgressBarStyle.ASCII)
            .setUpdateIntervalMillis(UPDATE_MILLIS)
            .setConsumer(new ConsoleProgressBarConsumer(System.err))
            .showSpeed()
            .build();
  }

  @Override
  public void advance(long done, String detail) {
    bar.setExtraMessage(" " + detail);
    bar.stepTo(done);
  }

  @Override
  public void clear() {
    if (!closed) {
      System.err.print(ERASE);
      System.err.flush();
    }
  }

  @Override
  public void close() {
    bar.close();
    closed = true;
  }
}
