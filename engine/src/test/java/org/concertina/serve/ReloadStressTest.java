package org.concertina.serve;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.concertina.artifact.ArtifactFixture;
import org.concertina.memory.MemoryCap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Readers, reloads and closes at once: every answer is the oracle's for the artifact it came from.
 *
 * <p>{@code -Dconcertina.stress.seconds=60} makes a longer run and {@code
 * -Dconcertina.stress.record=FILE} appends a line of JSON about it.
 */
class ReloadStressTest {
  private static final long SECONDS = Long.getLong("concertina.stress.seconds", 3);
  private static final long MOST_EXTRA = TimeUnit.SECONDS.toNanos(60);
  private static final int READERS = 6;

  /** Every so many changes the runtime is closed and opened anew, in place of a reload. */
  private static final int CHANGES_A_CLOSE = 20;

  private static final int CONCURRENCY = 3;
  private static final int K = 12;
  private static final int QUESTIONS = 40;

  @TempDir Path dir;

  /** An artifact, known by its size. */
  private record Served(Path file, int items, List<Question> questions) {}

  /** A user and what must be answered. */
  private static final class Question {
    final float[] user;
    final int[] rows;
    final float[] scores = new float[K];

    Question(ServingOracle oracle, float[] user) {
      this.user = user;
      this.rows = oracle.best(user, K, row -> false);
      for (int rank = 0; rank < K; rank++) {
        scores[rank] = oracle.score(user, rows[rank]);
      }
    }
  }

  private final List<Served> artifacts = new ArrayList<>();
  private final MemoryCap cap = MemoryCap.ofBytes(8 << 20);
  private final AtomicReference<ReloadableRuntime> served = new AtomicReference<>();
  private final AtomicLong answers = new AtomicLong();
  private final AtomicLong refusedWhileClosed = new AtomicLong();
  private final AtomicLong reloads = new AtomicLong();
  private final AtomicLong closes = new AtomicLong();
  private long end;

  @BeforeEach
  void writeArtifacts() throws Exception {
    for (long seed = 1; artifacts.size() < 4; seed++) {
      try (ArtifactFixture fixture = ArtifactFixture.random(seed)) {
        int items = fixture.groups().items();
        if (items >= K && artifacts.stream().noneMatch(known -> known.items() == items)) {
          Path file = dir.resolve("artifact" + seed);
          fixture.write(file);
          artifacts.add(ask(file, fixture));
        }
      }
    }
    end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
  }

  private static Served ask(Path file, ArtifactFixture fixture) {
    ServingOracle oracle = new ServingOracle(fixture);
    SplittableRandom random = new SplittableRandom(4);
    List<Question> questions = new ArrayList<>();
    for (int q = 0; q < QUESTIONS; q++) {
      questions.add(
          new Question(oracle, ServingFixture.randomFloats(random, fixture.shape().dim())));
    }
    return new Served(file, fixture.groups().items(), questions);
  }

  @AfterEach
  void close() {
    ReloadableRuntime last = served.get();
    if (last != null) {
      last.close();
    }
  }

  @Test
  void everyAnswerIsRight() throws Exception {
    served.set(ReloadableRuntime.open(artifacts.get(0).file(), cap, CONCURRENCY, null));
    try (ExecutorService threads =
        Executors.newThreadPerTaskExecutor(Thread.ofPlatform().factory())) {
      List<Future<Void>> running = new ArrayList<>();
      for (int reader = 0; reader < READERS; reader++) {
        int seed = reader;
        Callable<Void> reads = () -> read(seed);
        running.add(threads.submit(reads));
      }
      Callable<Void> changes = this::change;
      running.add(threads.submit(changes));
      for (Future<Void> done : running) {
        done.get();
      }
    }
    served.get().close();
    assertEquals(0, cap.usedBytes());
    assertTrue(isEnough(), this::counts);
    record();
  }

  /** A busy machine gets more time to do enough. */
  private boolean goesOn() {
    long past = System.nanoTime() - end;
    return past < 0 || (!isEnough() && past < MOST_EXTRA);
  }

  private boolean isEnough() {
    return answers.get() > 1000 && reloads.get() > 10 && closes.get() > 0;
  }

  private Void read(int seed) throws InterruptedException {
    SplittableRandom random = new SplittableRandom(seed);
    int[] rows = new int[K];
    float[] scores = new float[K];
    while (goesOn()) {
      ServingLease lease;
      try {
        lease = served.get().acquire();
      } catch (IllegalStateException closed) {
        refusedWhileClosed.incrementAndGet();
        Thread.sleep(1);
        continue;
      }
      try (lease) {
        int items = lease.runtime().info().items();
        Served artifact =
            artifacts.stream().filter(a -> a.items() == items).findFirst().orElseThrow();
        Question question = artifact.questions().get(random.nextInt(QUESTIONS));
        MemorySegment user = MemorySegment.ofArray(question.user);
        assertEquals(K, lease.recommender().recommend(user, 0, K, null, rows, scores));
        assertArrayEquals(question.rows, rows);
        assertArrayEquals(question.scores, scores);
        answers.incrementAndGet();
      }
    }
    return null;
  }

  /** Reloads, and now and then closes and opens anew. */
  private Void change() throws Exception {
    SplittableRandom random = new SplittableRandom(99);
    for (int change = 1; goesOn(); change++) {
      Path next = artifacts.get(random.nextInt(artifacts.size())).file();
      if (change % CHANGES_A_CLOSE == 0) {
        served.get().close();
        closes.incrementAndGet();
        served.set(ReloadableRuntime.open(next, cap, CONCURRENCY, null));
      } else {
        served.get().reload(next);
        reloads.incrementAndGet();
      }
      Thread.sleep(random.nextInt(3));
    }
    return null;
  }

  private String counts() {
    return "\"answers\":%d,\"reloads\":%d,\"closes\":%d,\"refusedWhileClosed\":%d"
        .formatted(answers.get(), reloads.get(), closes.get(), refusedWhileClosed.get());
  }

  private void record() throws Exception {
    String file = System.getProperty("concertina.stress.record");
    if (file != null) {
      String line =
          "{\"run\":\"reload-stress\",\"date\":\"%s\",\"seconds\":%d,\"readers\":%d,\"wrong\":0,%s}%n"
              .formatted(Instant.now(), SECONDS, READERS, counts());
      Files.writeString(Path.of(file), line, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }
  }
}
