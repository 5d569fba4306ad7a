package org.concertina.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.concertina.record.RecordReader;
import org.concertina.record.Recorded;
import org.concertina.record.Result;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExperimentCommandTest {
  @TempDir Path folder;
  private Path data;

  @BeforeEach
  void write() throws IOException {
    data = TinyPipeline.writeData(folder.resolve("tiny"), 1);
  }

  private CommandRun experiment(String name, Object... more) {
    List<Object> arguments =
        new ArrayList<>(
            List.of(
                "experiment",
                name,
                "--data",
                data,
                "--out",
                out(),
                "--dim=16",
                "--blocks=4",
                "--groups=5",
                "--epochs=2",
                "--evaluate-every=2",
                "--negatives=64",
                "--batch-size=256",
                "--learning-rate=0.02",
                "--labels=8",
                "--held-out=4",
                "--generations=1",
                "--front-sizes=0",
                "--popularity-prior=.5",
                "--threads=2"));
    arguments.addAll(List.of(more));
    return CommandRun.of(arguments.toArray());
  }

  private Path out() {
    return folder.resolve("out");
  }

  private List<Recorded> records() throws IOException {
    return RecordReader.read(out());
  }

  private static Set<String> choices(JsonNode json) {
    Set<String> choices = new TreeSet<>();
    json.path("results").forEach(one -> choices.add(one.at("/parameters/choice").asText()));
    return choices;
  }

  @Test
  void budgetsAreMeasuredOnce() throws IOException {
    Object[] options = {"--seeds=1,2", "--budgets=15%,40%,1KB"};
    JsonNode first = experiment("budgets", with(options, "--json")).expect(0).json();
    // A full table, six strategies of three budgets and a search each, for two seeds.
    int expected = 2 * (1 + 6 * (3 + 1));
    assertEquals(expected, first.path("results").size());
    assertEquals(expected, records().size());
    assertEquals(2 * 7, first.path("stepsDone").asInt());
    CommandRun again = experiment("budgets", with(options, "--json")).expect(0);
    assertEquals(0, again.json().path("stepsDone").asInt());
    assertEquals(first.path("results"), again.json().path("results"));
    assertEquals(expected, records().size());
    CommandRun table = experiment("budgets", options).expect(0);
    for (String part : new String[] {"evolution", "nsga2", " ± ", "hold nothing of it", "40%"}) {
      assertTrue(table.out().contains(part), part + " in:\n" + table.out());
    }
    for (Recorded one : records()) {
      if (one.result().parameter("budget").endsWith("%")) {
        assertTrue(one.result().number("fileBytes") <= one.result().number("budgetBytes"));
        assertTrue(one.result().number("confirmationRecallAt20") > 0);
        assertTrue(one.result().score() > 0);
      }
    }
  }

  private static Object[] with(Object[] options, Object more) {
    List<Object> all = new ArrayList<>(List.of(options));
    all.add(more);
    return all.toArray();
  }

  @Test
  void whatIsMissingIsDone() throws IOException {
    experiment("budgets", "--seeds=1", "--budgets=40%", "--strategies=uniform").expect(0);
    JsonNode more =
        experiment(
                "budgets",
                "--seeds=1",
                "--budgets=40%",
                "--strategies=uniform,popularity",
                "--json")
            .expect(0)
            .json();
    assertEquals(1, more.path("stepsDone").asInt());
    assertEquals(Set.of("factor", "popularity", "uniform"), choices(more));
    JsonNode fresh =
        experiment(
                "budgets",
                "--seeds=1",
                "--budgets=40%",
                "--strategies=uniform",
                "--fresh",
                "--json")
            .expect(0)
            .json();
    assertEquals(2, fresh.path("stepsDone").asInt());
    assertFalse(Files.exists(out().resolve("models.checkpoint")));
  }

  @Test
  void whereGroupsMayBeDroppedTheCoverageIsRecordedAndPrinted() throws IOException {
    Object[] options = {"--seeds=1", "--budgets=1KB", "--strategies=popularity", "--allow-dropped"};
    CommandRun table = experiment("budgets", options).expect(0);
    assertTrue(table.out().contains("coverage"), table.out());
    Result measured =
        records().stream()
            .map(Recorded::result)
            .filter(result -> result.benchmark().equals("budgets"))
            .findFirst()
            .orElseThrow();
    double coverage = measured.number("catalogueCoverage");
    assertTrue(coverage > 0 && coverage < 1, "coverage " + coverage);
    assertTrue(measured.number("fileBytes") <= 1_000);
    assertTrue(measured.number("recallAt20") > 0);
  }

  @Test
  void groupsByOtherRulesAreAnotherMeasurement() throws IOException {
    List<Object> files = new ArrayList<>();
    for (String rule : List.of("count", "mass", "learned")) {
      experiment(
              "budgets",
              "--seeds=1",
              "--budgets=40%",
              "--strategies=popularity",
              "--only=popularity",
              "--group-by=" + rule)
          .expect(0);
    }
    for (Recorded recorded : records()) {
      if (recorded.result().benchmark().equals("budgets")) {
        files.add(recorded.result().details().get("fileBytes"));
      }
    }
    assertEquals(3, files.size());
    assertTrue(Set.copyOf(files).size() > 1, () -> "bytes of the files " + files);
  }

  @Test
  void baselinesFitTheSameBytes() throws IOException {
    JsonNode json =
        experiment("baselines", "--seeds=1", "--budgets=20%,60%", "--json").expect(0).json();
    assertTrue(
        choices(json)
            .containsAll(
                Set.of(
                    "popularity",
                    "uniform",
                    "int4 table",
                    "int8 table",
                    "magnitude-pruning fp32",
                    "magnitude-pruning int8",
                    "quotient-remainder fp32",
                    "quotient-remainder int8",
                    "product-quantization",
                    "retrained fp32",
                    "retrained int8",
                    "retrained int4")),
        choices(json).toString());
    int measured = 0;
    for (JsonNode one : json.path("results")) {
      JsonNode details = one.path("details");
      if (details.has("budgetBytes") && details.has("fileBytes")) {
        measured++;
        assertTrue(
            details.path("fileBytes").asLong() <= details.path("budgetBytes").asLong(),
            one.toString());
      }
    }
    assertTrue(measured >= 18, measured + " of " + json);
  }

  @Test
  void ablationLeavesOutOnePartAtATime() throws IOException {
    JsonNode json =
        experiment(
                "ablation",
                "--seeds=1",
                "--budgets=40%",
                "--only=no elastic|greedy|fp32|precisions",
                "--json")
            .expect(0)
            .json();
    assertEquals(
        Set.of(
            "no elastic training", "no estimator: greedy", "blocks only, fp32", "precisions only"),
        choices(json));
    for (JsonNode one : json.path("results")) {
      String choice = one.at("/parameters/choice").asText();
      for (JsonNode group : one.at("/details/choices")) {
        if (choice.equals("precisions only")) {
          assertTrue(group.asText().startsWith("1111 "), group.asText());
        } else if (choice.equals("blocks only, fp32")) {
          assertTrue(group.asText().endsWith(" fp32"), group.asText());
        }
      }
    }
  }

  @Test
  void paperHasItsOwnShape() throws IOException {
    JsonNode json =
        experiment("paper", "--seeds=1", "--only=uniform|popularity", "--json").expect(0).json();
    Set<String> budgets = new TreeSet<>();
    for (JsonNode one : json.path("results")) {
      assertEquals(128, one.at("/parameters/dim").asInt());
      budgets.add(one.at("/parameters/budget").asText());
      if (one.at("/details").has("choices")) {
        assertTrue(one.at("/details").has("recallAt50") && one.at("/details").has("ndcgAt100"));
        assertEquals(20, one.at("/details/choices").size());
        assertEquals(16 + " fp32".length(), one.at("/details/choices/0").asText().length());
      }
    }
    assertTrue(budgets.containsAll(Set.of("10.6%", "21.3%", "53.4%")), budgets.toString());
  }

  @Test
  void seedsMeasureEveryEncoder() {
    JsonNode json = experiment("seeds", "--seeds=1,2", "--json").expect(0).json();
    assertEquals(Set.of("factor", "history", "graph"), choices(json));
    assertEquals(6, json.path("results").size());
  }

  @Test
  void bitsAreMeasuredAfterTrainingAndInItsLoop() throws IOException {
    Object[] options = {"--seeds=1", "--budgets=1KB,40%", "--only=after|more|2 bits", "--json"};
    JsonNode json = experiment("bits", options).expect(0).json();
    // Three ways to train; 3 sizes in 4 precisions, and 3 mixtures of 2 budgets.
    assertEquals(3 * (3 * 4 + 3 * 2), json.path("results").size());
    assertEquals(6, json.path("stepsDone").asInt());
    Set<String> scores = new TreeSet<>();
    int tooSmall = 0;
    for (JsonNode one : json.path("results")) {
      JsonNode details = one.path("details");
      if (one.path("score").isNull()) {
        tooSmall++;
        continue;
      }
      assertTrue(details.path("selectionRecallAt20").asDouble() > 0, one.toString());
      if (details.has("budgetBytes")) {
        assertTrue(
            details.path("fileBytes").asLong() <= details.path("budgetBytes").asLong(),
            one.toString());
        assertEquals(5, details.path("choices").size());
      } else if (one.at("/parameters/choice").asText().startsWith("2 bits x 16")) {
        scores.add(one.path("score").asText() + details.path("ndcgAt100").asText());
      }
    }
    assertEquals(3, scores.size(), "each training gives another table: " + scores);
    // No mixture fits 1 KB.
    assertEquals(9, tooSmall);
    JsonNode again = experiment("bits", options).expect(0).json();
    assertEquals(0, again.path("stepsDone").asInt());
    assertEquals(json.path("results"), again.path("results"));
  }

  @Test
  void wrongUsageIsNamed() {
    experiment("bits", "--encoder=graph").expect(2).expectMessage("factor or history");
    experiment("budgets", "--strategy=greedy").expect(2).expectMessage("--strategies");
    experiment("budgets", "--only=luck").expect(2).expectMessage("--only luck");
    experiment("luck").expect(2).expectMessage("luck");
    experiment("budgets", "--encoder=history", "--lock-free").expect(2);
  }
}
