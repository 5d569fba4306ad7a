package org.concertina.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.concertina.record.Measurement;
import org.concertina.record.RecordLog;
import org.concertina.record.RecordReader;
import org.concertina.record.Run;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportCommandTest {
  @TempDir private Path folder;

  @BeforeEach
  void record() throws IOException {
    Run run = Run.begin("experiment scaling", List.of());
    try (RecordLog log = RecordLog.open(folder.resolve(RecordReader.SUFFIX), run)) {
      for (int threads = 1; threads <= 2; threads++) {
        log.append(
            "scaling",
            "scalar",
            Map.of("data", "d", "choice", "training", "threads", threads),
            Measurement.of(100.0 * threads, "pairs/s", Map.of()));
      }
    }
  }

  @Test
  void writesPageSummaryAndPictures() throws IOException {
    Path page = folder.resolve("page.html");
    Path pictures = folder.resolve("new/pictures");
    JsonNode json =
        CommandRun.of(
                "report", "--results", folder, "--out", page, "--pictures", pictures, "--json")
            .expect(0)
            .json();
    assertEquals(2, json.get("records").asInt());
    assertEquals(2, json.get("pictures").size());
    for (String name : List.of("threads-speed-up.png", "threads-speed-up-dark.png")) {
      byte[] png = Files.readAllBytes(pictures.resolve(name));
      assertEquals("PNG", new String(png, 1, 3, StandardCharsets.US_ASCII));
    }
    assertTrue(Files.readString(page).contains("Speed-up"));
    assertTrue(Files.readString(folder.resolve("page.md")).contains("| 200.0 | pairs/s | 2.00 |"));
    try (var files = Files.list(pictures)) {
      assertEquals(2, files.count(), "nothing else is left");
    }
  }

  @Test
  void picturesInPlaceOfAFileAreRefused() throws IOException {
    Path file = Files.createFile(folder.resolve("file"));
    Path page = folder.resolve("page.html");
    CommandRun.of("report", "--results", folder, "--out", page, "--pictures", file)
        .expect(1)
        .expectMessage("--pictures", "is a file; name a folder");
    assertFalse(Files.exists(page));
  }
}
