package org.concertina.ingest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.concertina.interaction.InteractionData;
import org.concertina.interaction.InteractionFormatException;
import org.concertina.memory.MemoryCap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Splits that are given by files, by another data file, or by a hash. */
class ReusedSplitTest {
  @TempDir private Path dir;

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
            Texts.split(SplitRule.GIVEN, 1),
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
      List<String> rows = Texts.randomRows(prefix);
      IngestReport first =
          Texts.ingest(
              dir,
              Texts.HEADER + String.join("\n", rows),
              CleaningOptions.NONE,
              Texts.split(SplitRule.RATIO, 1));
      Path stored = dir.resolve("stored");
      Files.move(dir.resolve("data"), stored, StandardCopyOption.REPLACE_EXISTING);
      Path log = dir.resolve("log");
      SplitOptions taken = Texts.split(SplitRule.STORED, 9);
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
