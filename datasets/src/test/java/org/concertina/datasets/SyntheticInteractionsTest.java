package org.concertina.datasets;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SyntheticInteractionsTest {
  private static final SyntheticConfig CONFIG = SyntheticConfig.small();
  private static SyntheticInteractions data;

  @TempDir private Path dir;

  @BeforeAll
  static void generate() {
    data = SyntheticInteractions.generate(CONFIG);
  }

  @Test
  void sameConfigurationSameBytes() throws IOException {
    data.writeTo(dir.resolve("a"));
    SyntheticInteractions.generate(CONFIG).writeTo(dir.resolve("b"));
    SyntheticInteractions.generate(CONFIG.withSeed(2)).writeTo(dir.resolve("c"));
    for (String name : List.of("train.txt.gz", "test.txt.gz")) {
      byte[] bytes = Files.readAllBytes(dir.resolve("a").resolve(name));
      assertArrayEquals(bytes, Files.readAllBytes(dir.resolve("b").resolve(name)));
      assertFalse(Arrays.equals(bytes, Files.readAllBytes(dir.resolve("c").resolve(name))));
    }
  }

  @Test
  void writesOneLineAUserAndNothingElse() throws IOException {
    data.writeTo(dir);
    data.writeTo(dir);
    try (Stream<Path> files = Files.list(dir)) {
      assertEquals(
          List.of("test.txt.gz", "train.txt.gz"),
          files.map(file -> file.getFileName().toString()).sorted().toList());
    }
    List<String> lines = lines(dir.resolve("test.txt.gz"));
    assertEquals(CONFIG.users(), lines.size());
    for (int user = 0; user < CONFIG.users(); user++) {
      String items =
          Arrays.stream(data.test(user))
              .mapToObj(Integer::toString)
              .collect(Collectors.joining(" "));
      assertEquals(user + " " + items, lines.get(user));
    }
  }

  @Test
  void countsAndSplitsAreAsConfigured() {
    long all = 0;
    for (int user = 0; user < CONFIG.users(); user++) {
      int[] train = data.train(user);
      int[] test = data.test(user);
      int count = train.length + test.length;
      assertTrue(count >= CONFIG.leastInteractions());
      all += count;
      assertEquals(Math.round(0.2 * count), test.length);
      int distinct =
          (int) IntStream.concat(Arrays.stream(train), Arrays.stream(test)).distinct().count();
      assertEquals(count, distinct);
      for (int i = 1; i < train.length; i++) {
        assertTrue(train[i - 1] < train[i]);
      }
    }
    assertEquals(CONFIG.interactions(), all);
  }

  @Test
  void popularityHasALongTailAndIdsTellNothingOfIt() {
    int[] counts = trainCounts();
    int[] sorted = counts.clone();
    Arrays.sort(sorted);
    long all = Arrays.stream(counts).sum();
    long head = Arrays.stream(sorted, sorted.length * 9 / 10, sorted.length).sum();
    double share = (double) head / all;
    assertTrue(share > 0.25 && share < 0.7, "share of the top tenth: " + share);
    long firstIds = Arrays.stream(counts, 0, counts.length / 10).sum();
    assertEquals(0.1, (double) firstIds / all, 0.04);
  }

  @Test
  void usersPreferFewTastes() {
    double own = 0;
    for (int user = 0; user < CONFIG.users(); user++) {
      int[] perTaste = new int[CONFIG.tastes()];
      int[] train = data.train(user);
      for (int item : train) {
        perTaste[data.model().mainTaste(item)]++;
      }
      Arrays.sort(perTaste);
      own += (double) (perTaste[perTaste.length - 1]) / train.length;
    }
    double share = own / CONFIG.users();
    assertTrue(share > 0.3, "share of a user's first taste: " + share);
  }

  @Test
  void neighboursBeatPopularityClearly() {
    double popularity = recallAt20(popularityScores());
    double neighbours = recallAt20(neighbourScores());
    assertTrue(
        neighbours > 2 * popularity, "neighbours " + neighbours + ", popularity " + popularity);
  }

  @Test
  void refusesValuesOutOfRange() {
    assertRefused("users", () -> CONFIG.withSize(0, 100, 10));
    assertRefused("items", () -> CONFIG.withSize(10, 19, 5));
    assertRefused("interactions", () -> CONFIG.withSize(10, 100, 26));
    assertRefused("interactions", () -> CONFIG.withSize(10, 100, 4));
    assertRefused("leastInteractions", () -> CONFIG.withActivity(0, 1));
    assertRefused("activitySpread", () -> CONFIG.withActivity(1, Double.NaN));
    assertRefused("popularityExponent", () -> CONFIG.withPopularity(-1, 0));
    assertRefused("popularityOffset", () -> CONFIG.withPopularity(1, -1));
    assertRefused("tastes", () -> CONFIG.withTastes(0, 1));
    assertRefused("tasteShare", () -> CONFIG.withTastes(8, 1.1));
    assertRefused("drift", () -> CONFIG.withDrift(-0.1));
  }

  @Test
  void theSmallestAndTheNarrowestStillComeToAnEnd() {
    SyntheticConfig smallest = CONFIG.withSize(1, 20, 5).withTastes(1, 1);
    assertEquals(4, SyntheticInteractions.generate(smallest).train(0).length);
    SyntheticConfig narrow = CONFIG.withSize(50, 400, 100).withTastes(48, 1).withActivity(5, 2);
    SyntheticInteractions exhausted = SyntheticInteractions.generate(narrow);
    long distinct = 0;
    for (int user = 0; user < 50; user++) {
      distinct +=
          IntStream.concat(
                  Arrays.stream(exhausted.train(user)), Arrays.stream(exhausted.test(user)))
              .distinct()
              .count();
    }
    assertEquals(5_000, distinct);
  }

  private static void assertRefused(String argument, Runnable action) {
    IllegalArgumentException refusal = assertThrows(IllegalArgumentException.class, action::run);
    assertTrue(refusal.getMessage().startsWith(argument), refusal.getMessage());
  }

  /** Scores of all items for a user. */
  private interface Scorer {
    double[] score(int user);
  }

  private static Scorer popularityScores() {
    double[] counts = Arrays.stream(trainCounts()).asDoubleStream().toArray();
    return user -> counts.clone();
  }

  private static Scorer neighbourScores() {
    int[] counts = trainCounts();
    int[][] together = new int[CONFIG.items()][CONFIG.items()];
    for (int user = 0; user < CONFIG.users(); user++) {
      int[] train = data.train(user);
      for (int i : train) {
        for (int j : train) {
          together[i][j]++;
        }
      }
    }
    return user -> {
      double[] scores = new double[CONFIG.items()];
      for (int i : data.train(user)) {
        for (int j = 0; j < scores.length; j++) {
          scores[j] += together[i][j] / Math.sqrt((counts[i] + 1.0) * (counts[j] + 1.0));
        }
      }
      return scores;
    };
  }

  private static double recallAt20(Scorer scorer) {
    double sum = 0;
    int users = CONFIG.users() / 5;
    for (int user = 0; user < users; user++) {
      double[] scores = scorer.score(user);
      for (int item : data.train(user)) {
        scores[item] = Double.NEGATIVE_INFINITY;
      }
      int[] test = data.test(user);
      long hits =
          IntStream.range(0, scores.length)
              .boxed()
              .sorted(Comparator.comparingDouble(item -> -scores[item]))
              .limit(20)
              .filter(item -> Arrays.binarySearch(test, item) >= 0)
              .count();
      sum += (double) hits / test.length;
    }
    return sum / users;
  }

  private static int[] trainCounts() {
    int[] counts = new int[CONFIG.items()];
    for (int user = 0; user < CONFIG.users(); user++) {
      for (int item : data.train(user)) {
        counts[item]++;
      }
    }
    return counts;
  }

  private static List<String> lines(Path file) throws IOException {
    try (BufferedReader reader =
        new BufferedReader(
            new InputStreamReader(
                new GZIPInputStream(Files.newInputStream(file)), StandardCharsets.US_ASCII))) {
      return reader.lines().toList();
    }
  }
}
