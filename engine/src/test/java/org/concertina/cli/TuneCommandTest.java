package org.concertina.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Hyper-parameter search from the command line. */
class TuneCommandTest {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  @TempDir static Path shared;
  static Path data;
  static Path trials;
  static JsonNode found;

  @TempDir Path folder;

  @BeforeAll
  static void tuneOnce() throws IOException {
    data = TinyPipeline.writeData(shared.resolve("data"), 1);
    trials = shared.resolve("trials.jsonl");
    found = tune(data, trials, "--json").expect(0).json();
  }

  private static CommandRun tune(Path data, Path out, Object... more) {
    List<Object> arguments = new ArrayList<>(List.of("tune", "--data", data, "--out", out));
    arguments.addAll(
        List.of("--dim=16", "--blocks=4", "--groups=5", "--epochs=4", "--evaluate-every=2"));
    arguments.addAll(List.of("--rungs=3", "--threads=1", "--negatives=64", "--batch-size=256"));
    arguments.addAll(List.of("--negatives-range=32:128", "--batch-size-range=128:512"));
    if (List.of(more).stream().noneMatch(word -> word.toString().startsWith("--trials"))) {
      arguments.add("--trials=5");
    }
    arguments.addAll(List.of(more));
    return CommandRun.of(arguments.toArray());
  }

  /** Every trial's settings and quality, without the time it took. */
  private static Map<String, String> results(Path file) throws IOException {
    Map<String, String> results = new TreeMap<>();
    for (String line : Files.readAllLines(file)) {
      JsonNode trial = MAPPER.readTree(line);
      String key = trial.path("rung").asInt() + "/" + trial.path("trial").asInt();
      String quality = trial.path("settings") + " " + trial.path("ndcgAt20");
      assertEquals(null, results.put(key, quality), "twice: " + key);
    }
    return results;
  }

  @Test
  void rungsHalveTheTrialsAndDoubleTheEpochs() throws IOException {
    int[] trialsOfRung = new int[3];
    double worstKept = Double.MAX_VALUE;
    for (String line : Files.readAllLines(trials)) {
      JsonNode trial = MAPPER.readTree(line);
      trialsOfRung[trial.path("rung").asInt()]++;
      assertEquals(1 << trial.path("rung").asInt(), trial.path("epochs").asInt());
      double rate = trial.at("/settings/learningRate").asDouble();
      assertTrue(rate >= 0.001 && rate <= 0.05, line);
      double prior = trial.at("/settings/popularityPrior").asDouble(-1);
      assertTrue(trial.path("trial").asInt() == 0 ? prior == 0 : prior > 0 && prior <= 1, line);
      int negatives = trial.at("/settings/negatives").asInt();
      assertTrue(negatives >= 32 && negatives <= 128, line);
      if (trial.path("rung").asInt() == 2) {
        worstKept = Math.min(worstKept, trial.path("ndcgAt20").asDouble());
      }
    }
    assertEquals(List.of(5, 2, 1), Arrays.stream(trialsOfRung).boxed().toList());
    assertEquals(8, found.path("trialsRun").asInt());
    assertEquals(worstKept, found.path("ndcgAt20").asDouble());
    assertFalse(Files.exists(shared.resolve("trials.jsonl.work")));
  }

  @Test
  void theCommandItPrintsTrainsToWhatItFound() throws IOException {
    List<Object> command = new ArrayList<>();
    found.path("command").forEach(word -> command.add(word.asText()));
    assertEquals("concertina", command.removeFirst());
    Path model = folder.resolve("model");
    command.set(command.indexOf("MODEL"), model);
    command.addAll(List.of("--threads", "2", "--json"));
    JsonNode trained = CommandRun.of(command.toArray()).expect(0).json();
    assertEquals(found.path("ndcgAt20").asDouble(), trained.path("ndcgAt20").asDouble(), 1e-12);
    assertTrue(tune(data, trials).expect(0).out().contains("concertina train --data"));
  }

  @Test
  void aSearchThatWasStoppedGoesOn() throws IOException {
    List<String> lines = Files.readAllLines(trials);
    Path stopped = folder.resolve("stopped.jsonl");
    String cut = lines.get(3).substring(0, 40);
    Files.writeString(stopped, String.join("\n", lines.subList(0, 3)) + "\n" + cut);
    CommandRun run = tune(data, stopped, "--json").expect(0);
    run.expectMessage("goes on after 3 trials");
    assertEquals(lines.size() - 3, run.json().path("trialsRun").asInt());
    assertEquals(results(trials), results(stopped));
    assertEquals(lines.subList(0, 3), Files.readAllLines(stopped).subList(0, 3));
  }

  @Test
  void aFinishedSearchRunsNothingAndMoreTrialsOnlyTheNewOnes() throws IOException {
    Path more = Files.copy(trials, folder.resolve("more.jsonl"));
    JsonNode again = tune(data, more, "--json").expect(0).json();
    assertEquals(0, again.path("trialsRun").asInt());
    assertEquals(found.path("best"), again.path("best"));
    tune(data, more, "--trials=6").expect(0);
    assertTrue(results(more).entrySet().containsAll(results(trials).entrySet()));
    assertEquals(6, results(more).keySet().stream().filter(k -> k.startsWith("0/")).count());
  }

  @Test
  void anotherSearchIsRefusedUntilItIsDroppedOnPurpose() throws IOException {
    Path copy = Files.copy(trials, folder.resolve("copy.jsonl"));
    tune(data, copy, "--seed=2").expect(1).expectMessage("another search", "--fresh");
    assertEquals(Files.readString(trials), Files.readString(copy));
    tune(data, copy, "--seed=2", "--trials=2", "--fresh").expect(0);
    assertEquals(4, Files.readAllLines(copy).size());
  }

  @Test
  void aFileOfSomethingElseIsRefused() throws IOException {
    for (String content : List.of("notes\n", "notes", "{}\n", "null\n")) {
      Path file = Files.writeString(folder.resolve("notes"), content);
      tune(data, file).expect(1).expectMessage("line 1 is no trial");
      assertEquals(content, Files.readString(file));
    }
  }

  /** Other test interactions of the same users and items change nothing that was found. */
  @Test
  void testInteractionsDoNotMatter() throws IOException {
    Path other = Files.createDirectory(folder.resolve("data"));
    Files.copy(data.resolve("train.txt.gz"), other.resolve("train.txt.gz"));
    Path out = folder.resolve("trials.jsonl");
    tune(other, out).expect(0);
    assertEquals(results(trials), results(out));
  }
}
