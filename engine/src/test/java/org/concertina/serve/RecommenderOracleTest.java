package org.concertina.serve;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.concertina.artifact.ArtifactFixture;
import org.concertina.block.BlockChoice;
import org.concertina.block.BlockShape;
import org.concertina.block.Groups;
import org.concertina.block.Precision;
import org.concertina.memory.MemoryCap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Rows exact, ties included; scores equal to the bit. */
class RecommenderOracleTest {
  @TempDir Path dir;

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void randomArtifactsAgreeWithTheOracle(long seed) throws Exception {
    SplittableRandom seeds = new SplittableRandom(seed);
    for (int round = 0; round < 12; round++) {
      try (ArtifactFixture fixture = ArtifactFixture.random(seeds.nextLong())) {
        assertAgrees(fixture, seeds.nextLong(), 10);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void artifactsWithDroppedGroupsAgreeWithTheOracle(long seed) throws Exception {
    SplittableRandom seeds = new SplittableRandom(seed);
    for (int round = 0; round < 12; round++) {
      try (ArtifactFixture fixture = ArtifactFixture.random(seeds.nextLong())) {
        assertAgrees(fixture.withDropped(seeds.nextLong()), seeds.nextLong(), 10);
      }
    }
  }

  @Test
  void groupsLargerThanAChunkAgreeWithTheOracle() throws Exception {
    for (Precision precision : Precision.values()) {
      try (ArtifactFixture random =
          ArtifactFixture.of(9, Groups.ofStarts(0, 1023, 2048, 5100), new BlockShape(8, 4))) {
        BlockChoice free = new BlockChoice(0b10110010, precision);
        ArtifactFixture fixture =
            random.withConfig(
                random
                    .config()
                    .withChoice(0, free)
                    .withChoice(1, BlockChoice.prefix(1, precision))
                    .withChoice(2, free));
        assertAgrees(fixture, 10, 6);
        assertAgrees(fixture.withPrior(fixture.randomPrior(1)), 10, 6);
      }
    }
  }

  @Test
  void twoThreadsAgreeWithTheOracle() throws Exception {
    try (ArtifactFixture fixture =
            ArtifactFixture.of(21, Groups.equalCount(700, 5), new BlockShape(8, 4));
        DeviceRuntime runtime = open(fixture);
        ExecutorService threads = Executors.newFixedThreadPool(2)) {
      ServingOracle oracle = new ServingOracle(fixture);
      Callable<Void> first = () -> assertRequests(fixture, oracle, runtime, 1, 150);
      Callable<Void> second = () -> assertRequests(fixture, oracle, runtime, 2, 150);
      for (Future<Void> done : threads.invokeAll(List.of(first, second))) {
        done.get();
      }
    }
  }

  private DeviceRuntime open(ArtifactFixture fixture) throws Exception {
    Path file = dir.resolve("oracle.cnct");
    fixture.write(file);
    return DeviceRuntime.open(file, MemoryCap.unlimited());
  }

  private void assertAgrees(ArtifactFixture fixture, long seed, int requests) throws Exception {
    try (DeviceRuntime runtime = open(fixture)) {
      assertRequests(fixture, new ServingOracle(fixture), runtime, seed, requests);
    }
  }

  private static Void assertRequests(
      ArtifactFixture fixture,
      ServingOracle oracle,
      DeviceRuntime runtime,
      long seed,
      int requests) {
    SplittableRandom random = new SplittableRandom(seed);
    int items = fixture.groups().items();
    int dim = fixture.shape().dim();
    try (Recommender recommender = runtime.newRecommender();
        RowFilter filter = runtime.newRowFilter()) {
      for (int request = 0; request < requests; request++) {
        int k = random.nextInt(1, 40);
        float[] user = randomUser(random, dim);
        boolean filtered = random.nextBoolean();
        randomise(filter, random);
        IntPredicate excluded = filtered ? filter::excludes : row -> false;
        Request known = new Request(k);
        known.count =
            recommender.recommend(
                MemorySegment.ofArray(user),
                0,
                k,
                filtered ? filter : null,
                known.rows,
                known.scores);
        known.assertIs(oracle, fixture, user, excluded);

        int[] history = random.ints(random.nextInt(9), -2, items + 3).toArray();
        IntPredicate seen = row -> Arrays.stream(history).anyMatch(h -> h == row);
        Request folded = new Request(k);
        folded.count =
            recommender.recommendFromHistory(
                history, history.length, k, filtered ? filter : null, folded.rows, folded.scores);
        float[] vector = oracle.userVector(history);
        folded.assertIs(oracle, fixture, vector, excluded.or(seen));

        float[] out = new float[dim + 1];
        long used = IntStream.of(history).filter(fixture::isThere).count();
        assertEquals(
            used,
            recommender.userVectorOfHistory(
                history, history.length, MemorySegment.ofArray(out), Float.BYTES));
        assertArrayEquals(vector, Arrays.copyOfRange(out, 1, dim + 1));
      }
    }
    return null;
  }

  private static float[] randomUser(SplittableRandom random, int dim) {
    float[] user = new float[dim];
    boolean whole = random.nextBoolean();
    for (int k = 0; k < dim; k++) {
      user[k] = whole ? random.nextInt(-2, 3) : (float) random.nextDouble(-3, 3);
    }
    return user;
  }

  private static void randomise(RowFilter filter, SplittableRandom random) {
    filter.allowAll();
    boolean allowList = random.nextInt(3) == 0;
    if (allowList) {
      filter.excludeAll();
    }
    for (int i = random.nextInt(filter.rows() + 1); i > 0; i--) {
      int row = random.nextInt(filter.rows());
      if (allowList) {
        filter.allow(row);
      } else {
        filter.exclude(row);
      }
    }
  }

  private static final class Request {
    final int[] rows;
    final float[] scores;
    final int k;
    int count;

    Request(int k) {
      this.k = k;
      this.rows = new int[k];
      this.scores = new float[k];
    }

    void assertIs(
        ServingOracle oracle, ArtifactFixture fixture, float[] user, IntPredicate excluded) {
      int[] expected = oracle.best(user, k, excluded);
      assertArrayEquals(expected, Arrays.copyOf(rows, count));
      for (int rank = 0; rank < count; rank++) {
        assertEquals(oracle.score(user, rows[rank]), scores[rank]);
        int group = fixture.groups().groupOf(rows[rank]);
        double tolerance =
            switch (fixture.config().choice(group).precision()) {
              case FP32 -> 1e-5;
              case INT8 -> 5e-2;
              case INT4 -> 0.2;
              // A row of zeros, or of one element of many, is far from any codes.
              case INT2 -> 1;
            };
        // Half the range of priors that are kept as one; half a step of others is less.
        double ofPrior = fixture.prior() == null ? 0 : 0.01;
        assertEquals(oracle.exact(user, rows[rank]), scores[rank], tolerance + ofPrior);
      }
    }
  }
}
