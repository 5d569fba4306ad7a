package org.concertina.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.joining;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.concertina.search.FrontFile;
import org.concertina.search.StrategyKind;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Strategies, look-ups, fleets and explanations from the command line. */
class SearchCommandTest {
  @TempDir private static Path folder;
  private static Path data;
  private static Path model;

  @TempDir private Path scratch;

  @BeforeAll
  static void train() throws IOException {
    data = TinyPipeline.writeData(folder.resolve("data"), 1);
    model = folder.resolve("model");
    TinyPipeline.train(data, model).expect(0);
  }

  private static CommandRun search(Path out, Object... more) {
    List<Object> arguments =
        new ArrayList<>(List.of("search", "--data", data, "--model", model, "--out", out));
    arguments.addAll(List.of("--labels=30", "--held-out=6", "--generations=4", "--threads=2"));
    arguments.addAll(List.of(more));
    return CommandRun.of(arguments.toArray());
  }

  @ParameterizedTest
  @EnumSource
  void everyStrategyFillsTheFront(StrategyKind kind) throws IOException {
    Path out = scratch.resolve("front.json");
    JsonNode json = search(out, "--strategy", kind, "--front-sizes=5", "--json").expect(0).json();
    assertEquals(5, json.path("budgets").size());
    assertTrue(json.at("/phaseSeconds/budgets").asDouble() > 0);
    FrontFile front = FrontFile.read(out);
    long smallest = front.front().points().getFirst().fileBytes();
    assertEquals(json.at("/budgets/0/budgetBytes").asLong(), smallest);
    double before = 0;
    for (JsonNode budget : json.path("budgets")) {
      assertTrue(budget.path("fileBytes").asLong() <= budget.path("budgetBytes").asLong());
      double merit =
          budget.path("selectionRecallAt20").asDouble()
              + budget.path("confirmationRecallAt20").asDouble();
      assertTrue(merit >= before);
      before = merit;
      for (JsonNode baseline : budget.path("baselines")) {
        assertTrue(
            baseline.path("selectionRecallAt20").asDouble()
                    + baseline.path("confirmationRecallAt20").asDouble()
                <= merit + 1e-12,
            baseline::toString);
      }
    }
    assertTrue(kind != StrategyKind.EVOLUTION || json.at("/budgets/0/baselines").size() > 3);
    // The largest artifact holds the whole table or what is as good.
    assertTrue(json.at("/budgets/4/budgetBytes").asLong() > 200 * 16 * 4);
  }

  @Test
  void aStoredFrontIsLookedUp() throws IOException {
    Path out = scratch.resolve("front.json");
    JsonNode found = search(out, "--budget", "40%", "--json").expect(0).json();
    byte[] written = Files.readAllBytes(out);
    Files.setLastModifiedTime(out, FileTime.fromMillis(0));
    CommandRun again = search(out, "--budget", "40%,6KB", "--json").expect(0);
    again.expectMessage("looks up", "--fresh");
    JsonNode lookedUp = again.json();
    assertTrue(lookedUp.path("lookedUp").asBoolean());
    for (String key : List.of("budgetBytes", "fileBytes", "selectionRecallAt20")) {
      assertEquals(
          found.at("/budgets/0").path(key).asText(), lookedUp.at("/budgets/0").path(key).asText());
    }
    assertTrue(lookedUp.at("/budgets/1/fileBytes").asLong() <= 6_000);
    assertTrue(search(out).expect(0).out().contains("front"));
    assertEquals(FileTime.fromMillis(0), Files.getLastModifiedTime(out));
    // Other settings, and --fresh, search again.
    CommandRun other = search(out, "--budget", "40%", "--objective", "ndcg").expect(0);
    assertFalse(other.err().contains("looks up"));
    assertNotEquals(FileTime.fromMillis(0), Files.getLastModifiedTime(out));
    search(out, "--budget", "40%", "--fresh").expect(0);
    assertEquals(new String(written, UTF_8), Files.readString(out));
    Files.writeString(out, "{}");
    search(out, "--budget", "40%").expect(0);
    assertEquals(new String(written, UTF_8), Files.readString(out));
  }

  @ParameterizedTest
  @CsvSource({"4, count", "7, mass", "5, learned"})
  void groupsAreChosenBySearchAndKeptByPackAndDevice(int groups, String by) {
    Path out = scratch.resolve("front.json");
    search(out, "--budget", "30%", "--groups", groups, "--group-by", by).expect(0);
    Path artifact = scratch.resolve("artifact");
    JsonNode packed =
        CommandRun.of(
                "pack",
                "--model",
                model,
                "--front",
                out,
                "--budget",
                "30%",
                "--out",
                artifact,
                "--json")
            .expect(0)
            .json();
    assertEquals(groups, packed.path("groups").size());
    JsonNode measured =
        CommandRun.of(
                "evaluate",
                "--data",
                data,
                "--model",
                model,
                "--artifact",
                artifact,
                "--split",
                "valid",
                "--k",
                "20",
                "--json")
            .expect(0)
            .json();
    double recall = measured.path("recallAt20").asDouble();
    double selection = packed.path("selectionRecallAt20").asDouble();
    double confirmation = packed.path("confirmationRecallAt20").asDouble();
    assertTrue(recall >= Math.min(selection, confirmation) - 1e-9);
    assertTrue(recall <= Math.max(selection, confirmation) + 1e-9);
  }

  /** A block of every item does not fit. */
  @Test
  void whatMustBeCoveredIsNotDropped() throws IOException {
    Path out = scratch.resolve("front");
    for (String least : List.of("0.6", "1")) {
      JsonNode found =
          search(
                  out,
                  "--budget",
                  "20%",
                  "--strategy",
                  "uniform",
                  "--allow-dropped",
                  "--min-coverage",
                  least,
                  "--fresh",
                  "--json")
              .expect(0)
              .json();
      for (JsonNode point : found.path("budgets")) {
        double coverage = point.path("catalogueCoverage").asDouble();
        assertTrue(coverage >= Double.parseDouble(least), point::toString);
      }
      assertEquals(1, found.path("budgets").size());
    }
    search(out, "--budget", "1000", "--allow-dropped", "--min-coverage", "0.6")
        .expect(1)
        .expectMessage("smallest artifact");
  }

  @Test
  void whereGroupsMayBeDroppedSmallerBudgetsAreMetAndTheCoverageIsSaid() throws IOException {
    Path out = scratch.resolve("front.json");
    search(out, "--budget", "1000").expect(1).expectMessage("smallest artifact", "be dropped");
    Path picture = scratch.resolve("why.png");
    CommandRun run =
        search(out, "--budget", "1000,100%", "--allow-dropped", "--explain", picture, "--json")
            .expect(0);
    JsonNode small = run.json().at("/budgets/0");
    double coverage = small.path("catalogueCoverage").asDouble();
    assertTrue(coverage > 0 && coverage < 1, small::toString);
    assertTrue(run.json().at("/budgets/1/catalogueCoverage").asDouble() >= coverage);
    assertTrue(run.json().at("/explanations/1000").toString().contains("\"precision\":null"));
    CommandRun lookedUp = search(out, "--budget", "1000", "--allow-dropped").expect(0);
    assertTrue(lookedUp.err().contains("looks up"), lookedUp.err());
    String percent = "%.2f %%".formatted(Math.floor(coverage * 10_000) / 100);
    assertTrue(lookedUp.out().contains("coverage"), lookedUp.out());
    assertTrue(lookedUp.out().contains(percent), lookedUp.out());
    Path artifact = scratch.resolve("artifact");
    CommandRun packed =
        CommandRun.of(
                "pack", "--model", model, "--front", out, "--budget", "1000", "--out", artifact)
            .expect(0);
    assertTrue(packed.out().contains(percent + " of the items"), packed.out());
    assertTrue(Files.size(artifact) <= 1_000);
    CommandRun measured =
        CommandRun.of(
                "evaluate",
                "--data",
                data,
                "--model",
                model,
                "--artifact",
                artifact,
                "--split",
                "valid",
                "--k",
                "20",
                "--json")
            .expect(0);
    assertEquals(coverage, measured.json().path("catalogueCoverage").asDouble());
    double recall = measured.json().path("recallAt20").asDouble();
    double selection = small.path("selectionRecallAt20").asDouble();
    double confirmation = small.path("confirmationRecallAt20").asDouble();
    assertTrue(recall >= Math.min(selection, confirmation) - 1e-9);
    assertTrue(recall <= Math.max(selection, confirmation) + 1e-9);
    assertAnswersWhoHasSeenDroppedItems(artifact);
  }

  /** Some of 200 items are in dropped groups. */
  private static void assertAnswersWhoHasSeenDroppedItems(Path artifact) {
    CommandRun.of(
            "recommend", "--artifact", artifact, "--user", 1, "--model", model, "--data", data)
        .expect(0);
    String all = IntStream.range(0, 200).mapToObj(String::valueOf).collect(joining(","));
    JsonNode answer =
        CommandRun.of("recommend", "--artifact", artifact, "--history", all, "--json")
            .expect(0)
            .json();
    assertTrue(answer.path("unknownHistory").asInt() > 0, answer::toString);
    assertTrue(answer.path("knownHistory").asInt() > 0, answer::toString);
    assertEquals(0, answer.path("items").size());
  }

  @Test
  void aFleetGetsItsConfigurations() throws IOException {
    Path fleet = scratch.resolve("devices.csv");
    Path chosen = scratch.resolve("chosen.csv");
    Path out = scratch.resolve("front.json");
    Files.writeString(fleet, "name,budget\nwatch,25%\nphone,60%\n");
    JsonNode json = search(out, "--fleet", fleet, "--fleet-out", chosen, "--json").expect(0).json();
    assertEquals(2, json.path("fleetClasses").asInt());
    List<String> lines = Files.readAllLines(chosen);
    assertEquals(3, lines.size());
    assertTrue(lines.get(1).startsWith("watch,3200,"), lines.get(1));
    Files.writeString(fleet, "name,budget\nwatch,25%\ntag,100\n");
    search(out, "--fleet", fleet, "--fleet-out", chosen)
        .expect(1)
        .expectMessage("devices.csv line 3", "'tag'", "raise the budget");
    assertEquals(lines, Files.readAllLines(chosen));
    search(out, "--fleet", scratch.resolve("none.csv"), "--fleet-out", chosen)
        .expect(1)
        .expectMessage("none.csv", "there is no such file");
  }

  @Test
  void explainsAndDraws() throws IOException {
    Path picture = scratch.resolve("why.png");
    CommandRun run =
        search(scratch.resolve("front.json"), "--budget", "40%,6KB", "--explain", picture)
            .expect(0);
    assertTrue(run.out().contains("what groups keep, and Recall@20 for every MB"), run.out());
    assertTrue(run.out().contains("6KB, what groups keep"), run.out());
    if (!run.out().contains("no picture")) {
      try (Stream<Path> files = Files.list(scratch)) {
        assertEquals(
            List.of("front.json", "why-5120.png", "why-6000.png"),
            files.map(file -> file.getFileName().toString()).sorted().toList());
      }
    }
  }
}
