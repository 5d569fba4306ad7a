package org.concertina.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPInputStream;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Training from an earlier model, and training under the profiler. */
class TrainMoreTest {
  private static final String FIRST = "--seed=3";

  @TempDir static Path shared;
  static Path earlierData;
  static Path grownData;
  static Path earlier;

  @TempDir Path folder;

  /** The grown set has new users, new items, and more interactions of the users from before. */
  @BeforeAll
  static void makeModel() throws IOException {
    grownData = TinyPipeline.writeData(shared.resolve("grown"), 1);
    earlierData = Files.createDirectory(shared.resolve("earlier"));
    List<String> lines = trainLines(grownData);
    List<String> fewer = new ArrayList<>();
    for (String line : lines.subList(0, lines.size() - 40)) {
      boolean active = line.chars().filter(c -> c == ' ').count() > 8;
      fewer.add(active ? line.substring(0, line.lastIndexOf(' ')) : line);
    }
    Files.write(earlierData.resolve("train.txt"), fewer);
    earlier = shared.resolve("earlier.model");
    TinyPipeline.train(earlierData, earlier, "--epochs=20", "--groups=5").expect(0);
  }

  private static List<String> trainLines(Path data) throws IOException {
    try (InputStream in = new GZIPInputStream(Files.newInputStream(data.resolve("train.txt.gz")))) {
      return new String(in.readAllBytes(), StandardCharsets.US_ASCII).lines().toList();
    }
  }

  private double firstLoss(Path jfr) throws IOException {
    return RecordingFile.readAllEvents(jfr).stream()
        .filter(e -> e.getEventType().getName().equals("org.concertina.Epoch"))
        .filter(e -> e.getInt("number") == 1)
        .mapToDouble((RecordedEvent e) -> e.getDouble("meanLoss"))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void aWarmStartOnGrownDataBeginsLowerAndNeedsFewerEpochs() throws IOException {
    Path coldFile = folder.resolve("cold.jfr");
    Path warmFile = folder.resolve("warm.jfr");
    JsonNode cold =
        TinyPipeline.train(
                grownData, folder.resolve("cold"), FIRST, "--profile=" + coldFile, "--json")
            .expect(0)
            .json();
    CommandRun run =
        TinyPipeline.train(
            grownData,
            folder.resolve("warm"),
            "--epochs=1",
            FIRST,
            "--from=" + earlier,
            "--profile=" + warmFile,
            "--json");
    JsonNode warm = run.expect(0).json();
    run.expectMessage("starts from " + earlier, "users", "items are known");
    assertTrue(firstLoss(warmFile) < 0.9 * firstLoss(coldFile), run.err());
    // One epoch from the earlier model is better than four from noise.
    assertTrue(
        warm.path("ndcgAt20").asDouble() > cold.path("ndcgAt20").asDouble(), warm + " " + cold);
  }

  @Test
  void aModelOfAnotherShapeIsNoStart() throws IOException {
    TinyPipeline.train(grownData, folder.resolve("m"), "--from=" + earlier, "--dim=32")
        .expect(1)
        .expectMessage("--from", earlier.toString(), "--dim 16 --blocks 4", "32");
    assertFalse(Files.exists(folder.resolve("m")));
  }

  @Test
  void aModelOfOtherIdsIsNoStart() throws IOException {
    List<String> shifted = new ArrayList<>();
    for (String line : trainLines(grownData)) {
      shifted.add(line.replaceAll("(\\d+)", "9000$1"));
    }
    Files.write(folder.resolve("train.txt"), shifted);
    TinyPipeline.train(folder, folder.resolve("m"), "--from=" + earlier)
        .expect(1)
        .expectMessage("--from", earlier.toString(), "shares 0 users and 0 items");
  }

  @Test
  void theFinalVectorsOfAGraphModelStartNoHistoryModel() throws IOException {
    Path graph = folder.resolve("graph");
    TinyPipeline.train(grownData, graph, "--encoder=graph", "--layers=1").expect(0);
    Path profile = folder.resolve("factor.jfr");
    TinyPipeline.train(
            grownData, folder.resolve("m"), "--from=" + graph, "--epochs=1", "--profile=" + profile)
        .expect(0);
    Path cold = folder.resolve("cold.jfr");
    TinyPipeline.train(grownData, folder.resolve("c"), "--epochs=1", "--profile=" + cold).expect(0);
    assertTrue(firstLoss(profile) < 0.9 * firstLoss(cold));
    TinyPipeline.train(grownData, folder.resolve("h"), "--from=" + graph, "--encoder=history")
        .expect(1)
        .expectMessage("--from", graph.toString(), "--encoder factor");
  }

  @Test
  void aGraphModelStartsFromUnitRowsOfTheWholeDimension() throws IOException {
    Path graph = folder.resolve("g");
    Object[] start = {"--from=" + earlier, "--encoder=graph", "--layers=1", "--epochs=1"};
    Path warm = folder.resolve("warm.jfr");
    Path cold = folder.resolve("cold.jfr");
    TinyPipeline.train(grownData, graph, append(start, "--profile=" + warm)).expect(0);
    TinyPipeline.train(
            grownData,
            folder.resolve("c"),
            "--encoder=graph",
            "--layers=1",
            "--epochs=1",
            "--profile=" + cold)
        .expect(0);
    assertTrue(firstLoss(warm) < 0.9 * firstLoss(cold));
    TinyPipeline.train(grownData, graph, append(start, "--graph-combine=concat"))
        .expect(1)
        .expectMessage("--from", earlier.toString(), "--graph-combine mean");
  }

  private static Object[] append(Object[] options, String last) {
    Object[] more = Arrays.copyOf(options, options.length + 1);
    more[options.length] = last;
    return more;
  }

  @Test
  void aMissingModelAndTheOutputItselfAreNoStart() {
    TinyPipeline.train(grownData, folder.resolve("m"), "--from=" + folder.resolve("none"))
        .expect(1)
        .expectMessage("none", "no such model");
    TinyPipeline.train(grownData, earlier, "--from=" + earlier)
        .expect(1)
        .expectMessage("--out", "is also an input");
  }

  @Test
  void aProfileIsAFileAndASummary() throws IOException {
    Path file = folder.resolve("run.jfr");
    CommandRun run =
        TinyPipeline.train(
                grownData, folder.resolve("m"), "--profile=" + file, "--json", "--epochs=30")
            .expect(0);
    run.expectMessage("profile: " + file, "evaluations", "bytes a batch");
    JsonNode profile = run.json().path("profile");
    assertEquals(file.toString(), profile.path("file").asText());
    assertTrue(Files.size(file) > 0);
    assertTrue(profile.path("epochs").asInt() > 0, profile.toString());
    assertTrue(profile.path("batches").asInt() > profile.path("epochs").asInt());
    assertTrue(profile.has("sampledAllocatedBytesPerBatchSecondHalf"), profile.toString());
    assertTrue(profile.path("epochSeconds").asDouble() > 0);
    assertTrue(profile.path("evaluationSeconds").asDouble() > 0);
    double shares = 0;
    for (JsonNode family : profile.path("families")) {
      shares += family.path("share").asDouble();
    }
    assertTrue(shares <= 1 + 1e-9, profile.toString());
    assertTrue(
        profile.path("samples").asInt() == 0 || profile.path("families").size() > 0,
        profile.toString());
  }

  @Test
  void aFailedRunLeavesNoProfile() {
    Path file = folder.resolve("run.jfr");
    TinyPipeline.train(folder, folder.resolve("m"), "--profile=" + file).expect(1);
    assertFalse(Files.exists(file));
  }
}
