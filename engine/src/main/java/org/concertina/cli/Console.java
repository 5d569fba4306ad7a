package org.concertina.cli;

import java.io.PrintWriter;

/** Where the report and the talk on the way go. One thread at a time. */
final class Console {
  private final PrintWriter out;
  private final PrintWriter err;
  private final boolean json;
  private ProgressLine running;

  Console(PrintWriter out, PrintWriter err, boolean json) {
    this.out = out;
    this.err = err;
    this.json = json;
  }

  /** Prints the report on stdout. */
  void print(Report report) {
    if (json) {
      Json.print(out, report.json());
    } else {
      report.lines().forEach(out::println);
      out.flush();
    }
  }

  /** Prints a line on stderr. */
  void note(String line) {
    if (running != null) {
      running.clear();
    }
    err.println(line);
    err.flush();
  }

  /**
   * Starts a progress line; close it before the next one.
   *
   * @param unit what is counted, such as {@code pairs}
   * @param total how many there are, -1 if that is not known
   * @param done how many are done already
   */
  ProgressLine progress(String task, String unit, long total, long done) {
    running =
        isTerminal()
            ? new BarProgress(task, unit, total, done)
            : new LogProgress(err, task, unit, total, done);
    return running;
  }

  @SuppressWarnings("SystemConsoleNull") // null without a terminal, again from JDK 25 on
  private static boolean isTerminal() {
    java.io.Console terminal = System.console();
    return terminal != null && terminal.isTerminal();
  }
}
