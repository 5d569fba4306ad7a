package org.concertina.ingest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.concertina.interaction.InteractionData;
import org.concertina.interaction.InteractionMatrix;
import org.concertina.interaction.InteractionReader;
import org.concertina.interaction.ReadOptions;
import org.concertina.interaction.ReadReport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Published data sets, where they are: in {@code -Dconcertina.datasets} or beside the checkout. */
class PublishedLogsTest {
  private static final Path ROOT =
      Path.of(System.getProperty("concertina.datasets", "../../shared/datasets"));

  @TempDir private Path dir;

  private static Path existing(String name) {
    Path path = ROOT.resolve(name);
    assumeTrue(
        Files.exists(path),
        "skipped: no " + path.toAbsolutePath().normalize() + "; set -Dconcertina.datasets");
    return path;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "amazon-beauty",
        "amazon-book-kgat",
        "amazon-cds",
        "amazon-video-games",
        "gowalla",
        "lastfm-2k",
        "lastfm-lightgcn",
        "ml-100k",
        "ml-1m",
        "ml-1m-m1"
      })
  void countsAreThoseOfTheReadme(String name) throws IOException {
    Path folder = existing(name);
    long[] counts = readmeCounts(folder.resolve("README.md"));
    Texts.ingest(dir, List.of(folder), CleaningOptions.NONE, Texts.NO_SPLIT);
    try (InteractionData data = Texts.open(dir)) {
      ReadReport report = data.report();
      assertEquals(counts[0], report.users());
      assertEquals(counts[1], report.items());
      assertEquals(counts[2], report.trainInteractions());
      assertEquals(counts[3], report.validationInteractions());
      assertEquals(counts[4], report.testInteractions());
      assertEquals(0, report.duplicatesDropped() + report.overlapsDropped());
    }
  }

  /** The row under "| users | items | train | valid | test |"; a dash is zero. */
  private static long[] readmeCounts(Path readme) throws IOException {
    Matcher row =
        Pattern.compile("\\| users \\| items \\| train \\|[^\n]*\n[^\n]*\n([^\n]*)\n")
            .matcher(Files.readString(readme));
    assertEquals(true, row.find(), "no table of statistics in " + readme);
    List<String> cells = List.of(row.group(1).split("\\|", -1));
    long[] counts = new long[5];
    for (int i = 0; i < counts.length; i++) {
      Matcher number = Pattern.compile("[0-9][0-9,]*").matcher(cells.get(i + 1));
      counts[i] = number.find() ? Long.parseLong(number.group().replace(",", "")) : 0;
    }
    return counts;
  }

  private IngestReport ingest(String log, CleaningOptions cleaning, SplitRule rule)
      throws IOException {
    return Texts.ingest(dir, List.of(existing(log)), cleaning, new SplitOptions(rule, 0.1, 0.2, 1));
  }

  @Test
  void nativeMovieLens100K() throws IOException {
    IngestReport report = ingest("ml-100k/u.data.gz", CleaningOptions.NONE, SplitRule.TEMPORAL);
    assertEquals(943, report.users());
    assertEquals(1_682, report.items());
    assertEquals(100_000, report.interactionsRead());
    assertEquals(100_000, report.steps().getLast().interactions());
    assertEquals(1_979_173, report.textBytes());
    assertEquals(20_000.0, (double) report.testInteractions(), 100);
  }

  @Test
  void nativeMovieLens1M() throws IOException {
    CleaningOptions none = CleaningOptions.NONE;
    IngestReport rated = ingest("ml-1m/ratings-users-1-2999.dat.gz", none, SplitRule.RATIO);
    assertEquals(2_999, rated.users());
    assertEquals(3_615, rated.items());
    assertEquals(487_650, rated.interactionsRead());
    IngestReport all = ingest("ml-1m/pairs.dat.gz", none, SplitRule.NONE);
    assertEquals(6_040, all.users());
    assertEquals(3_706, all.items());
    assertEquals(1_000_209, all.trainInteractions());
    // The published cut: movies with 20 ratings, then users with 20 of these.
    CleaningOptions cut =
        new CleaningOptions(Double.NaN, Long.MIN_VALUE, Long.MAX_VALUE, 0, 20, 20);
    IngestReport core = ingest("ml-1m/pairs.dat.gz", cut, SplitRule.NONE);
    assertEquals(6_022, core.users());
    assertEquals(3_043, core.items());
    assertEquals(995_154, core.trainInteractions());
  }

  @Test
  void nativeVideoGamesSplitAsPublished() throws IOException {
    ingest("amazon-video-games/Video.txt.gz", CleaningOptions.NONE, SplitRule.LEAVE_ONE_OUT);
    try (InteractionData split = Texts.open(dir);
        InteractionData published =
            InteractionReader.read(ROOT.resolve("amazon-video-games"), ReadOptions.defaults())) {
      assertSameButOne(published, published.train(), split, split.train());
      assertSameButOne(published, published.validation(), split, split.validation());
      assertSameButOne(published, published.test(), split, split.test());
    }
  }

  /** The native file counts users and items from 1. */
  private static void assertSameButOne(
      InteractionData data,
      InteractionMatrix pairs,
      InteractionData native1,
      InteractionMatrix same) {
    assertEquals(pairs.size(), same.size());
    for (int user = 0; user < pairs.users(); user++) {
      int other = native1.userIndex(data.userId(user) + 1L);
      for (long at = pairs.begin(user); at < pairs.end(user); at++) {
        int item = native1.itemIndex(data.itemId(pairs.itemAt(at)) + 1L);
        assertEquals(true, same.contains(other, item));
      }
    }
  }
}
