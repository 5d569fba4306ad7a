package org.concertina.ingest;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import org.concertina.interaction.InteractionData;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IsoTimeTest {
  @TempDir private Path folder;

  private static OptionalLong parse(String text) {
    return TimeText.parse(text.getBytes(StandardCharsets.UTF_8));
  }

  @ParameterizedTest
  @CsvSource({
    "1970-01-01, 0",
    "1970-01-01T00:01, 60",
    "1970-01-01 00:00:07.999, 7",
    "1970-01-01T00:00:00Z, 0",
    "1970-01-01T02:00:00+02:00, 0",
    "1970-01-01T00:00:00+05:30, -19800",
    "1969-12-31T20:00:00.25-04:00, 0",
    "1970-01-01T00:00+00:00, 0",
    "1970-01-01T00:00:00-00:30, 1800",
    "2026-11-24T00:30:00+01:00, 1795476600",
  })
  void readsSecondsSince1970(String text, long seconds) {
    assertEquals(OptionalLong.of(seconds), parse(text));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "2026-11-24+02:00",
        "2026-11-24T15-30",
        "2026-11-24T15:30:00+2:00",
        "2026-11-24T15:30:00+02",
        "2026-11-24T15:30:00+0200",
        "2026-11-24T15:30:00+02:60",
        "2026-11-24T15:30:00+19:00",
        "2026-11-24T15:30:00+02:00Z",
        "2026-11-24T15:30:00+02:000",
        "2026-11-24T15:30:00*02:00",
        "2026-11-24T15:30:00+",
        "2026-11-24T15:30:00z",
        "2026-11-24T24:00",
        "2026-02-29",
        "2026-11-24T",
      })
  void refusesWhatIsNone(String text) {
    assertEquals(OptionalLong.empty(), parse(text));
  }

  @Test
  void agreesWithTheJdk() {
    SplittableRandom random = new SplittableRandom(4);
    for (int i = 0; i < 2_000; i++) {
      OffsetDateTime time =
          OffsetDateTime.ofInstant(
              Instant.ofEpochSecond(random.nextLong(-60_000_000_000L, 200_000_000_000L)),
              ZoneOffset.ofTotalSeconds(60 * random.nextInt(-18 * 60, 18 * 60 + 1)));
      String text = time.format(DateTimeFormatter.ISO_OFFSET_DATE_TIME);
      assertEquals(OptionalLong.of(time.toEpochSecond()), parse(text), text);
    }
  }

  /** By the clocks on the wall 11 comes last and 13 first; by the moment 10 is first, 13 last. */
  private static final String LOG =
      """
      user,item,time
      1,10,2026-11-24T10:00:00+09:00
      1,11,2026-11-24T12:00:00+05:30
      1,12,2026-11-24T07:00:00Z
      1,13,2026-11-24T03:00:00-05:00
      """;

  @Test
  void windowsAreOfMoments() throws IOException {
    CleaningOptions window =
        new CleaningOptions(
            Double.NaN,
            parse("2026-11-24T06:30:00Z").getAsLong(),
            parse("2026-11-24T09:00:00+01:00").getAsLong(),
            0,
            0,
            0);
    Texts.ingest(folder, LOG, window, Texts.NO_SPLIT);
    try (InteractionData data = Texts.open(folder)) {
      assertEquals("1: 11 12;", Texts.text(data, data.train()));
    }
  }

  @Test
  void temporalSplitsAreOfMoments() throws IOException {
    SplitOptions split = new SplitOptions(SplitRule.TEMPORAL, 0.25, 0.25, 1);
    Texts.ingest(folder, LOG, CleaningOptions.NONE, split);
    try (InteractionData data = Texts.open(folder)) {
      assertEquals("1: 10 11;", Texts.text(data, data.train()));
      assertEquals("1: 12;", Texts.text(data, data.validation()));
      assertEquals("1: 13;", Texts.text(data, data.test()));
    }
  }
}
