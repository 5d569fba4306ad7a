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
import org.concertina.memory.MemoryCap;
import org.concertina.serve.DeviceRuntime;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Artifacts that hold the users: packed within a budget, asked and measured without the model. */
class UserPipelineTest {
  private static final int USERS = 300;
  private static final int INT8_BYTES = USERS * 16;

  @TempDir static Path folder;
  static Path data;
  static Path model;
  static Path front;
  static Path fp32;
  static Path int8;
  static JsonNode packed;

  @TempDir Path scratch;

  @BeforeAll
  static void runAll() throws IOException {
    data = TinyPipeline.writeData(folder.resolve("data"), 1);
    model = folder.resolve("model");
    front = folder.resolve("front.json");
    fp32 = folder.resolve("fp32");
    int8 = folder.resolve("int8");
    TinyPipeline.train(data, model).expect(0);
    search(front, "--budget=6KB", "--labels=40", "--held-out=10", "--generations=5").expect(0);
    pack("30KB", fp32, "--users=fp32").expect(0);
    packed = pack("10.8KB", int8, "--users=int8", "--json").expect(0).json();
  }

  private static CommandRun search(Path out, Object... more) {
    return run(
        List.of("search", "--data", data, "--model", model, "--out", out, "--threads=2"), more);
  }

  private static CommandRun pack(String budget, Path out, Object... more) {
    return pack(front, budget, out, more);
  }

  private static CommandRun pack(Path from, String budget, Path out, Object... more) {
    return run(
        List.of("pack", "--model", model, "--front", from, "--budget", budget, "--out", out), more);
  }

  private static CommandRun run(List<?> command, Object... more) {
    List<Object> arguments = new ArrayList<>(command);
    arguments.addAll(List.of(more));
    return CommandRun.of(arguments.toArray());
  }

  private static JsonNode recommend(Object... more) {
    return run(List.of("recommend", "--json", "--user", 7), more).expect(0).json();
  }

  private static double recall(Path artifact, Object... more) {
    return evaluate(artifact, more).expect(0).json().path("recallAt20").asDouble();
  }

  private static CommandRun evaluate(Path artifact, Object... more) {
    return run(
        List.of("evaluate", "--data", data, "--model", model, "--artifact", artifact, "--json"),
        more);
  }

  @Test
  void theBudgetHoldsTheUsersToo() throws IOException {
    assertEquals(10_800, packed.path("budgetBytes").asInt());
    long bytes = packed.path("fileBytes").asLong();
    assertEquals(Files.size(int8), bytes);
    assertTrue(bytes <= 10_800, packed.toString());
    assertEquals(USERS, packed.path("users").asInt());
    assertEquals(INT8_BYTES, packed.path("userBytes").asInt());
    assertEquals("int8", packed.path("userPrecision").asText());
    // What is left for the items is what an artifact without users gets of so much less.
    Path without = scratch.resolve("without");
    JsonNode smaller = pack("6KB", without, "--json").expect(0).json();
    assertEquals(bytes - INT8_BYTES, smaller.path("fileBytes").asLong());
    assertEquals(packed.path("groups"), smaller.path("groups"));
    assertEquals(0, smaller.path("users").asInt());
    assertTrue(smaller.path("userPrecision").isNull());
    try (DeviceRuntime runtime = DeviceRuntime.open(without, MemoryCap.unlimited())) {
      assertTrue(runtime.info().formatVersion() < 4);
    }
  }

  @Test
  void usersThatDoNotFitAreNamed() {
    pack("9KB", scratch.resolve("a"), "--users=fp32")
        .expect(1)
        .expectMessage(
            "budget of 9000 bytes",
            "users take 19200 bytes, which alone is more than the budget",
            "as int8",
            "leave users out");
    pack("5KB", scratch.resolve("a"), "--users=int8")
        .expect(1)
        .expectMessage("budget of 5000 bytes", "its users take 4800 bytes; raise the budget");
    assertFalse(Files.exists(scratch.resolve("a")));
  }

  @Test
  void aFrontThatEndsEarlyIsToBeSearchedForWhatTheUsersLeave() {
    Path small = scratch.resolve("small");
    search(small, "--precisions=int8", "--labels=10", "--held-out=0", "--generations=1").expect(0);
    pack(small, "20KB", scratch.resolve("a"), "--users=int8")
        .expect(0)
        .expectMessage(small + " ends at", "search with a budget of 15200 to use all of it");
  }

  @Test
  void anArtifactAnswersItsUsersWithoutTheModel() {
    assertEquals(
        recommend("--artifact", fp32, "--model", model).path("items"),
        recommend("--artifact", fp32).path("items"));
    JsonNode bytes = recommend("--artifact", int8).path("items");
    assertEquals(10, bytes.size());
    for (int rank = 1; rank < 10; rank++) {
      assertTrue(
          bytes.get(rank).path("score").asDouble() <= bytes.get(rank - 1).path("score").asDouble());
    }
    assertEquals(
        recommend("--artifact", fp32, "--model", model, "--data", data).path("items"),
        recommend("--artifact", fp32, "--data", data).path("items"));
  }

  @Test
  void unknownUsersAndArtifactsWithoutUsersAreNamed() throws IOException {
    CommandRun.of("recommend", "--artifact", int8, "--user", 9999)
        .expect(1)
        .expectMessage("--user 9999", "artifact " + int8, "does not know", "--history");
    Path without = scratch.resolve("without");
    pack("6KB", without).expect(0);
    CommandRun.of("recommend", "--artifact", without, "--user", 7)
        .expect(1)
        .expectMessage("--user", without + " holds no users", "--model", "--users int8");
    evaluate(without, "--artifact-users")
        .expect(1)
        .expectMessage("--artifact-users", "0 of the model's 300", "--users int8");
  }

  @Test
  void theArtifactsUsersAreMeasuredIfAskedFor() {
    assertEquals(recall(fp32), recall(fp32, "--artifact-users"));
    double ofModel = recall(int8);
    assertTrue(ofModel > 0);
    assertEquals(ofModel, recall(int8, "--artifact-users"), 0.01);
  }

  @Test
  void withoutIdsUsersGoByTheirRows() throws IOException {
    Path bare = scratch.resolve("bare");
    pack("30KB", bare, "--users=int8", "--no-ids").expect(0);
    try (DeviceRuntime runtime = DeviceRuntime.open(bare, MemoryCap.unlimited())) {
      assertEquals(USERS, runtime.users());
      assertFalse(runtime.hasUserIds());
    }
    assertEquals(recall(bare), recall(bare, "--artifact-users"), 0.01);
  }

  @Test
  void peopleReadWhatTheUsersTake() {
    String text = pack("10.8KB", scratch.resolve("a"), "--users=INT8").expect(0).out();
    assertTrue(text.contains(", 4,800 of them 300 users in int8"), text);
  }
}
