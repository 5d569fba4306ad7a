package org.concertina.datasets;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.LongConsumer;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;

/**
 * Writes the interactions of a {@link SyntheticModel} to a file of any size, user after user, in
 * memory for some thousand users a thread.
 *
 * <p>The bytes are the same for the same arguments and JDK and any number of threads. A file whose
 * name ends with {@code .gz} is gzip, of one member for every run of users.
 */
public final class SyntheticLog {
  /** The first moment of a log. */
  public static final Instant START = Instant.parse("2024-01-01T00:00:00Z");

  /** The time from the first to the last moment of a log. */
  public static final Duration PERIOD = Duration.ofDays(365);

  /** Interactions that are drawn, formatted and compressed in one piece. */
  private static final int CHUNK_INTERACTIONS = 1 << 16;

  private final SyntheticModel model;
  private final Form form;

  /** How a line looks. */
  public enum Form {
    /** {@code user item item ...}, the items in the order of time. */
    LINES,
    /** {@code user,item,time} under a header, time in seconds of the Unix epoch. */
    CSV,
    /** {@code user,item,rating,time} under a header, ratings from 1 to 5. */
    RATED_CSV
  }

  /** A log of the model in a form. */
  public SyntheticLog(SyntheticModel model, Form form) {
    this.model = model;
    this.form = form;
  }

  /**
   * Writes the log; the file appears whole or not at all, and replaces one that exists.
   *
   * @param threads that draw and compress, at least 1
   * @param progress gets the interactions written so far, in the calling thread
   * @throws IOException if it cannot be written; no temporary file stays behind
   */
  public void write(Path file, int threads, LongConsumer progress) throws IOException {
    Path temporary = file.resolveSibling(file.getFileName() + "." + UUID.randomUUID() + ".tmp");
    boolean gzip = file.toString().endsWith(".gz");
    try {
      try (OutputStream out = Files.newOutputStream(temporary)) {
        writeChunks(out, gzip, threads, progress);
      }
      Files.move(
          temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(temporary);
    }
  }

  @SuppressWarnings("ArrayRecordComponent") // private carrier, never compared
  private record Chunk(byte[] bytes, long interactions) {}

  private void writeChunks(OutputStream out, boolean gzip, int threads, LongConsumer progress)
      throws IOException {
    if (form != Form.LINES) {
      String header = form == Form.CSV ? "user,item,time\n" : "user,item,rating,time\n";
      out.write(packed(new TextBuffer().append(header), gzip));
    }
    SyntheticConfig config = model.config();
    long mean = Math.max(1, config.interactions() / config.users());
    int usersOfChunk = Math.clamp(CHUNK_INTERACTIONS / mean, 1, CHUNK_INTERACTIONS);
    Deque<Future<Chunk>> running = new ArrayDeque<>();
    long written = 0;
    try (ExecutorService pool = Executors.newFixedThreadPool(threads)) {
      int next = 0;
      try {
        while (next < config.users() || !running.isEmpty()) {
          while (next < config.users() && running.size() < 2 * threads) {
            int begin = next;
            int end = (int) Math.min(config.users(), (long) begin + usersOfChunk);
            running.add(pool.submit(() -> chunk(begin, end, gzip)));
            next = end;
          }
          Chunk chunk = running.remove().get();
          out.write(chunk.bytes());
          written += chunk.interactions();
          progress.accept(written);
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IOException("interrupted", e);
      } catch (ExecutionException e) {
        if (e.getCause() instanceof Error error) {
          throw error;
        }
        throw new IOException(e.getCause());
      } finally {
        pool.shutdownNow();
      }
    }
  }

  private Chunk chunk(int begin, int end, boolean gzip) throws IOException {
    TextBuffer text = new TextBuffer();
    SyntheticHistory history = model.newHistory(form != Form.LINES);
    long interactions = 0;
    for (int user = begin; user < end; user++) {
      history.draw(user);
      interactions += history.size();
      if (form == Form.LINES) {
        appendLine(text, user, history);
      } else {
        appendRows(text, user, history);
      }
    }
    return new Chunk(packed(text, gzip), interactions);
  }

  private static void appendLine(TextBuffer text, int user, SyntheticHistory history) {
    text.append(user);
    for (int i = 0; i < history.size(); i++) {
      text.append(' ').append(history.item(i));
    }
    text.append('\n');
  }

  private void appendRows(TextBuffer text, int user, SyntheticHistory history) {
    int[] ratings = form == Form.RATED_CSV ? history.rate() : null;
    for (int i = 0; i < history.size(); i++) {
      text.append(user).append(',').append(history.item(i)).append(',');
      if (ratings != null) {
        text.append(ratings[i]).append(',');
      }
      long seconds = (long) (history.time(i) * PERIOD.toSeconds());
      text.append(START.getEpochSecond() + seconds).append('\n');
    }
  }

  private static byte[] packed(TextBuffer text, boolean gzip) throws IOException {
    if (!gzip) {
      return text.toBytes();
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(1 << 16);
    try (FastGzip out = new FastGzip(bytes)) {
      text.writeTo(out);
    }
    return bytes.toByteArray();
  }

  /** Digits compress little better at higher levels and several times slower. */
  private static final class FastGzip extends GZIPOutputStream {
    FastGzip(OutputStream out) throws IOException {
      super(out, 1 << 16);
      def.setLevel(Deflater.BEST_SPEED);
    }
  }
}
