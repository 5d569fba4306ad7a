package org.concertina.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.concertina.interaction.InteractionData;
import org.concertina.interaction.InteractionReader;
import org.concertina.interaction.ReadOptions;
import org.concertina.kernel.VectorOps;
import org.concertina.kernel.VectorOpsProvider;
import org.concertina.kernel.WorkerPool;
import org.concertina.metric.RankingQuality;
import org.concertina.train.TableRanking;
import org.concertina.train.TrainedModel;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code train --refit}, and what must not be done with such a model. */
class RefitCommandTest {
  @TempDir static Path shared;
  static Path data;
  static Path model;
  static Path refit;
  static CommandRun trained;

  @TempDir Path folder;

  @BeforeAll
  static void trainOnce() throws IOException {
    data = TinyPipeline.writeData(shared.resolve("data"), 1);
    model = shared.resolve("model");
    refit = shared.resolve("model.refit");
    trained = TinyPipeline.train(data, model, "--refit", "--json").expect(0);
  }

  private static long tableHash(Path file) throws IOException {
    try (TrainedModel opened = TrainedModel.open(file)) {
      return opened.tableHash();
    }
  }

  private static CommandRun evaluate(Path file, String split) {
    return CommandRun.of(
        "evaluate", "--data", data, "--model", file, "--split", split, "--k=20", "--json");
  }

  @Test
  void trainReportsBothModels() throws IOException {
    JsonNode json = trained.json();
    assertEquals(refit.toString(), json.at("/refit/model").asText());
    assertEquals(Files.size(refit), json.at("/refit/fileBytes").asLong());
    assertEquals(json.path("bestEpoch").asInt(), json.at("/refit/epochs").asInt());
    assertTrue(json.at("/refit/pairsPerSecond").asDouble() > 0);
    long both =
        json.at("/data/trainInteractions").asLong()
            + json.at("/data/validationInteractions").asLong();
    trained.expectMessage("over %,d training and validation interactions".formatted(both));
    assertFalse(Files.exists(shared.resolve("model.refit.checkpoint")));
    TrainedModel.open(model).close();
  }

  @Test
  void theModelIsTheOneThatTrainsWithoutRefit() throws IOException {
    Path alone = folder.resolve("m");
    TinyPipeline.train(data, alone).expect(0);
    assertEquals(tableHash(alone), tableHash(model));
    assertFalse(Files.exists(folder.resolve("m.refit")));
  }

  @Test
  void testMeasuresItWithoutTheItemsThatItWasTrainedOn() throws IOException {
    JsonNode json = evaluate(refit, "test").expect(0).json();
    assertTrue(json.path("refit").asBoolean());
    VectorOps ops = VectorOpsProvider.get();
    try (TrainedModel opened = TrainedModel.open(refit);
        InteractionData apart = InteractionReader.read(data, ReadOptions.defaults());
        InteractionData merged = apart.withValidationInTrain();
        WorkerPool pool = new WorkerPool(1)) {
      RankingQuality expected =
          TableRanking.evaluate(
                  ops, pool, opened.embeddings(), null, apart.test(), List.of(merged.train()), 20)
              .getFirst();
      assertEquals(expected.recall(), json.path("recallAt20").asDouble(), 1e-12);
      assertEquals(expected.ndcg(), json.path("ndcgAt20").asDouble(), 1e-12);
      assertEquals(expected.users(), json.path("users").asInt());
    }
    assertFalse(evaluate(model, "test").expect(0).json().path("refit").asBoolean());
  }

  @Test
  void validationMustNotJudgeIt() throws IOException {
    evaluate(refit, "valid").expect(1).expectMessage(refit.toString(), "refit", "--split test");
    evaluate(model, "valid").expect(0);
    Path front = folder.resolve("front");
    CommandRun.of("search", "--data", data, "--model", refit, "--out", front, "--budget", "40%")
        .expect(1)
        .expectMessage(refit.toString(), "validation interactions", "without .refit");
    assertFalse(Files.exists(front));
    TinyPipeline.train(data, folder.resolve("m"), "--from=" + refit)
        .expect(1)
        .expectMessage("--from " + refit, "without .refit");
  }

  private CommandRun pack(Path packed, Path front, Path artifact) {
    return CommandRun.of(
        "pack", "--model", packed, "--front", front, "--budget", "40%", "--out", artifact);
  }

  @Test
  void theFrontOfTheModelPacksTheRefit() throws IOException {
    Path front = folder.resolve("front");
    CommandRun.of(
            "search",
            "--data",
            data,
            "--model",
            model,
            "--out",
            front,
            "--budget",
            "40%",
            "--labels=8",
            "--held-out=4",
            "--generations=1",
            "--front-sizes=0")
        .expect(0);
    Path ofModel = folder.resolve("model.cnct");
    Path ofRefit = folder.resolve("refit.cnct");
    assertFalse(Files.exists(ofRefit));
    pack(model, front, ofModel).expect(0);
    CommandRun packed = pack(refit, front, ofRefit).expect(0);
    assertTrue(packed.out().contains("before the refit, on the validation users"), packed.out());
    assertFalse(Arrays.equals(Files.readAllBytes(ofModel), Files.readAllBytes(ofRefit)));
    CommandRun.of(
            "evaluate", "--data", data, "--model", refit, "--artifact", ofRefit, "--split", "test")
        .expect(0);
    CommandRun.of(
            "evaluate", "--data", data, "--model", refit, "--artifact", ofRefit, "--split", "valid")
        .expect(1)
        .expectMessage("--split test");
    CommandRun.of(
            "evaluate", "--data", data, "--model", model, "--artifact", ofRefit, "--split", "test")
        .expect(1)
        .expectMessage("packed from another model");
    Path other = folder.resolve("other");
    TinyPipeline.train(data, other, "--refit", "--seed=5").expect(0);
    Path refused = folder.resolve("refused.cnct");
    pack(folder.resolve("other.refit"), front, refused)
        .expect(1)
        .expectMessage(front.toString(), "or than it is a refit of");
    assertFalse(Files.exists(refused));
  }

  @Test
  void aFinishedModelIsTakenAndTheRefitMadeAgain() throws IOException {
    Path copy = Files.copy(model, folder.resolve("m"));
    CommandRun run = TinyPipeline.train(data, copy, "--refit", "--json").expect(0);
    run.expectMessage("takes the model of the same run: " + copy, "refit: ");
    assertEquals(-1, Files.mismatch(model, copy));
    Path made = folder.resolve("m.refit");
    assertEquals(tableHash(refit), tableHash(made));
    byte[] bytes = Files.readAllBytes(made);
    TinyPipeline.train(data, copy, "--refit")
        .expect(0)
        .expectMessage("takes the model of the same run: " + made);
    assertEquals(bytes.length, Files.size(made));
    TinyPipeline.train(data, copy, "--refit", "--seed=5").expect(0);
    assertFalse(tableHash(refit) == tableHash(made));
  }

  @Test
  void aForeignCheckpointOfTheRefitIsRefusedUntilItIsDroppedOnPurpose() throws IOException {
    Path copy = Files.copy(model, folder.resolve("m"));
    Path checkpoint = Files.copy(model, folder.resolve("m.refit.checkpoint"));
    TinyPipeline.train(data, copy, "--refit")
        .expect(1)
        .expectMessage(checkpoint.toString(), "--fresh");
    CommandRun run = TinyPipeline.train(data, copy, "--refit", "--fresh").expect(0);
    assertFalse(run.err().contains("takes the model"), run.err());
    assertFalse(Files.exists(checkpoint));
  }

  @Test
  void aRefitStartsFromTheRefitOfWhereTheChoosingRunDid() throws IOException {
    Path warm = folder.resolve("warm");
    CommandRun run =
        TinyPipeline.train(data, warm, "--from=" + model, "--epochs=2", "--refit").expect(0);
    assertEquals(tableHash(model), startHash(warm));
    assertEquals(tableHash(refit), startHash(folder.resolve("warm.refit")));
    run.expectMessage("starts from " + model + ":", "starts from " + refit + ":");
  }

  @Test
  void withoutOneItStartsWhereTheChoosingRunDid() throws IOException {
    Path alone = Files.copy(model, folder.resolve("alone"));
    Path warm = folder.resolve("warm");
    CommandRun run =
        TinyPipeline.train(data, warm, "--from=" + alone, "--epochs=2", "--refit").expect(0);
    assertEquals(tableHash(model), startHash(folder.resolve("warm.refit")));
    assertEquals(2, run.err().split("starts from " + alone, -1).length - 1, run.err());
  }

  private static long startHash(Path file) throws IOException {
    try (TrainedModel opened = TrainedModel.open(file)) {
      return opened.header().startHash();
    }
  }
}
