package org.concertina.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.concertina.train.EncoderKind;
import org.concertina.train.TrainConfig;
import org.concertina.train.TrainedModel;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code --history-epochs} of {@code train}, {@code demo} and {@code experiment}. */
class HistoryStartCommandTest {
  private static final String EPOCHS = "--history-epochs=3";

  @TempDir static Path shared;
  static Path data;
  static Path model;
  static CommandRun trained;

  @TempDir Path folder;

  @BeforeAll
  static void trainOnce() throws IOException {
    data = TinyPipeline.writeData(shared.resolve("data"), 1);
    model = shared.resolve("model");
    trained = TinyPipeline.train(data, model, EPOCHS, "--refit").expect(0);
  }

  private static long tableHash(Path file) throws IOException {
    try (TrainedModel opened = TrainedModel.open(file)) {
      return opened.tableHash();
    }
  }

  private static long startHash(Path file) throws IOException {
    try (TrainedModel opened = TrainedModel.open(file)) {
      return opened.header().startHash();
    }
  }

  @Test
  void theModelStartsFromTheHistoryModelAndItsRefitFromTheRefit() throws IOException {
    Path history = shared.resolve("model.history");
    trained.expectMessage("first a history model to start from: " + history);
    assertTrue(trained.out().contains(history + ": "), trained.out());
    assertEquals(tableHash(history), startHash(model));
    assertEquals(
        tableHash(shared.resolve("model.history.refit")), startHash(shared.resolve("model.refit")));
    try (TrainedModel opened = TrainedModel.open(history)) {
      TrainConfig config = opened.header().config();
      assertEquals(EncoderKind.HISTORY, config.encoder().kind());
      assertEquals(3, config.schedule().epochs());
      assertEquals(.01, config.optimizer().learningRate());
      assertEquals(0, opened.header().startHash());
    }
  }

  @Test
  void itIsWhatTwoCommandsMake() throws IOException {
    Path first = folder.resolve("first");
    TinyPipeline.train(
            data,
            first,
            "--encoder=history",
            "--epochs=3",
            "--evaluate-every=5",
            "--batch-size=1024",
            "--learning-rate=.01",
            "--elastic=none",
            "--elastic-probability=0")
        .expect(0);
    assertEquals(tableHash(shared.resolve("model.history")), tableHash(first));
    Path second = folder.resolve("second");
    TinyPipeline.train(data, second, "--from=" + first).expect(0);
    assertEquals(tableHash(model), tableHash(second));
  }

  @Test
  void theHistoryModelOfTheSameRunIsTakenAndAnotherIsNot() throws IOException {
    Path copy = Files.copy(shared.resolve("model.history"), folder.resolve("m.history"));
    TinyPipeline.train(data, folder.resolve("m"), EPOCHS)
        .expect(0)
        .expectMessage("takes the model of the same run: " + copy);
    assertEquals(tableHash(model), tableHash(folder.resolve("m")));
    TinyPipeline.train(data, folder.resolve("m"), "--history-epochs=2").expect(0);
    assertNotEquals(tableHash(shared.resolve("model.history")), tableHash(copy));
  }

  @Test
  void theUsualLearningRateBecomesAFifth() throws IOException {
    TrainConfig config = configOf(folder.resolve("m"), "--epochs=1", EPOCHS);
    assertEquals(.002, config.optimizer().learningRate(), 1e-12);
    assertEquals(1, config.schedule().epochs());
  }

  @Test
  void whatItDoesNotGoWithIsSaid() {
    Path out = folder.resolve("m");
    TinyPipeline.train(data, out, EPOCHS, "--from=" + model)
        .expect(2)
        .expectMessage("--history-epochs", "--from");
    TinyPipeline.train(data, out, EPOCHS, "--encoder=history")
        .expect(2)
        .expectMessage("--history-epochs", "factor and graph");
    TinyPipeline.train(data, out, EPOCHS, "--loss=bpr")
        .expect(2)
        .expectMessage("--history-epochs", "softmax and ccl");
    TinyPipeline.train(data, out, "--history-epochs=-1")
        .expect(2)
        .expectMessage("--history-epochs", "-1");
    assertFalse(Files.exists(folder.resolve("m.history")));
  }

  @Test
  void whatIsNoHistoryModelIsNotOverwrittenByOne() throws IOException {
    Path text = Files.writeString(folder.resolve("m.history"), "of somebody else");
    TinyPipeline.train(data, folder.resolve("m"), EPOCHS)
        .expect(1)
        .expectMessage("m.history", "no history model", "--out");
    assertEquals("of somebody else", Files.readString(text));
    Path factor = Files.copy(model, folder.resolve("n.history"));
    TinyPipeline.train(data, folder.resolve("n"), EPOCHS)
        .expect(1)
        .expectMessage("n.history", "no history model", "--history-epochs 0");
    assertEquals(tableHash(model), tableHash(factor));
  }

  /** Runs a command with a tiny model and the defaults of whatever is not named. */
  private static CommandRun run(String command, Path out, Object... more) {
    List<Object> arguments = new ArrayList<>(List.of(command.split(" ")));
    arguments.addAll(List.of("--data", data, "--out", out));
    arguments.addAll(
        List.of("--dim=16", "--blocks=4", "--groups=5", "--negatives=64", "--threads=2"));
    arguments.addAll(List.of(more));
    return CommandRun.of(arguments.toArray()).expect(0);
  }

  private static TrainConfig configOf(Path out, Object... more) throws IOException {
    run("train", out, more);
    try (TrainedModel opened = TrainedModel.open(out)) {
      return opened.header().config();
    }
  }

  @Test
  void aFactorModelWithSoftmaxStartsFromOneByDefault() throws IOException {
    Path out = folder.resolve("m");
    TrainConfig config = configOf(out);
    assertEquals(10, config.schedule().epochs());
    assertEquals(.002, config.optimizer().learningRate(), 1e-12);
    try (TrainedModel opened = TrainedModel.open(folder.resolve("m.history"))) {
      assertEquals(10, opened.header().config().schedule().epochs());
    }
    assertEquals(tableHash(folder.resolve("m.history")), startHash(out));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--encoder=graph",
        "--encoder=history",
        "--loss=bpr",
        "--loss=ccl",
        "--from",
        "--history-epochs=0"
      })
  void othersStartFromNoiseOrWhatIsNamed(String option) throws IOException {
    Path out = folder.resolve("m");
    String whole = option.equals("--from") ? option + "=" + model : option;
    TrainConfig config =
        option.equals("--loss=bpr")
            ? configOf(out, whole, "--patience=1", "--elastic=none")
            : configOf(out, whole, "--patience=1");
    assertEquals(60, config.schedule().epochs());
    assertEquals(option.equals("--loss=bpr") ? .1 : .01, config.optimizer().learningRate(), 1e-12);
    assertFalse(Files.exists(folder.resolve("m.history")));
  }

  @Test
  void aRunThatWasStoppedWithoutOneSaysHowToGoOn() throws IOException {
    Path out = folder.resolve("m");
    Files.writeString(folder.resolve("m.checkpoint"), "of a run from noise");
    CommandRun.of("train", "--data", data, "--out", out)
        .expect(1)
        .expectMessage("m.checkpoint", "--history-epochs 0", "--fresh");
    assertFalse(Files.exists(folder.resolve("m.history")));
  }

  @Test
  void theExperimentSeedsTrainsEveryEncoderByItsOwnDefaults() throws IOException {
    CommandRun run =
        run("experiment seeds", folder.resolve("out"), "--patience=1", "--seeds=1", "--json");
    for (JsonNode result : run.json().at("/results")) {
      String name = result.at("/parameters/model").asText();
      Path file = folder.resolve("out").resolve("models").resolve(name + ".model");
      try (TrainedModel opened = TrainedModel.open(file)) {
        TrainConfig config = opened.header().config();
        boolean factor = config.encoder().kind() == EncoderKind.FACTOR;
        assertEquals(factor, opened.header().startHash() != 0, result.toString());
        assertEquals(factor ? 10 : 60, config.schedule().epochs());
        assertEquals(factor ? .002 : .01, config.optimizer().learningRate(), 1e-12);
      }
    }
    assertEquals(3, run.json().at("/results").size());
  }

  @Test
  void experimentsTellModelsByWhatTheyStartFrom() throws IOException {
    List<String> names = new ArrayList<>();
    for (String more : List.of("--history-epochs=0", EPOCHS)) {
      CommandRun run =
          run(
              "experiment budgets",
              folder.resolve("out"),
              "--epochs=2",
              "--seeds=1",
              "--only",
              "full table",
              "--json",
              more);
      names.add(run.json().at("/results/0/parameters/model").asText());
    }
    Path models = folder.resolve("out").resolve("models");
    assertEquals(0, startHash(models.resolve(names.get(0) + ".model")));
    assertTrue(startHash(models.resolve(names.get(1) + ".model")) != 0);
  }

  @Test
  void theDemoStartsFromOneToo() throws IOException {
    Path out = folder.resolve("demo");
    run(
        "demo",
        out,
        "--epochs=2",
        "--budgets=40%",
        "--labels=8",
        "--held-out=4",
        "--generations=1",
        "--front-sizes=0",
        EPOCHS);
    assertEquals(tableHash(out.resolve("model.history")), startHash(out.resolve("model")));
    JsonNode history =
        new ObjectMapper().readTree(out.resolve("result.json").toFile()).at("/train/history");
    assertEquals(out.resolve("model.history").toString(), history.path("model").asText());
    assertTrue(history.path("trainSeconds").asDouble() > 0, history.toString());
  }
}
