package org.concertina.datasets;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.concertina.datasets.SyntheticLog.Form;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whether the generator's statistics are those that were asked for. */
class SyntheticStatisticsTest {
  private static final int USERS = 40_000;
  private static final int ITEMS = 10_000;
  private static final double EXPONENT = 1.1;
  private static final double OFFSET = 25;
  private static final SyntheticConfig CONFIG =
      SyntheticConfig.small()
          .withSize(USERS, ITEMS, 50)
          .withPopularity(EXPONENT, OFFSET)
          .withActivity(1, 0.8)
          .withTastes(40, 0.7);

  /** So few interactions a user of so wide tastes that hardly a draw repeats an item. */
  private static final SyntheticConfig LIGHT =
      CONFIG.withSize(200_000, ITEMS, 10).withTastes(5, 0.7);

  private static SyntheticModel model;
  private static int[] counts;

  @TempDir private Path dir;

  @BeforeAll
  static void draw() {
    model = new SyntheticModel(CONFIG);
    counts = counts(new SyntheticModel(LIGHT), 0, 1);
  }

  @Test
  void interactionsAreExactlyAsMany() {
    assertEquals(2_000_000, Arrays.stream(counts).asLongStream().sum());
    assertEquals(
        2_000_000, IntStream.range(0, USERS).mapToLong(user -> model.interactions(user)).sum());
  }

  @Test
  void activityIsLogNormal() {
    double[] logs =
        IntStream.range(0, USERS).mapToDouble(user -> Math.log(model.interactions(user))).toArray();
    double mean = Arrays.stream(logs).average().orElseThrow();
    double variance = Arrays.stream(logs).map(log -> (log - mean) * (log - mean)).sum() / USERS;
    // The mean of a log-normal is exp(location + spread^2 / 2).
    assertEquals(Math.log(50) - 0.8 * 0.8 / 2, mean, 0.03);
    assertEquals(0.8, Math.sqrt(variance), 0.02);
    double[] standard =
        Arrays.stream(logs).map(log -> (log - mean) / Math.sqrt(variance)).toArray();
    assertEquals(0.8413, share(standard, 1), 0.01);
    assertEquals(0.1587, share(standard, -1), 0.01);
  }

  @Test
  void theExponentIsRecoveredByMaximumLikelihood() {
    double best = 0;
    double bestLikelihood = Double.NEGATIVE_INFINITY;
    for (double exponent = 0.8; exponent <= 1.4; exponent += 0.005) {
      double likelihood = logLikelihood(exponent);
      if (likelihood > bestLikelihood) {
        bestLikelihood = likelihood;
        best = exponent;
      }
    }
    assertEquals(EXPONENT, best, 0.06);
  }

  @Test
  void giniIsThatOfTheCurve() {
    double[] curve =
        IntStream.range(0, ITEMS).mapToDouble(SyntheticStatisticsTest::weight).toArray();
    double[] drawn = Arrays.stream(counts).asDoubleStream().toArray();
    assertEquals(gini(curve), gini(drawn), 0.025);
  }

  @Test
  void popularItemsAreAsPopularAsTheModelSays() {
    SyntheticModel light = new SyntheticModel(LIGHT);
    double squares = 0;
    int popular = 0;
    for (int item = 0; item < ITEMS; item++) {
      double expected = light.popularity(item, 0) * 2_000_000;
      // Chance alone is at most 5 % of 400.
      if (expected >= 400) {
        squares += Math.pow(counts[item] / expected - 1, 2);
        popular++;
      }
    }
    assertTrue(popular > 500, popular + " items");
    assertEquals(0, Math.sqrt(squares / popular), 0.07);
  }

  @Test
  void drawsFollowTheTrueScore() {
    // One user's first draw over many seeds of draws is one draw of each of many users alike.
    SyntheticConfig single =
        SyntheticConfig.small().withSize(1, 500, 5).withActivity(5, 0).withTastes(10, 0.8);
    double sum = 0;
    double expected = 0;
    int seeds = 1_500;
    for (int seed = 0; seed < seeds; seed++) {
      SyntheticModel one = new SyntheticModel(single.withSeed(seed));
      SyntheticHistory history = one.newHistory(false);
      history.draw(0);
      sum += Math.log(one.score(0, history.item(0), 0));
      for (int item = 0; item < 500 && seed < 30; item++) {
        double score = one.score(0, item, 0);
        expected += score * Math.log(score) / 30;
      }
    }
    assertEquals(expected, sum / seeds, 0.12);
  }

  @Test
  void scoresAreProbabilities() {
    SyntheticModel drifting = new SyntheticModel(CONFIG.withSize(100, ITEMS, 50).withDrift(0.5));
    for (double time : new double[] {0, 0.3, 1}) {
      double[] scores = new double[ITEMS];
      drifting.scores(7, time, scores);
      double popularities = 0;
      for (int item = 0; item < ITEMS; item++) {
        assertEquals(drifting.score(7, item, time), scores[item]);
        popularities += drifting.popularity(item, time);
      }
      assertEquals(1, Arrays.stream(scores).sum(), 1e-9);
      assertEquals(1, popularities, 1e-9);
    }
  }

  @Test
  void driftMovesPopularity() {
    SyntheticModel still = new SyntheticModel(CONFIG.withSize(5_000, ITEMS, 50));
    SyntheticModel moving = new SyntheticModel(CONFIG.withSize(5_000, ITEMS, 50).withDrift(1));
    double without = correlation(counts(still, 0, 0.25), counts(still, 0.75, 1));
    double with = correlation(counts(moving, 0, 0.25), counts(moving, 0.75, 1));
    assertTrue(without > 0.9, "without drift " + without);
    assertTrue(with < 0.5, "with drift " + with);
    int[] late = counts(moving, 0.9, 1);
    double[] expected = new double[ITEMS];
    for (int item = 0; item < ITEMS; item++) {
      expected[item] = moving.popularity(item, 0.95);
    }
    assertTrue(correlation(late, expected) > 0.9, "late counts and the model's popularity");
  }

  @Test
  void sameBytesForAnyNumberOfThreads() throws IOException {
    SyntheticModel small = new SyntheticModel(CONFIG.withSize(9_000, ITEMS, 30).withDrift(0.3));
    for (Form form : Form.values()) {
      for (String suffix : List.of("", ".gz")) {
        Path one = dir.resolve("one" + suffix);
        Path three = dir.resolve("three" + suffix);
        long[] done = new long[1];
        new SyntheticLog(small, form).write(one, 1, count -> done[0] = count);
        new SyntheticLog(small, form).write(three, 3, count -> {});
        assertEquals(270_000, done[0]);
        assertArrayEquals(Files.readAllBytes(one), Files.readAllBytes(three));
      }
    }
  }

  @Test
  void rowsAreThoseOfTheModel() throws IOException {
    SyntheticModel small = new SyntheticModel(CONFIG.withSize(300, ITEMS, 30));
    Path csv = dir.resolve("log.csv");
    new SyntheticLog(small, Form.RATED_CSV).write(csv, 2, count -> {});
    List<String> lines = Files.readAllLines(csv);
    assertEquals("user,item,rating,time", lines.getFirst());
    assertEquals(9_001, lines.size());
    SyntheticHistory history = small.newHistory(true);
    int line = 1;
    double[] lifts = new double[6];
    int[] rated = new int[6];
    for (int user = 0; user < 300; user++) {
      history.draw(user);
      long before = SyntheticLog.START.getEpochSecond();
      for (int i = 0; i < history.size(); i++) {
        String[] fields = lines.get(line++).split(",", -1);
        assertEquals(user, Integer.parseInt(fields[0]));
        assertEquals(history.item(i), Integer.parseInt(fields[1]));
        int rating = Integer.parseInt(fields[2]);
        rated[rating]++;
        lifts[rating] +=
            small.score(user, history.item(i), 0) / small.popularity(history.item(i), 0);
        long time = Long.parseLong(fields[3]);
        assertTrue(time >= before, "time descends");
        before = time;
      }
    }
    for (int stars = 2; stars <= 5; stars++) {
      assertTrue(lifts[stars] / rated[stars] > lifts[stars - 1] / rated[stars - 1]);
    }
  }

  private static int[] counts(SyntheticModel model, double from, double to) {
    int[] counts = new int[ITEMS];
    SyntheticHistory history = model.newHistory(true);
    for (int user = 0; user < model.config().users(); user++) {
      history.draw(user);
      for (int i = 0; i < history.size(); i++) {
        if (history.time(i) >= from && history.time(i) < to) {
          counts[history.item(i)]++;
        }
      }
    }
    return counts;
  }

  private static double weight(int rank) {
    return Math.pow(rank + 1 + OFFSET, -EXPONENT);
  }

  /** Of the counts by descending rank; the order within the sample is that of the ranks nearly. */
  private static double logLikelihood(double exponent) {
    int[] sorted = counts.clone();
    Arrays.sort(sorted);
    double sum = 0;
    double likelihood = 0;
    for (int rank = 0; rank < ITEMS; rank++) {
      sum += Math.pow(rank + 1 + OFFSET, -exponent);
      likelihood -= sorted[ITEMS - 1 - rank] * exponent * Math.log(rank + 1 + OFFSET);
    }
    return likelihood - 2_000_000 * Math.log(sum);
  }

  private static double gini(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    double weighted = 0;
    double sum = 0;
    for (int i = 0; i < sorted.length; i++) {
      weighted += (2.0 * (i + 1) - sorted.length - 1) * sorted[i];
      sum += sorted[i];
    }
    return weighted / (sorted.length * sum);
  }

  private static double share(double[] values, double below) {
    return (double) Arrays.stream(values).filter(value -> value < below).count() / values.length;
  }

  private static double correlation(int[] first, int[] second) {
    return correlation(first, Arrays.stream(second).asDoubleStream().toArray());
  }

  private static double correlation(int[] first, double[] second) {
    double meanFirst = Arrays.stream(first).average().orElseThrow();
    double meanSecond = Arrays.stream(second).average().orElseThrow();
    double product = 0;
    double squaresFirst = 0;
    double squaresSecond = 0;
    for (int i = 0; i < first.length; i++) {
      double a = first[i] - meanFirst;
      double b = second[i] - meanSecond;
      product += a * b;
      squaresFirst += a * a;
      squaresSecond += b * b;
    }
    return product / Math.sqrt(squaresFirst * squaresSecond);
  }
}
