package org.concertina.ingest;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Times in the order in which they were read, on disk: in memory beside users and items they would
 * be what decides how much of it is needed. Written once, then read once, both from the beginning.
 * The file goes with the close. Not thread-safe.
 */
final class TimeSpill implements AutoCloseable {
  private static final int BUFFER_BYTES = 1 << 17;

  private final FileChannel channel;
  private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);
  private long min = Long.MAX_VALUE;
  private long max = Long.MIN_VALUE;
  private long last = Long.MIN_VALUE;
  private boolean ascending = true;

  private TimeSpill(FileChannel channel) {
    this.channel = channel;
  }

  static TimeSpill create(Path file) throws IOException {
    return new TimeSpill(
        FileChannel.open(
            file,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE,
            StandardOpenOption.DELETE_ON_CLOSE));
  }

  void add(long time) {
    min = Math.min(min, time);
    max = Math.max(max, time);
    ascending &= time >= last;
    last = time;
    if (!buffer.hasRemaining()) {
      flush();
    }
    buffer.putLong(time);
  }

  private void flush() {
    try {
      buffer.flip();
      while (buffer.hasRemaining()) {
        channel.write(buffer);
      }
      buffer.clear();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Ends the writing; {@link #next} gives the first time then. */
  void rewind() {
    flush();
    try {
      channel.position(0);
      buffer.limit(0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The next time; there must be one. */
  long next() {
    if (!buffer.hasRemaining()) {
      fill();
    }
    return buffer.getLong();
  }

  private void fill() {
    try {
      buffer.clear();
      int read;
      do {
        read = channel.read(buffer);
      } while (read >= 0 && buffer.hasRemaining());
      buffer.flip();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Whether no time is before the one read before it. */
  boolean ascending() {
    return ascending;
  }

  /** The earliest time; the latest possible if there is none. */
  long min() {
    return min;
  }

  /** The latest time; the earliest possible if there is none. */
  long max() {
    return max;
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
