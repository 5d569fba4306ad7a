package org.concertina.cli;

import java.text.DecimalFormat;
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
    // Counts in thousands or millions leave room for the detail on a narrow terminal.
    long scale = total >= 10_000_000 ? 1_000_000 : total >= 100_000 ? 1_000 : 1;
    String prefix = scale == 1 ? " " : scale == 1_000 ? "k " : "M ";
    this.bar =
        ProgressBar.builder()
            .setTaskName(task)
            .setInitialMax(total)
            .startsFrom(done, Duration.ZERO)
            .setUnit(prefix + unit, scale)
            .setStyle(ProgressBarStyle.ASCII)
            .setUpdateIntervalMillis(UPDATE_MILLIS)
            .setConsumer(new ConsoleProgressBarConsumer(System.err))
            .showSpeed(new DecimalFormat(scale == 1 ? "#,##0" : "#,##0.0"))
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
