package org.concertina.record;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;

/**
 * Appends results to a record file, which one process at a time may do. A line is on the disk when
 * the call that wrote it returns. Thread-safe.
 */
public final class RecordLog implements AutoCloseable {
  private final Path file;
  private final FileChannel channel;
  private final Run run;
  private final String repaired;
  private boolean begun;

  private RecordLog(Path file, FileChannel channel, Run run, String repaired) {
    this.file = file;
    this.channel = channel;
    this.run = run;
    this.repaired = repaired;
  }

  /**
   * Opens a file, which is made if it is not there. What a crash has left of a last line is cut
   * off. The run's line is written before its first result.
   *
   * @throws IOException also if another process writes to it
   */
  public static RecordLog open(Path file, Run run) throws IOException {
    FileChannel channel =
        FileChannel.open(
            file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    try {
      if (lock(channel) == null) {
        throw new IOException(
            file + ": another run writes to it; wait for that, or name another --out");
      }
      String repaired = repair(file, channel);
      channel.position(channel.size());
      return new RecordLog(file, channel, run, repaired);
    } catch (IOException | RuntimeException failed) {
      channel.close();
      throw failed;
    }
  }

  private static FileLock lock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException inThisProcess) {
      return null;
    }
  }

  private static String repair(Path file, FileChannel channel) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    int end = bytes.length;
    while (end > 0 && bytes[end - 1] != '\n') {
      end--;
    }
    if (end == bytes.length) {
      return "";
    }
    String last = new String(bytes, end, bytes.length - end, StandardCharsets.UTF_8);
    if (RecordJson.isWhole(last)) {
      write(channel, bytes.length, new byte[] {'\n'});
      return file + ": ended the last line, whose end was missing";
    }
    channel.truncate(end);
    channel.force(true);
    return "%s: cut off %d bytes of a last line that a crash had left"
        .formatted(file, last.length());
  }

  private static void write(FileChannel channel, long at, byte[] bytes) throws IOException {
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    while (buffer.hasRemaining()) {
      channel.write(buffer, at + buffer.position());
    }
    channel.force(true);
  }

  /** What {@link #open} had to repair, for people; empty if nothing. */
  public String repaired() {
    return repaired;
  }

  /** The file. */
  public Path file() {
    return file;
  }

  /** The run whose results are appended. */
  public Run run() {
    return run;
  }

  /** Appends a result of this run. */
  public synchronized Result append(
      String benchmark, String provider, Map<String, Object> parameters, Measurement measured)
      throws IOException {
    if (!begun) {
      write(channel, channel.size(), RecordJson.line(RecordJson.RUN, run));
      begun = true;
    }
    Result result =
        new Result(
            run.id(),
            Instant.now().truncatedTo(ChronoUnit.SECONDS).toString(),
            benchmark,
            RecordKey.of(benchmark, parameters),
            provider,
            parameters,
            measured.score(),
            measured.error(),
            measured.unit(),
            measured.bytesPerOp(),
            measured.details());
    write(channel, channel.size(), RecordJson.line(RecordJson.RESULT, result));
    return result;
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
