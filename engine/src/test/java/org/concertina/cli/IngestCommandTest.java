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
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A log of names goes through all commands, and the names come out at the end. */
class IngestCommandTest {
  @TempDir static Path folder;
  static Path log;
  static Path data;
  static Path model;
  static Path artifact;
  static JsonNode ingested;

  @TempDir Path scratch;

  @BeforeAll
  static void runAll() throws IOException {
    Path synthetic = TinyPipeline.writeData(folder.resolve("synthetic"), 1);
    log = folder.resolve("log.csv");
    List<String> rows = new ArrayList<>(List.of("asin,reviewerID"));
    for (String line : lines(synthetic.resolve("train.txt.gz"))) {
      List<String> ids = List.of(line.split(" ", -1));
      ids.stream().skip(1).forEach(item -> rows.add("B-" + item + ",user " + ids.getFirst()));
    }
    Files.write(log, rows);
    data = folder.resolve("data.cnix");
    model = folder.resolve("model");
    artifact = folder.resolve("artifact");
    Path front = folder.resolve("front");
    ingested =
        CommandRun.of("ingest", "--in", log, "--out", data, "--split", "ratio", "--json")
            .expect(0)
            .json();
    TinyPipeline.train(data, model).expect(0);
    CommandRun.of(
            "search",
            "--data",
            data,
            "--model",
            model,
            "--out",
            front,
            "--budget",
            "60%",
            "--strategy",
            "popularity")
        .expect(0);
    CommandRun.of("pack", "--model", model, "--front", front, "--budget", "60%", "--out", artifact)
        .expect(0);
  }

  private static List<String> lines(Path gzip) throws IOException {
    try (InputStream in = new GZIPInputStream(Files.newInputStream(gzip))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
    }
  }

  @Test
  void reportsWhatItRead() throws IOException {
    assertEquals(Files.size(log), ingested.path("textBytes").asLong());
    assertEquals(Files.size(data), ingested.path("resultBytes").asLong());
    assertEquals(300, ingested.path("users").asInt());
    assertTrue(ingested.path("userNames").asBoolean());
    assertTrue(ingested.path("itemNames").asBoolean());
    assertEquals("read", ingested.at("/steps/0/step").asText());
    assertTrue(ingested.path("peakOffHeapBytes").asLong() > 0);
    assertTrue(ingested.path("megabytesPerSecond").asDouble() > 0);
    assertFalse(Files.exists(folder.resolve("data.cnix.tmp")));
  }

  @Test
  void evaluatesOnTheTestSplitThatWasMade() {
    JsonNode json =
        CommandRun.of(
                "evaluate", "--data", data, "--model", model, "--artifact", artifact, "--json")
            .expect(0)
            .json();
    assertTrue(json.path("users").asInt() > 200);
    assertTrue(json.path("recallAt20").asDouble() > 0);
  }

  @Test
  void recommendsNamesToNames() throws IOException {
    JsonNode json =
        CommandRun.of(
                "recommend",
                "--artifact",
                artifact,
                "--model",
                model,
                "--data",
                data,
                "--user",
                "user 7",
                "--exclude",
                "B-0,nothing",
                "--json")
            .expect(0)
            .json();
    assertEquals(1, json.path("unknownExcluded").asInt());
    Set<String> all = new HashSet<>(Files.readAllLines(log));
    assertEquals(10, json.path("items").size());
    for (JsonNode item : json.path("items")) {
      assertTrue(item.path("item").isTextual(), json.toString());
      String name = item.path("item").asText();
      assertTrue(all.stream().anyMatch(row -> row.startsWith(name + ",")), name);
    }
    CommandRun.of("recommend", "--artifact", artifact, "--data", data, "--history", "B-1,B-2,x")
        .expect(0)
        .expectMessage("--history: 1 unknown items are ignored: [x]");
  }

  @Test
  void infoSaysWhatTheDataIsAndNamesItems() throws IOException {
    Path names = scratch.resolve("names.tsv");
    JsonNode json =
        CommandRun.of("info", "--data", data, "--names", names, "--json").expect(0).json();
    assertEquals(ingested.path("dataHash"), json.path("dataHash"));
    assertEquals("log.csv", json.at("/provenance/files/0").asText());
    assertEquals("ratio", json.at("/provenance/split/rule").asText());
    List<String> lines = Files.readAllLines(names);
    assertEquals(ingested.path("items").asInt(), lines.size());
    JsonNode byNumber =
        CommandRun.of("recommend", "--artifact", artifact, "--history", "3", "--json")
            .expect(0)
            .json();
    String name = lines.get(3).substring(2);
    JsonNode byName =
        CommandRun.of(
                "recommend", "--artifact", artifact, "--data", data, "--history", name, "--json")
            .expect(0)
            .json();
    int first = byNumber.at("/items/0/item").asInt();
    assertEquals(first + "\t" + byName.at("/items/0/item").asText(), lines.get(first));
  }

  @Test
  void anUnknownNameIsNamed() {
    CommandRun.of(
            "recommend", "--artifact", artifact, "--model", model, "--data", data, "--user", "me")
        .expect(1)
        .expectMessage("--user me", "does not know this user");
    CommandRun.of("recommend", "--artifact", artifact, "--history", "B-1")
        .expect(2)
        .expectMessage("'B-1' is not a number; name the --data");
  }

  @Test
  void otherDataIsRefused() {
    Path other = scratch.resolve("other");
    CommandRun.of("ingest", "--in", log, "--out", other, "--split", "ratio", "--seed=2").expect(0);
    CommandRun.of("recommend", "--artifact", artifact, "--data", other, "--history", "B-1")
        .expect(1)
        .expectMessage("is not the data that");
    // Names may have other numbers there, so that rows cannot be matched by number.
    TinyPipeline.train(other, scratch.resolve("m"), "--from", model)
        .expect(1)
        .expectMessage("was trained on other data", "train from noise");
  }

  @Test
  void aSplitIsMadeAgainOnlyIfItIsTheSame() {
    Path again = scratch.resolve("again");
    String hash = ingested.path("dataHash").asText();
    CommandRun.of("ingest", "--in", log, "--out", again, "--split", "ratio", "--expect", hash)
        .expect(0);
    Path taken = scratch.resolve("taken");
    CommandRun.of("ingest", "--in", log, "--out", taken, "--split-from", data, "--expect", hash)
        .expect(0);
    Path other = scratch.resolve("other");
    CommandRun.of(
            "ingest", "--in", log, "--out", other, "--split", "ratio", "--seed=2", "--expect", hash)
        .expect(1)
        .expectMessage("expected " + hash);
    assertFalse(Files.exists(other));
  }

  @Test
  void faultsEndWithCode1() throws IOException {
    Path out = scratch.resolve("out");
    CommandRun.of("ingest", "--in", scratch.resolve("nothing"), "--out", out)
        .expect(1)
        .expectMessage("nothing: there is no such file");
    Path bad = Files.writeString(scratch.resolve("bad.csv"), "userId,itemId\n1,2\n3\n");
    CommandRun.of("ingest", "--in", bad, "--out", out)
        .expect(1)
        .expectMessage("bad.csv, line 3: has 1 fields");
    CommandRun.of("ingest", "--in", log, "--out", log).expect(1).expectMessage("is also an input");
    assertFalse(Files.exists(out));
    CommandRun.of("train", "--data", bad, "--out", out)
        .expect(1)
        .expectMessage("is not a data file", "ingest --in");
  }
}
