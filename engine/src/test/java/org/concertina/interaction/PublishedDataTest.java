package org.concertina.interaction;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Published data sets, where they are: in {@code -Dconcertina.datasets} or beside the checkout. */
class PublishedDataTest {
  @ParameterizedTest
  @CsvSource({
    "gowalla, 29858, 40981, 810128, 0, 217242",
    "ml-1m-m1, 6022, 3043, 796244, 99455, 99455",
    "lastfm-lightgcn, 1880, 4489, 42135, 0, 10533",
    "amazon-book-kgat, 70679, 24915, 652514, 0, 193920",
  })
  void countsAreThePublishedOnes(
      String name, int users, int items, long train, long validation, long test)
      throws IOException {
    Path root = Path.of(System.getProperty("concertina.datasets", "../../shared/datasets"));
    Path dir = root.resolve(name);
    assumeTrue(
        Files.isDirectory(dir),
        "skipped: no " + dir.toAbsolutePath().normalize() + "; set -Dconcertina.datasets");
    try (InteractionData data = InteractionReader.read(dir, ReadOptions.defaults())) {
      ReadReport report = data.report();
      assertEquals(users, report.users());
      assertEquals(items, report.items());
      assertEquals(0, report.duplicatesDropped() + report.overlapsDropped());
      assertEquals(
          train + validation, report.trainInteractions() + report.validationInteractions());
      assertEquals(test, report.testInteractions());
      if (validation > 0) {
        assertEquals(validation, report.validationInteractions());
      } else {
        double share = (double) report.validationInteractions() / train;
        assertTrue(share > 0.08 && share < 0.12, "validation share " + share);
      }
      for (int item = 1; item < items; item++) {
        assertTrue(data.popularity(item - 1) >= data.popularity(item));
      }
    }
  }
}
