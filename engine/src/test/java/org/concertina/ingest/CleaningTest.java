package org.concertina.ingest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.concertina.interaction.InteractionData;
import org.concertina.interaction.InteractionFormatException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CleaningTest {
  @TempDir private Path dir;

  private static CleaningOptions cores(int user, int item, int history) {
    return new CleaningOptions(Double.NaN, Long.MIN_VALUE, Long.MAX_VALUE, user, item, history);
  }

  @Test
  void everyStepIsReported() throws IOException {
    String text =
        """
        userId,movieId,rating,timestamp
        1,10,5,100
        1,10,4,200
        1,11,1,100
        2,10,4,100
        2,12,4,300
        3,11,3.5,100
        3,10,5,50
        3,12,4,110
        """;
    IngestReport report =
        Texts.ingest(dir, text, new CleaningOptions(3.5, 60, 300, 1, 2, 0), Texts.NO_SPLIT);
    assertEquals(
        List.of(
            new CleaningStep("read", 3, 3, 8),
            new CleaningStep("rating >= 3.5", 3, 3, 7),
            new CleaningStep("time window", 3, 3, 5),
            new CleaningStep("without repetitions", 3, 3, 4),
            new CleaningStep("core of 1 and 2", 2, 1, 2)),
        report.steps());
  }

  @Test
  void nothingLeftIsAnError() {
    InteractionFormatException refusal =
        assertThrows(
            InteractionFormatException.class,
            () -> Texts.ingest(dir, "1 2 3\n", cores(5, 5, 0), Texts.NO_SPLIT));
    assertTrue(refusal.getMessage().contains("no interaction is left after: [read, "));
  }

  @Test
  void whoAndWhatIsLeftOutHasNoIndex() throws IOException {
    IngestReport report =
        Texts.ingest(dir, "1 10 11\n2 10 11\n3 12\n9\n", cores(2, 2, 0), Texts.NO_SPLIT);
    assertEquals(2, report.users());
    assertEquals(2, report.items());
    try (InteractionData data = Texts.open(dir)) {
      assertEquals("1: 10 11; 2: 10 11;", Texts.text(data, data.train()));
      assertEquals(-1, data.userIndex(3));
      assertEquals(-1, data.itemIndex(12));
    }
  }

  @Test
  void minHistoryIsCheckedOnce() throws IOException {
    Texts.ingest(dir, "1 10 11 12\n2 10\n3 13 11\n", cores(0, 0, 2), Texts.NO_SPLIT);
    try (InteractionData data = Texts.open(dir)) {
      assertEquals("1: 11 10 12; 3: 11 13;", Texts.text(data, data.train()));
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void coreIsThatOfTheDefinition(long seed) throws IOException {
    SplittableRandom random = new SplittableRandom(seed);
    Set<String> pairs = new TreeSet<>();
    for (int i = 0; i < 400; i++) {
      double skew = random.nextDouble();
      pairs.add(random.nextInt(80) + " " + (int) (70 * skew * skew));
    }
    CleaningOptions cleaning = cores(3, 4, 0);
    Set<String> core = new TreeSet<>(pairs);
    while (core.removeIf(poor(core, 0, 3)) || core.removeIf(poor(core, 1, 4))) {
      // Until nothing changes.
    }
    Texts.ingest(dir, String.join("\n", pairs) + "\n", cleaning, Texts.NO_SPLIT);
    Set<String> kept = new TreeSet<>();
    try (InteractionData data = Texts.open(dir)) {
      for (int user = 0; user < data.users(); user++) {
        for (long at = data.train().begin(user); at < data.train().end(user); at++) {
          kept.add(data.userId(user) + " " + data.itemId(data.train().itemAt(at)));
        }
      }
    }
    assertTrue(core.size() > 50, core.size() + " pairs are no test");
    assertEquals(core, kept);
  }

  private static java.util.function.Predicate<String> poor(
      Set<String> pairs, int column, int least) {
    Map<String, Integer> degrees = new HashMap<>();
    pairs.forEach(pair -> degrees.merge(pair.split(" ", -1)[column], 1, Integer::sum));
    return pair -> degrees.get(pair.split(" ", -1)[column]) < least;
  }
}
