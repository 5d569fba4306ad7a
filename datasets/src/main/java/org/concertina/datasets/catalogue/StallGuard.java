package org.concertina.datasets.catalogue;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;

/**
 * Reads a stream and closes it when nothing has come for a while, so that a read ends with an
 * exception: a request's own time limit ends with the head of the answer.
 */
final class StallGuard implements AutoCloseable {
  private final InputStream in;
  private final Thread watch;
  private volatile long lastNanos = System.nanoTime();
  private volatile boolean stalled;

  StallGuard(InputStream in, Duration limit) {
    this.in = in;
    watch =
        Thread.ofVirtual()
            .start(
                () -> {
                  long left = limit.toNanos();
                  while (left > 0) {
                    try {
                      Thread.sleep(Duration.ofNanos(left));
                    } catch (InterruptedException closed) {
                      return;
                    }
                    left = limit.toNanos() - (System.nanoTime() - lastNanos);
                  }
                  stalled = true;
                  closeQuietly();
                });
  }

  int read(byte[] buffer) throws IOException {
    try {
      int read = in.read(buffer);
      lastNanos = System.nanoTime();
      if (read < 0 && stalled) {
        throw new IOException("nothing came for too long");
      }
      return read;
    } catch (IOException e) {
      throw stalled ? new IOException("nothing came for too long", e) : e;
    }
  }

  private void closeQuietly() {
    try {
      in.close();
    } catch (IOException alreadyBroken) {
      // The reader sees it.
    }
  }

  @Override
  public void close() {
    watch.interrupt();
    closeQuietly();
  }
}
