package org.concertina.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Budgets that cannot be met, and fronts and artifacts that are damaged or of another model. */
class BadArtifactCommandTest {
  @TempDir static Path shared;
  static Path data;
  static Path model;
  static Path otherModel;
  static Path front;
  static Path artifact;

  @TempDir Path folder;

  @BeforeAll
  static void makeAll() throws IOException {
    data = TinyPipeline.writeData(shared.resolve("data"), 1);
    model = shared.resolve("model");
    otherModel = shared.resolve("other-model");
    front = shared.resolve("front");
    artifact = shared.resolve("artifact");
    TinyPipeline.train(data, model).expect(0);
    TinyPipeline.train(data, otherModel, "--seed=2").expect(0);
    CommandRun.of(
            "search",
            "--data",
            data,
            "--model",
            model,
            "--out",
            front,
            "--budget",
            "8KB",
            "--labels=10",
            "--held-out=0",
            "--generations=1")
        .expect(0);
    pack(model, front, artifact).expect(0);
  }

  private static CommandRun pack(Path model, Path front, Path out) {
    return CommandRun.of(
        "pack", "--model", model, "--front", front, "--budget", "8KB", "--out", out);
  }

  private void expectNoFiles() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      assertEquals(List.of(), files.toList());
    }
  }

  @Test
  void aBudgetBelowTheSmallestArtifactNamesThatSize() throws IOException {
    CommandRun.of(
            "search",
            "--data",
            data,
            "--model",
            model,
            "--out",
            folder.resolve("f"),
            "--budget",
            "8KB,100")
        .expect(1)
        .expectMessage("100 bytes", "smallest", "raise the budget");
    CommandRun.of(
            "pack",
            "--model",
            model,
            "--front",
            front,
            "--budget",
            "100",
            "--out",
            folder.resolve("a"))
        .expect(1)
        .expectMessage("100 bytes", "smallest", "raise the budget");
    expectNoFiles();
  }

  @Test
  void tooLittleMemoryForTheJudgesIsNamed() throws IOException {
    CommandRun.of(
            "search",
            "--data",
            data,
            "--model",
            model,
            "--out",
            folder.resolve("f"),
            "--budget",
            "8KB",
            "--judge-memory",
            "1KB")
        .expect(1)
        .expectMessage("--judge-memory");
    expectNoFiles();
  }

  @Test
  void aFrontOfAnotherModelIsRefused() throws IOException {
    pack(otherModel, front, folder.resolve("a"))
        .expect(1)
        .expectMessage(front.toString(), "another model", "search again");
    expectNoFiles();
  }

  @Test
  void aDamagedOrMissingFrontIsRefused() throws IOException {
    Path cut = shared.resolve("cut-front");
    String text = Files.readString(front);
    Files.writeString(cut, text.substring(0, text.length() / 2));
    pack(model, cut, folder.resolve("a")).expect(1).expectMessage(cut.toString());
    pack(model, shared.resolve("none"), folder.resolve("a"))
        .expect(1)
        .expectMessage("none", "check the path");
    expectNoFiles();
  }

  @Test
  void anOutputThatIsAnInputIsRefused() throws IOException {
    byte[] before = Files.readAllBytes(model);
    pack(model, front, model).expect(1).expectMessage("--out", "also an input");
    assertEquals(before.length, Files.size(model));
  }

  @Test
  void aTruncatedArtifactIsRefused() throws IOException {
    byte[] bytes = Files.readAllBytes(artifact);
    Path cut = folder.resolve("cut");
    for (int length : new int[] {0, 100, 256, bytes.length - 1}) {
      Files.write(cut, Arrays.copyOf(bytes, length));
      CommandRun.of("recommend", "--artifact", cut, "--history", "1")
          .expect(1)
          .expectMessage(cut.toString(), "copy or export it again");
    }
  }

  @Test
  void aFlippedByteInAnArtifactIsRefused() throws IOException {
    byte[] bytes = Files.readAllBytes(artifact);
    Path flipped = folder.resolve("flipped");
    for (int at : new int[] {0, 70, 300, bytes.length / 2, bytes.length - 1}) {
      bytes[at] ^= 1;
      Files.write(flipped, bytes);
      bytes[at] ^= 1;
      CommandRun.of("evaluate", "--data", data, "--model", model, "--artifact", flipped, "--json")
          .expect(1)
          .expectMessage(flipped.toString());
    }
  }

  @Test
  void anArtifactOfAnotherModelIsRefused() {
    CommandRun.of("evaluate", "--data", data, "--model", otherModel, "--artifact", artifact)
        .expect(1)
        .expectMessage(artifact.toString(), "another model");
    CommandRun.of("recommend", "--artifact", artifact, "--user", "1", "--model", otherModel)
        .expect(1)
        .expectMessage(artifact.toString(), "another model");
  }

  @Test
  void unknownUsersAndArtifactsAreRefused() {
    CommandRun.of("recommend", "--artifact", artifact, "--user", "9999", "--model", model)
        .expect(1)
        .expectMessage("--user 9999", "does not know");
    CommandRun.of("recommend", "--artifact", shared.resolve("nothing"), "--history", "1")
        .expect(1)
        .expectMessage("nothing", "no such artifact");
  }

  @Test
  void aHistoryOfUnknownItemsGetsWhatIsPopular() {
    CommandRun run =
        CommandRun.of("recommend", "--artifact", artifact, "--history", "9999,-3", "--json")
            .expect(0)
            .expectMessage("--history", "knows none of the items", "what is popular");
    assertEquals(10, run.json().path("items").size());
    assertEquals(0, run.json().path("knownHistory").asInt());
    assertEquals(2, run.json().path("unknownHistory").asInt());
  }
}
