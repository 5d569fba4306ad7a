package org.concertina.ingest;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.SplittableRandom;
import org.concertina.interaction.InteractionData;
import org.concertina.interaction.InteractionFormatException;
import org.concertina.memory.MemoryCap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class SplitRulesTest {
  private static final String HEADER = "userId,movieId,rating,timestamp\n";

  @TempDir private Path dir;

  private static SplitOptions split(SplitRule rule, long seed) {
    return new SplitOptions(rule, 0.1, 0.2, seed);
  }

  /** Rows of 60 users with 3 to 40 items each, all at different times. */
  private static List<String> randomRows(String prefix) {
    SplittableRandom random = new SplittableRandom(3);
    List<String> rows = new ArrayList<>();
    for (int user = 0; user < 60; user++) {
      for (int i = 3 + random.nextInt(38); i > 0; i--) {
        int time = 1_000_000 + 7919 * rows.size() % 100_003;
        rows.add("%s%d,%d,4,%d".formatted(prefix, user, random.nextInt(200), time));
      }
    }
    return rows;
  }

  private IngestReport ingest(List<String> rows, SplitOptions split) throws IOException {
    return Texts.ingest(dir, HEADER + String.join("\n", rows), CleaningOptions.NONE, split);
  }

  @ParameterizedTest
  @EnumSource(
      names = {"GIVEN", "STORED"},
      mode = EnumSource.Mode.EXCLUDE)
  void theOrderOfLinesDoesNotMatter(SplitRule rule) throws IOException {
    for (String prefix : List.of("", "u")) {
      List<String> rows = randomRows(prefix);
      IngestReport first = ingest(rows, split(rule, 1));
      byte[] bytes = Files.readAllBytes(dir.resolve("data"));
      Collections.shuffle(rows, new Random(5));
      assertEquals(first.dataHash(), ingest(rows, split(rule, 1)).dataHash());
      assertArrayEquals(bytes, Files.readAllBytes(dir.resolve("data")));
      assertEquals(prefix.equals("u"), first.userNames());
      long all = first.steps().getLast().interactions();
      assertEquals(
          all,
          first.trainInteractions() + first.validationInteractions() + first.testInteractions());
    }
  }

  /** Recorded when the rules were written: a split must never come out differently. */
  @ParameterizedTest
  @CsvSource({
    "NONE, '', 35c42987cb36f162",
    "RATIO, '', b4b86735b30dd711",
    "RATIO, u, e690cff99870e766",
    "TEMPORAL, '', 54d2ac51e165e81f",
    "LEAVE_ONE_OUT, '', 4e076bb6f3f9f0f3",
    "COLD_USERS, '', edb60a0770fd9ee3",
    "COLD_USERS, u, a5f4a4ba60fe1acb",
  })
  void splitsStayWhatTheyAre(SplitRule rule, String prefix, String hash) throws IOException {
    assertEquals(hash, "%016x".formatted(ingest(randomRows(prefix), split(rule, 1)).dataHash()));
  }

  @Test
  void randomRulesDependOnTheSeed() throws IOException {
    for (SplitRule rule : List.of(SplitRule.RATIO, SplitRule.COLD_USERS)) {
      List<String> rows = randomRows("");
      long first = ingest(rows, split(rule, 1)).dataHash();
      assertNotEquals(first, ingest(rows, split(rule, 2)).dataHash());
    }
  }

  @Test
  void aUsersDrawDoesNotDependOnOthers() throws IOException {
    for (String prefix : List.of("", "u")) {
      List<String> rows = randomRows(prefix);
      ingest(rows, split(SplitRule.RATIO, 1));
      String before;
      try (InteractionData data = Texts.open(dir)) {
        before = items(data, prefix + "7");
      }
      rows.removeIf(row -> row.startsWith(prefix + "3"));
      ingest(rows, split(SplitRule.RATIO, 1));
      try (InteractionData data = Texts.open(dir)) {
        assertEquals(before, items(data, prefix + "7"));
      }
    }
  }

  /** A user's test items, in the order of their names. */
  private static String items(InteractionData data, String user) {
    for (int u = 0; u < data.users(); u++) {
      if (data.userName(u).equals(user)) {
        List<String> items = new ArrayList<>();
        for (long at = data.test().begin(u); at < data.test().end(u); at++) {
          items.add(data.itemName(data.test().itemAt(at)));
        }
        Collections.sort(items);
        assertTrue(!items.isEmpty());
        return items.toString();
      }
    }
    throw new AssertionError("no user " + user);
  }

  @Test
  void ratioGivesEveryUserTheShares() throws IOException {
    ingest(randomRows(""), split(SplitRule.RATIO, 1));
    try (InteractionData data = Texts.open(dir)) {
      for (int user = 0; user < data.users(); user++) {
        int test = data.test().degree(user);
        int validation = data.validation().degree(user);
        int all = data.train().degree(user) + validation + test;
        assertEquals(all < 5 ? 0 : Math.round(0.2 * all), test);
        assertEquals(all < 5 ? 0 : Math.round(0.1 * all), validation);
      }
    }
  }

  @Test
  void temporalCutsAtOneMoment() throws IOException {
    List<String> rows =
        List.of("1,10,4,5", "1,11,4,9", "2,10,4,1", "2,12,4,9", "3,13,4,7", "3,10,4,8");
    IngestReport report = ingest(rows, new SplitOptions(SplitRule.TEMPORAL, 0.34, 0.17, 1));
    try (InteractionData data = Texts.open(dir)) {
      // The test share is one of six, and both of time 9 go with it; validation begins with time 8.
      assertEquals("1: 10; 2: 10; 3: 13;", Texts.text(data, data.train()));
      assertEquals("3: 10;", Texts.text(data, data.validation()));
      assertEquals("1: 11; 2: 12;", Texts.text(data, data.test()));
      assertEquals(2, report.testInteractions());
    }
  }

  @Test
  void leaveOneOutTakesTheLast() throws IOException {
    List<String> rows =
        List.of(
            "1,10,4,5", "1,11,4,9", "1,12,4,1", "1,13,4,7", "1,11,4,10", "2,10,4,1", "2,12,4,9");
    ingest(rows, split(SplitRule.LEAVE_ONE_OUT, 1));
    try (InteractionData data = Texts.open(dir)) {
      assertEquals("1: 10 12; 2: 10 12;", Texts.text(data, data.train()));
      assertEquals("1: 13;", Texts.text(data, data.validation()));
      assertEquals("1: 11;", Texts.text(data, data.test()));
    }
    Texts.ingest(dir, "7 5 9 1 5\n7 4\n", CleaningOptions.NONE, split(SplitRule.LEAVE_ONE_OUT, 1));
    try (InteractionData data = Texts.open(dir)) {
      assertEquals("7: 5 9;", Texts.text(data, data.train()));
      assertEquals("7: 1;", Texts.text(data, data.validation()));
      assertEquals("7: 4;", Texts.text(data, data.test()));
    }
  }

  @Test
  void timesOfAnySpanAreOrdered() throws IOException {
    List<String> rows =
        List.of("1,1,4,1700000000000", "1,2,4,-5", "1,3,4,99999999999999999", "1,4,4,2.5e9");
    ingest(rows, split(SplitRule.LEAVE_ONE_OUT, 1));
    try (InteractionData data = Texts.open(dir)) {
      assertEquals("1: 1;", Texts.text(data, data.validation()));
      assertEquals("1: 3;", Texts.text(data, data.test()));
    }
    ingest(rows, new SplitOptions(SplitRule.TEMPORAL, 0.25, 0.25, 1));
    try (InteractionData data = Texts.open(dir)) {
      assertEquals("1: 2 4;", Texts.text(data, data.train()));
      assertEquals("1: 1;", Texts.text(data, data.validation()));
      assertEquals("1: 3;", Texts.text(data, data.test()));
    }
  }

  @Test
  void coldUsersAreUnknownToTraining() throws IOException {
    ingest(randomRows(""), split(SplitRule.COLD_USERS, 1));
    try (InteractionData data = Texts.open(dir)) {
      int test = 0;
      for (int user = 0; user < data.users(); user++) {
        int parts = 0;
        parts += data.train().degree(user) > 0 ? 1 : 0;
        parts += data.validation().degree(user) > 0 ? 1 : 0;
        parts += data.test().degree(user) > 0 ? 1 : 0;
        assertEquals(1, parts);
        test += data.test().degree(user) > 0 ? 1 : 0;
      }
      assertTrue(test >= 3 && test <= 24, test + " of 60 users");
    }
  }

  @Test
  void givenPartsLoseRepetitionsAndOverlaps() throws IOException {
    Path train = Files.writeString(dir.resolve("a"), "1 5 6 5\n2 7\n");
    Path validation = Files.writeString(dir.resolve("b"), "1 6 8\n");
    Path test = Files.writeString(dir.resolve("c"), "1 9 8 9\n3 5\n");
    IngestConfig config =
        new IngestConfig(
            List.of(train),
            List.of(validation),
            List.of(test),
            TextFormat.AUTO,
            ColumnNames.COMMON,
            CleaningOptions.NONE,
            split(SplitRule.GIVEN, 1),
            Optional.empty());
    Ingest.run(
        config, dir.resolve("data"), MemoryCap.unlimited(), OptionalLong.empty(), bytes -> {});
    try (InteractionData data = Texts.open(dir)) {
      assertEquals("1: 5 6; 2: 7;", Texts.text(data, data.train()));
      assertEquals("1: 8;", Texts.text(data, data.validation()));
      assertEquals("1: 9; 3: 5;", Texts.text(data, data.test()));
      assertEquals(2, data.report().duplicatesDropped());
      assertEquals(2, data.report().overlapsDropped());
    }
  }

  @Test
  void aStoredSplitIsTakenOver() throws IOException {
    for (String prefix : List.of("", "u")) {
      List<String> rows = randomRows(prefix);
      IngestReport first = ingest(rows, split(SplitRule.RATIO, 1));
      Path stored = dir.resolve("stored");
      Files.move(dir.resolve("data"), stored, StandardCopyOption.REPLACE_EXISTING);
      Path log = dir.resolve("log");
      SplitOptions taken = split(SplitRule.STORED, 9);
      Optional<Path> from = Optional.of(stored);
      IngestReport again = Texts.ingest(dir, List.of(log), CleaningOptions.NONE, taken, from);
      assertEquals(first.dataHash(), again.dataHash());
      Files.writeString(log, "\n" + prefix + "7,900,4,1\nnew,1,4,1\n", StandardOpenOption.APPEND);
      IngestReport grown = Texts.ingest(dir, List.of(log), CleaningOptions.NONE, taken, from);
      assertEquals(first.trainInteractions() + 2, grown.trainInteractions());
      assertEquals(first.validationInteractions(), grown.validationInteractions());
      assertEquals(first.testInteractions(), grown.testInteractions());
    }
  }

  @Test
  void anotherHashThanExpectedWritesNothing() throws IOException {
    Path log = Files.writeString(dir.resolve("log"), "1 2 3\n");
    IngestConfig config =
        new IngestConfig(
            List.of(log),
            List.of(),
            List.of(),
            TextFormat.AUTO,
            ColumnNames.COMMON,
            CleaningOptions.NONE,
            Texts.NO_SPLIT,
            Optional.empty());
    InteractionFormatException refusal =
        assertThrows(
            InteractionFormatException.class,
            () ->
                Ingest.run(
                    config,
                    dir.resolve("data"),
                    MemoryCap.unlimited(),
                    OptionalLong.of(5),
                    bytes -> {}));
    assertTrue(refusal.getMessage().contains("expected 0000000000000005"), refusal.getMessage());
    assertTrue(Files.notExists(dir.resolve("data")));
  }
}
