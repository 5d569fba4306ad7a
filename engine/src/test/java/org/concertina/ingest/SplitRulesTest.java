package org.concertina.ingest;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.concertina.interaction.InteractionData;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class SplitRulesTest {
  @TempDir private Path dir;

  private IngestReport ingest(List<String> rows, SplitOptions split) throws IOException {
    return Texts.ingest(dir, Texts.HEADER + String.join("\n", rows), CleaningOptions.NONE, split);
  }

  @ParameterizedTest
  @EnumSource(
      names = {"GIVEN", "STORED"},
      mode = EnumSource.Mode.EXCLUDE)
  void theOrderOfLinesDoesNotMatter(SplitRule rule) throws IOException {
    for (String prefix : List.of("", "u")) {
      List<String> rows = Texts.randomRows(prefix);
      IngestReport first = ingest(rows, Texts.split(rule, 1));
      byte[] bytes = Files.readAllBytes(dir.resolve("data"));
      Collections.shuffle(rows, new Random(5));
      assertEquals(first.dataHash(), ingest(rows, Texts.split(rule, 1)).dataHash());
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
    assertEquals(
        hash, "%016x".formatted(ingest(Texts.randomRows(prefix), Texts.split(rule, 1)).dataHash()));
  }

  @Test
  void randomRulesDependOnTheSeed() throws IOException {
    for (SplitRule rule : List.of(SplitRule.RATIO, SplitRule.COLD_USERS)) {
      List<String> rows = Texts.randomRows("");
      long first = ingest(rows, Texts.split(rule, 1)).dataHash();
      assertNotEquals(first, ingest(rows, Texts.split(rule, 2)).dataHash());
    }
  }

  @Test
  void aUsersDrawDoesNotDependOnOthers() throws IOException {
    for (String prefix : List.of("", "u")) {
      List<String> rows = Texts.randomRows(prefix);
      ingest(rows, Texts.split(SplitRule.RATIO, 1));
      String before;
      try (InteractionData data = Texts.open(dir)) {
        before = items(data, prefix + "7");
      }
      rows.removeIf(row -> row.startsWith(prefix + "3"));
      ingest(rows, Texts.split(SplitRule.RATIO, 1));
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
    ingest(Texts.randomRows(""), Texts.split(SplitRule.RATIO, 1));
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
    ingest(rows, Texts.split(SplitRule.LEAVE_ONE_OUT, 1));
    try (InteractionData data = Texts.open(dir)) {
      assertEquals("1: 10 12; 2: 10 12;", Texts.text(data, data.train()));
      assertEquals("1: 13;", Texts.text(data, data.validation()));
      assertEquals("1: 11;", Texts.text(data, data.test()));
    }
    Texts.ingest(
        dir, "7 5 9 1 5\n7 4\n", CleaningOptions.NONE, Texts.split(SplitRule.LEAVE_ONE_OUT, 1));
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
    ingest(rows, Texts.split(SplitRule.LEAVE_ONE_OUT, 1));
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
    ingest(Texts.randomRows(""), Texts.split(SplitRule.COLD_USERS, 1));
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
}
