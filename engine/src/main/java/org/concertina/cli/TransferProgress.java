package org.concertina.cli;

import org.concertina.datasets.catalogue.TransferListener;

/** Shows a download; a line a file. One thread at a time. */
final class TransferProgress implements TransferListener, AutoCloseable {
  private final Console console;
  private ProgressLine line;
  private long lineTotal;

  TransferProgress(Console console) {
    this.console = console;
  }

  @Override
  public void advance(long bytes, long total) {
    if (line == null || total != lineTotal) {
      close();
      line = console.progress("fetch", "bytes", total, bytes);
      lineTotal = total;
    }
    line.advance(bytes, "");
    if (bytes == total) {
      close();
    }
  }

  @Override
  public void note(String message) {
    console.note(message);
  }

  @Override
  public void close() {
    if (line != null) {
      line.close();
      line = null;
    }
  }
}
