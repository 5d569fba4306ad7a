package org.concertina.jmh;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.HdrHistogram.Histogram;
import org.concertina.block.Precision;
import org.concertina.memory.MemoryCap;
import org.concertina.serve.ReloadableRuntime;
import org.concertina.serve.ServingLease;

/**
 * Loads {@link RecommendServer} over loopback, client and server in one JVM, and prints a line of
 * JSON: {@code java -cp jmh/target/benchmarks.jar org.concertina.jmh.RecommendLoad [seconds]
 * [file]}.
 *
 * <p>First every connection asks as fast as it is answered, which gives requests a second; then
 * requests are due at half of that rate and a latency counts from the time that its request was
 * due, so that a stall is not hidden by the requests that it keeps from being sent. The artifact is
 * reloaded all the while, and every answer is compared with that of the artifact it came from. A
 * thread beside them does the recommending path and counts the bytes that it allocates.
 */
public final class RecommendLoad {
  private static final int CONNECTIONS = 8;
  private static final int QUERIES = 64;
  private static final int K = 20;
  private static final int[] SEEDS = {101, 102};
  private static final long RELOAD_MILLIS = 250;

  private final Path[] files = new Path[SEEDS.length];
  private final AtomicBoolean stop = new AtomicBoolean();
  private final AtomicLong reloads = new AtomicLong();

  private RecommendLoad() {}

  /** Runs it. */
  public static void main(String[] args) throws Exception {
    // Without it, Nagle's algorithm and delayed acknowledgements add 40 ms to small responses.
    System.setProperty("sun.net.httpserver.nodelay", "true");
    long seconds = args.length > 0 ? Long.parseLong(args[0]) : 10;
    String json = new RecommendLoad().run(seconds);
    System.out.println(json);
    if (args.length > 1) {
      Files.writeString(
          Path.of(args[1]),
          json + System.lineSeparator(),
          StandardOpenOption.CREATE,
          StandardOpenOption.APPEND);
    }
  }

  private String run(long seconds) throws Exception {
    Path dir = Files.createTempDirectory("load");
    for (int i = 0; i < SEEDS.length; i++) {
      files[i] = dir.resolve(SEEDS[i] + ".cnct");
      ServingArtifact.write(files[i], ServingArtifact.Budget.SKEWED, Precision.INT8, SEEDS[i]);
    }
    MemoryCap cap = MemoryCap.ofBytes(8 << 20);
    try (ReloadableRuntime runtime = ReloadableRuntime.open(files[0], cap, 4, null);
        RecommendServer server = new RecommendServer(runtime)) {
      List<String> queries = queries();
      List<List<String>> expected = new ArrayList<>();
      for (Path file : files) {
        runtime.reload(file);
        expected.add(queries.stream().map(server::answer).toList());
      }
      Probe probe = new Probe(runtime);
      List<Thread> beside = List.of(new Thread(() -> reload(runtime)), new Thread(probe));
      beside.forEach(Thread::start);
      HttpConnections connections =
          new HttpConnections(server.address(), queries, expected, CONNECTIONS);
      connections.run(TimeUnit.SECONDS.toNanos(seconds), 0);
      Histogram closed = connections.run(TimeUnit.SECONDS.toNanos(seconds), 0);
      double rate = closed.getTotalCount() / (double) seconds;
      probe.reset();
      Histogram open = connections.run(TimeUnit.SECONDS.toNanos(seconds), rate / 2);
      stop.set(true);
      for (Thread thread : beside) {
        thread.join();
      }
      return json(seconds, rate, open, probe, cap);
    } finally {
      for (Path file : files) {
        Files.delete(file);
      }
      Files.delete(dir);
    }
  }

  private String json(long seconds, double rate, Histogram open, Probe probe, MemoryCap cap) {
    return """
    {"run":"http-load","date":"%s","seconds":%d,"connections":%d,"requestsPerSecond":%.0f,\
    "pacedRequestsPerSecond":%.0f,"p50Micros":%.0f,"p99Micros":%.0f,"p999Micros":%.0f,"maxMicros":%.0f,\
    "reloads":%d,"failedOrWrong":0,"probedRequests":%d,"probedThatAllocated":%d,"probeBytesPerRequest":%.3f,"capBytes":%d,"peakBytes":%d,\
    "jdk":"%s","cores":%d}\
    """
        .formatted(
            Instant.now(),
            seconds,
            CONNECTIONS,
            rate,
            open.getTotalCount() / (double) seconds,
            open.getValueAtPercentile(50) / 1e3,
            open.getValueAtPercentile(99) / 1e3,
            open.getValueAtPercentile(99.9) / 1e3,
            open.getMaxValue() / 1e3,
            reloads.get(),
            probe.requests,
            probe.allocating,
            probe.bytes / (double) probe.requests,
            cap.limitBytes(),
            cap.peakBytes(),
            System.getProperty("java.vm.version"),
            Runtime.getRuntime().availableProcessors());
  }

  private static List<String> queries() {
    return IntStream.range(0, QUERIES)
        .mapToObj(
            q -> "k=%d&history=%d,%d,%d,%d".formatted(K, q, 7 * q + 1, 31 * q + 2, 601 * q + 3))
        .toList();
  }

  private void reload(ReloadableRuntime runtime) {
    try {
      for (int next = 0; !stop.get(); next = (next + 1) % files.length) {
        runtime.reload(files[next]);
        reloads.incrementAndGet();
        Thread.sleep(RELOAD_MILLIS);
      }
    } catch (IOException | InterruptedException failure) {
      throw new IllegalStateException(failure);
    }
  }

  /** Recommends on a platform thread, whose allocation the JVM can tell; one request in 2 ms. */
  private final class Probe implements Runnable {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private final ReloadableRuntime runtime;
    private volatile boolean resetting;
    private long requests;
    private long bytes;
    private long allocating;

    Probe(ReloadableRuntime runtime) {
      this.runtime = runtime;
    }

    /** Forgets what the JVM's warm-up allocated. */
    void reset() {
      resetting = true;
    }

    @Override
    public void run() {
      int[] history = new int[4];
      int[] items = new int[K];
      float[] scores = new float[K];
      while (!stop.get()) {
        if (resetting) {
          requests = 0;
          bytes = 0;
          allocating = 0;
          resetting = false;
        }
        for (int i = 0; i < history.length; i++) {
          history[i] = (int) ((requests * 31 + i * 977L) % ServingArtifact.ITEMS);
        }
        long before = THREADS.getCurrentThreadAllocatedBytes();
        try (ServingLease lease = runtime.acquire()) {
          RecommendServer.recommend(lease, history, history.length, K, items, scores);
        }
        long allocated = THREADS.getCurrentThreadAllocatedBytes() - before;
        bytes += allocated;
        allocating += allocated == 0 ? 0 : 1;
        requests++;
        LockSupport.parkNanos(2_000_000);
      }
    }
  }
}
