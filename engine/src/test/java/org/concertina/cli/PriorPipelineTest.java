package org.concertina.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.concertina.artifact.ArtifactInfo;
import org.concertina.memory.MemoryCap;
import org.concertina.serve.DeviceRuntime;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Training to recommendations of a model with item priors. */
class PriorPipelineTest {
  @TempDir static Path folder;
  static Path data;
  static Path model;
  static Path front;
  static Path artifact;

  @BeforeAll
  static void runAll() throws IOException {
    data = TinyPipeline.writeData(folder.resolve("data"), 1);
    model = folder.resolve("model");
    front = folder.resolve("front.json");
    artifact = folder.resolve("artifact");
    TinyPipeline.train(data, model, "--popularity-prior=0.5").expect(0);
    CommandRun.of(
            "search",
            "--data",
            data,
            "--model",
            model,
            "--out",
            front,
            "--budget",
            "45%,6KB",
            "--labels=40",
            "--held-out=10",
            "--generations=5",
            "--threads=2")
        .expect(0);
  }

  private static JsonNode pack(String budget) {
    return CommandRun.of(
            "pack",
            "--model",
            model,
            "--front",
            front,
            "--budget",
            budget,
            "--out",
            artifact,
            "--json")
        .expect(0)
        .json();
  }

  private static double recall(Object... more) {
    Object[] arguments = {
      "evaluate", "--data", data, "--model", model, "--split", "valid", "--k", "20", "--json"
    };
    Object[] all = new Object[arguments.length + more.length];
    System.arraycopy(arguments, 0, all, 0, arguments.length);
    System.arraycopy(more, 0, all, arguments.length, more.length);
    return CommandRun.of(all).expect(0).json().path("recallAt20").asDouble();
  }

  @Test
  void theArtifactHoldsThePriorWithinItsBudget() throws IOException {
    for (String budget : new String[] {"6KB", "45%"}) {
      JsonNode packed = pack(budget);
      assertTrue(packed.path("hasPrior").asBoolean());
      long bytes = packed.path("fileBytes").asLong();
      assertEquals(Files.size(artifact), bytes);
      assertTrue(bytes <= packed.path("budgetBytes").asLong());
      try (DeviceRuntime runtime = DeviceRuntime.open(artifact, MemoryCap.unlimited())) {
        ArtifactInfo info = runtime.info();
        assertTrue(info.hasPrior());
        assertEquals(bytes, info.layout().fileBytes(info.config()));
      }
    }
  }

  @Test
  void theDeviceFindsWhatTheJudgesFound() {
    JsonNode packed = pack("45%");
    double selected = packed.path("selectionRecallAt20").asDouble();
    double confirmed = packed.path("confirmationRecallAt20").asDouble();
    double device = recall("--artifact", artifact);
    // The judges' users are two halves of all; which is the larger one is up to the seed.
    assertTrue(device >= Math.min(selected, confirmed) - 1e-9, device + " of " + packed);
    assertTrue(device <= Math.max(selected, confirmed) + 1e-9, device + " of " + packed);
    assertEquals(recall(), device, 0.05);
  }

  @Test
  void recommendsToUsersAndHistories() throws IOException {
    pack("45%");
    for (List<Object> who :
        List.<List<Object>>of(
            List.of("--user", 7, "--model", model), List.of("--history", "1,2,3"))) {
      List<Object> arguments =
          new ArrayList<>(List.of("recommend", "--artifact", artifact, "--json"));
      arguments.addAll(who);
      JsonNode items = CommandRun.of(arguments.toArray()).expect(0).json().path("items");
      assertEquals(10, items.size());
      for (int rank = 1; rank < 10; rank++) {
        assertTrue(score(items, rank) <= score(items, rank - 1), items.toString());
      }
    }
  }

  private static double score(JsonNode items, int rank) {
    return items.get(rank).path("score").asDouble();
  }

  @Test
  void theDemoMeasuresWithPriors() throws IOException {
    JsonNode json =
        CommandRun.of(
                "demo",
                "--data",
                data,
                "--out",
                folder.resolve("demo"),
                "--budgets=45%,8KB",
                "--popularity-prior=0.5",
                "--dim=16",
                "--blocks=4",
                "--groups=5",
                "--epochs=3",
                "--evaluate-every=3",
                "--negatives=64",
                "--batch-size=256",
                "--learning-rate=0.02",
                "--labels=20",
                "--held-out=0",
                "--generations=2",
                "--json")
            .expect(0)
            .json();
    for (JsonNode row : json.path("artifacts")) {
      Path made = Path.of(row.path("artifact").asText());
      assertTrue(Files.size(made) <= row.path("budgetBytes").asLong());
      try (DeviceRuntime runtime = DeviceRuntime.open(made, MemoryCap.unlimited())) {
        assertTrue(runtime.info().hasPrior(), made.toString());
      }
    }
  }
}
