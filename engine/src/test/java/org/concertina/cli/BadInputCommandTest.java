package org.concertina.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What cannot be done ends with exit code 1, a message that helps, and no half-written file. */
class BadInputCommandTest {
  @TempDir static Path shared;
  static Path data;
  static Path otherData;
  static Path model;

  @TempDir Path folder;

  @BeforeAll
  static void makeModel() throws IOException {
    data = TinyPipeline.writeData(shared.resolve("data"), 1);
    otherData = TinyPipeline.writeData(shared.resolve("other"), 2);
    model = shared.resolve("model");
    TinyPipeline.train(data, model).expect(0);
  }

  private List<String> files() throws IOException {
    try (Stream<Path> all = Files.list(folder)) {
      return all.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  private Path write(String train) throws IOException {
    Files.writeString(folder.resolve("train.txt"), train);
    return folder;
  }

  @Test
  void aMissingFolderOfDataIsNamed() throws IOException {
    TinyPipeline.train(folder.resolve("nowhere"), folder.resolve("m"))
        .expect(1)
        .expectMessage("nowhere", "there is no such directory", "train.txt");
    assertEquals(List.of(), files());
  }

  @Test
  void anEmptyFolderIsNamed() throws IOException {
    TinyPipeline.train(folder, folder.resolve("m"))
        .expect(1)
        .expectMessage(folder.toString(), "no train.txt");
    assertEquals(List.of(), files());
  }

  @ParameterizedTest
  @CsvSource({
    "'', the file is empty",
    "'0 1 2\n1 two\n', 'line 2'",
    "'0 1 -2\n', 'line 1'",
    "'0 99999999999\n', 'line 1'"
  })
  void malformedDataIsNamedWithItsLine(String train, String part) throws IOException {
    write(train);
    TinyPipeline.train(folder, folder.resolve("m"))
        .expect(1)
        .expectMessage(folder.resolve("train.txt").toString(), part);
    assertEquals(List.of("train.txt"), files());
  }

  @Test
  void duplicatesAreCountedAndDropped() throws IOException {
    StringBuilder train = new StringBuilder();
    for (int user = 0; user < 30; user++) {
      train.append(user);
      for (int item = 0; item < 20; item++) {
        train.append(' ').append((user + item) % 40);
      }
      train.append(' ').append(user % 40).append('\n');
    }
    write(train.toString());
    CommandRun run = TinyPipeline.train(folder, folder.resolve("m"), "--json").expect(0);
    assertEquals(30, run.json().at("/data/duplicatesDropped").asInt(), run.out());
    run.expectMessage("dropped 30 duplicates");
  }

  @Test
  void dataWithoutValidationIsRefusedBeforeTraining() throws IOException {
    write("0 1 2\n1 2 3\n2 3 4\n3 4 5\n");
    TinyPipeline.train(folder, folder.resolve("m"))
        .expect(1)
        .expectMessage("no validation interactions", "--validation-share");
    assertEquals(List.of("train.txt"), files());
  }

  @Test
  void moreGroupsThanItemsIsRefused() throws IOException {
    TinyPipeline.train(data, folder.resolve("m"), "--groups=201")
        .expect(1)
        .expectMessage("groups", "200", "201");
    assertEquals(List.of(), files());
  }

  @Test
  void anOutputThatCannotBeWrittenIsRefusedBeforeTraining() {
    TinyPipeline.train(data, folder.resolve("missing/m"))
        .expect(1)
        .expectMessage("--out", "missing", "create it first");
    TinyPipeline.train(data, folder).expect(1).expectMessage("--out", "is a folder");
  }

  @Test
  void aForeignCheckpointIsRefusedUntilItIsDroppedOnPurpose() throws IOException {
    Path out = folder.resolve("m");
    Path checkpoint = folder.resolve("m.checkpoint");
    Files.copy(model, checkpoint);
    TinyPipeline.train(data, out)
        .expect(1)
        .expectMessage(checkpoint.toString(), "is gone", "--fresh");
    Files.copy(model, out);
    TinyPipeline.train(data, out, "--seed=2")
        .expect(1)
        .expectMessage(checkpoint.toString(), "--fresh");
    TinyPipeline.train(data, out, "--seed=2", "--fresh").expect(0);
    assertEquals(List.of("m"), files());
  }

  @Test
  void aModelOfOtherDataIsRefused() {
    CommandRun.of("evaluate", "--data", otherData, "--model", model)
        .expect(1)
        .expectMessage(model.toString(), "another data set");
  }

  @Test
  void aMissingModelIsNamed() {
    CommandRun.of("evaluate", "--data", data, "--model", folder.resolve("none"))
        .expect(1)
        .expectMessage("none", "no such model", "concertina train");
  }

  @Test
  void aTruncatedModelIsRefused() throws IOException {
    byte[] bytes = Files.readAllBytes(model);
    Path cut = folder.resolve("cut");
    for (int length : new int[] {0, 10, 100, bytes.length - 1}) {
      Files.write(cut, Arrays.copyOf(bytes, length));
      CommandRun.of("evaluate", "--data", data, "--model", cut)
          .expect(1)
          .expectMessage(cut.toString());
    }
  }

  @Test
  void aFlippedByteInAModelIsRefused() throws IOException {
    byte[] bytes = Files.readAllBytes(model);
    Path flipped = folder.resolve("flipped");
    for (int at : new int[] {0, 9, 40, bytes.length / 2, bytes.length - 1}) {
      bytes[at] ^= 4;
      Files.write(flipped, bytes);
      bytes[at] ^= 4;
      CommandRun.of("evaluate", "--data", data, "--model", flipped)
          .expect(1)
          .expectMessage(flipped.toString());
    }
  }

  @Test
  void aFolderIsNoModel() {
    CommandRun.of("evaluate", "--data", data, "--model", folder)
        .expect(1)
        .expectMessage(folder.toString(), "folder");
  }

  @Test
  void aFailureIsAlsoOneJsonObject() {
    CommandRun run =
        CommandRun.of("evaluate", "--data", data, "--model", folder.resolve("none"), "--json")
            .expect(1);
    assertTrue(run.json().path("error").asText().contains("no such model"), run.out());
    assertFalse(run.err().contains("\tat "), run.err());
  }

  @Test
  void theStackTraceIsShownOnDemandOnly() {
    CommandRun.of("evaluate", "--data", data, "--model", folder.resolve("none"), "--debug")
        .expect(1)
        .expectMessage("ModelFormatException", "\tat ");
  }
}
