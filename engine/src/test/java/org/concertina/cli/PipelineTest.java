package org.concertina.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.concertina.block.BlockShape;
import org.concertina.block.ElasticConfig;
import org.concertina.datasets.SyntheticConfig;
import org.concertina.datasets.SyntheticInteractions;
import org.concertina.train.TrainedModel;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From data to recommendations, command after command. */
class PipelineTest {
  private static final int USER = 7;

  @TempDir static Path folder;
  static Path data;
  static Path model;
  static Path front;
  static Path artifact;
  static JsonNode trained;
  static JsonNode searched;
  static JsonNode packed;

  @TempDir Path scratch;

  @BeforeAll
  static void runAll() throws IOException {
    data = TinyPipeline.writeData(folder.resolve("data"), 1);
    model = folder.resolve("model");
    front = folder.resolve("front.json");
    artifact = folder.resolve("artifact");
    trained = TinyPipeline.train(data, model, "--json").expect(0).json();
    searched = search(front, 2).json();
    packed = pack("40%", artifact, "--json").json();
  }

  private static CommandRun search(Path out, int threads) {
    return CommandRun.of(
            "search",
            "--data",
            data,
            "--model",
            model,
            "--out",
            out,
            "--budget",
            "40%,6KB",
            "--labels=40",
            "--held-out=10",
            "--generations=5",
            "--threads=" + threads,
            "--json")
        .expect(0);
  }

  private static CommandRun pack(String budget, Path out, Object... more) {
    List<Object> arguments = new ArrayList<>(List.of("pack", "--model", model, "--front", front));
    arguments.addAll(List.of("--budget", budget, "--out", out));
    arguments.addAll(List.of(more));
    return CommandRun.of(arguments.toArray()).expect(0);
  }

  private static JsonNode evaluate(Object... more) {
    List<Object> arguments =
        new ArrayList<>(List.of("evaluate", "--data", data, "--model", model, "--json"));
    arguments.addAll(List.of(more));
    return CommandRun.of(arguments.toArray()).expect(0).json();
  }

  private static JsonNode recommend(Object... more) {
    List<Object> arguments =
        new ArrayList<>(List.of("recommend", "--artifact", artifact, "--json"));
    arguments.addAll(List.of(more));
    return CommandRun.of(arguments.toArray()).expect(0).json();
  }

  private static Set<Integer> items(JsonNode recommended) {
    Set<Integer> items = new TreeSet<>();
    recommended.path("items").forEach(item -> items.add(item.path("item").asInt()));
    return items;
  }

  @Test
  void trainReportsWhatItMade() throws IOException {
    assertEquals(Files.size(model), trained.path("fileBytes").asLong());
    assertEquals(300, trained.at("/data/users").asInt());
    assertTrue(trained.path("trainSeconds").asDouble() > 0);
    assertTrue(trained.path("pairsPerSecond").asDouble() > 0);
    assertFalse(Files.exists(folder.resolve("model.checkpoint")));
  }

  @Test
  void trainedQualityIsWhatEvaluateMeasuresOnValidation() {
    JsonNode measured = evaluate("--split", "valid", "--k", "20");
    assertEquals(
        trained.path("recallAt20").asDouble(), measured.path("recallAt20").asDouble(), 1e-12);
    assertEquals(trained.path("ndcgAt20").asDouble(), measured.path("ndcgAt20").asDouble(), 1e-12);
  }

  @Test
  void searchMeetsEveryBudget() {
    assertEquals(2, searched.path("budgets").size());
    for (JsonNode budget : searched.path("budgets")) {
      assertTrue(budget.path("fileBytes").asLong() <= budget.path("budgetBytes").asLong());
      assertTrue(budget.path("baselines").size() >= 3, budget.toString());
    }
    assertEquals(0.4 * 200 * 16 * 4, searched.at("/budgets/0/budgetBytes").asDouble());
    assertEquals(6_000, searched.at("/budgets/1/budgetBytes").asInt());
  }

  @Test
  void packedBytesAreWhatTheSearchCountedAndTheFileHas() throws IOException {
    long bytes = packed.path("fileBytes").asLong();
    assertEquals(Files.size(artifact), bytes);
    assertTrue(bytes <= packed.path("budgetBytes").asLong());
    assertEquals(5, packed.path("groups").size());
  }

  @Test
  void withoutIdsTheFileIsSmaller() throws IOException {
    // So large a budget takes the front's last point with and without ids.
    Path whole = scratch.resolve("whole");
    Path bare = scratch.resolve("bare");
    pack("400%", whole, "--json").expect(0);
    JsonNode json = pack("400%", bare, "--no-ids", "--json").json();
    assertEquals(0, json.path("idBytes").asInt());
    assertTrue(Files.size(bare) < Files.size(whole));
    CommandRun.of("recommend", "--artifact", bare, "--history", "1")
        .expect(1)
        .expectMessage(bare.toString(), "no item ids", "--no-ids");
    JsonNode withIds = evaluate("--artifact", whole);
    JsonNode without = evaluate("--artifact", bare);
    assertEquals(withIds.path("recallAt20").asDouble(), without.path("recallAt20").asDouble());
  }

  @Test
  void theRuntimeReachesOnValidationWhatTheJudgesPredicted() {
    JsonNode measured = evaluate("--artifact", artifact, "--split", "valid", "--k", "20");
    double selection = packed.path("selectionRecallAt20").asDouble();
    double confirmation = packed.path("confirmationRecallAt20").asDouble();
    double recall = measured.path("recallAt20").asDouble();
    assertTrue(recall >= Math.min(selection, confirmation) - 1e-9);
    assertTrue(recall <= Math.max(selection, confirmation) + 1e-9);
  }

  @Test
  void aWholeTableInAnArtifactScoresAsTheFullTable() throws IOException {
    Path whole = scratch.resolve("whole");
    try (TrainedModel opened = TrainedModel.open(model)) {
      new PackService(opened, opened.groups(), true)
          .pack(ElasticConfig.full(BlockShape.of(16, 4), 5), whole);
    }
    JsonNode full = evaluate("--k", "20,50");
    JsonNode served = evaluate("--artifact", whole, "--k", "20,50");
    assertEquals(full.path("users").asInt(), served.path("users").asInt());
    for (String metric : List.of("recallAt20", "ndcgAt20", "recallAt50", "ndcgAt50")) {
      // Rounding may order two near-equal scores in either way.
      assertEquals(full.path(metric).asDouble(), served.path(metric).asDouble(), 1e-3, metric);
    }
    assertTrue(full.path("recallAt50").asDouble() > full.path("recallAt20").asDouble());
  }

  @Test
  void recommendationsToAUserLeaveOutWhatTheUserHas() {
    JsonNode all = recommend("--user", USER, "--model", model, "--k", 200);
    JsonNode fresh = recommend("--user", USER, "--model", model, "--data", data, "--k", 200);
    Set<Integer> seen = new TreeSet<>();
    for (int item :
        SyntheticInteractions.generate(SyntheticConfig.small().withSize(300, 200, 15))
            .train(USER)) {
      seen.add(item);
    }
    Set<Integer> left = items(all);
    left.removeAll(seen);
    assertEquals(left, items(fresh));
    assertTrue(items(all).size() > items(fresh).size());
  }

  @Test
  void recommendationsToAHistoryAreRankedAndLeaveItOut() {
    Set<Integer> known = items(recommend("--user", USER, "--model", model, "--k", 3));
    String history = known.toString().replaceAll("[\\[\\] ]", "");
    JsonNode json = recommend("--history", history + ",123456", "--k", 5, "--exclude", "1,99999");
    assertEquals(5, json.path("items").size());
    assertEquals(3, json.path("knownHistory").asInt());
    assertEquals(1, json.path("unknownHistory").asInt());
    assertEquals(1, json.path("unknownExcluded").asInt());
    Set<Integer> given = items(json);
    assertFalse(given.contains(1));
    assertTrue(given.stream().noneMatch(known::contains));
    double before = Double.POSITIVE_INFINITY;
    for (JsonNode item : json.path("items")) {
      assertTrue(item.path("score").asDouble() <= before);
      before = item.path("score").asDouble();
    }
  }

  @Test
  void theMemoryCapIsEnforced() {
    JsonNode json = recommend("--history", "1", "--cap", "64KiB");
    long used = json.path("usedBytes").asLong();
    assertTrue(used > json.path("fileBytes").asLong() && used <= 65_536, json.toString());
    assertEquals(65_536, json.path("capBytes").asLong());
    recommend("--history", "1", "--cap", used);
    CommandRun.of("recommend", "--artifact", artifact, "--history", "1", "--cap", used - 1)
        .expect(1)
        .expectMessage("memory cap", "raise the cap");
  }

  @Test
  void theSameSeedGivesTheSameResultsForAnyNumberOfThreads() throws IOException {
    Path again = scratch.resolve("model");
    JsonNode second = TinyPipeline.train(data, again, "--json", "--threads=1").expect(0).json();
    // A model file holds the time that training took, so its size may differ by a line of padding.
    assertEquals(comparable(trained).without("fileBytes"), comparable(second).without("fileBytes"));
    Path frontAgain = scratch.resolve("front.json");
    assertEquals(comparable(searched), comparable(search(frontAgain, 1).json()));
    assertEquals(Files.readString(front), Files.readString(frontAgain));
    Path artifactAgain = scratch.resolve("artifact");
    pack("40%", artifactAgain);
    assertEquals(-1, Files.mismatch(artifact, artifactAgain));
    JsonNode once = evaluate("--artifact", artifact, "--threads=1");
    JsonNode twice = evaluate("--artifact", artifact, "--threads=2");
    assertEquals(comparable(once), comparable(twice));
  }

  /** Without times, rates and the names of the outputs. */
  private static ObjectNode comparable(JsonNode json) {
    ObjectNode copy = json.deepCopy();
    List<String> names = new ArrayList<>();
    copy.fieldNames().forEachRemaining(names::add);
    for (String name : names) {
      if (name.endsWith("Seconds") || name.endsWith("PerSecond")) {
        copy.remove(name);
      }
    }
    return copy.without(List.of("model", "front"));
  }

  @Test
  void peopleGetTables() {
    String text = pack("40%", scratch.resolve("a")).out();
    assertTrue(text.toLowerCase(Locale.ROOT).contains("bytes"), text);
    CommandRun run =
        CommandRun.of("evaluate", "--data", data, "--model", model, "--artifact", artifact)
            .expect(0);
    assertTrue(run.out().contains("Recall@20") && run.out().contains("Recall@50"), run.out());
  }

  @Test
  void nothingButTheOutputsIsLeft() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      assertEquals(
          List.of("artifact", "data", "front.json", "model"),
          files.map(file -> file.getFileName().toString()).sorted().toList());
    }
  }
}
