package org.concertina.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.concertina.TestData;
import org.concertina.block.BlockShape;
import org.concertina.interaction.InteractionData;
import org.concertina.kernel.VectorOps;
import org.concertina.kernel.VectorOpsProvider;
import org.concertina.kernel.WorkerPool;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainerTest {
  private static final VectorOps OPS = VectorOpsProvider.get();

  @TempDir Path dir;

  static TrainConfig config(int epochs, ElasticSchedule schedule) {
    return new TrainConfig(
        BlockShape.of(32, 4),
        4,
        new TrainConfig.Softmax(0.2, 64, 0, true),
        new TrainConfig.Elastic(schedule, 0.5),
        new TrainConfig.Diversity(0, 1),
        new TrainConfig.Optimizer(0.01, 0.5, 0),
        new TrainConfig.Schedule(epochs, 256, 2, 100),
        11);
  }

  static ModelHeader header(InteractionData data, TrainConfig config) {
    return new ModelHeader(
        "test",
        data.dataHash(),
        0.1,
        1,
        data.users(),
        data.items(),
        config,
        ModelHeader.Progress.START);
  }

  static ModelHeader train(
      InteractionData data, TrainConfig config, int threads, Path out, TrainListener listener)
      throws IOException {
    try (WorkerPool pool = new WorkerPool(threads)) {
      return new Trainer(data, config, OPS, pool, listener).run(header(data, config), out);
    }
  }

  /** Everything of a model file but the time it took. */
  private static List<double[][]> tables(Path model) throws IOException {
    try (TrainedModel trained = TrainedModel.open(model)) {
      return List.of(
          StepFixture.values(trained.embeddings().users()),
          StepFixture.values(trained.embeddings().items()));
    }
  }

  static void assertSameTables(Path expected, Path actual) throws IOException {
    List<double[][]> a = tables(expected);
    List<double[][]> b = tables(actual);
    assertArrayEquals(a.get(0), b.get(0));
    assertArrayEquals(a.get(1), b.get(1));
  }

  /** Recall@1 of a saved model on the test split. */
  static double recallAt1(InteractionData data, Path out) throws IOException {
    try (TrainedModel model = TrainedModel.open(out);
        WorkerPool pool = new WorkerPool(1)) {
      return TableRanking.evaluate(
              OPS, pool, model.embeddings(), null, data.test(), List.of(data.train()), 1)
          .getFirst()
          .recall();
    }
  }

  @Test
  void lossFallsAndTheModelBeatsChance() throws IOException {
    List<Double> losses = new ArrayList<>();
    try (InteractionData data = TestData.synthetic(dir, 300, 200)) {
      ModelHeader trained =
          train(
              data,
              config(20, ElasticSchedule.NONE),
              2,
              dir.resolve("m"),
              new TrainListener() {
                @Override
                public void epoch(int epoch, double meanLoss, double seconds) {
                  losses.add(meanLoss);
                }
              });
      assertEquals(20, losses.size());
      assertTrue(losses.getLast() < 0.8 * losses.getFirst(), losses.toString());
      assertTrue(trained.progress().bestRecallAt20() > 0.2, trained.toString());
    }
  }

  @Test
  void sameBitsForAnyNumberOfThreads() throws IOException {
    try (InteractionData data = TestData.synthetic(dir, 200, 150)) {
      TrainConfig config = config(4, ElasticSchedule.NESTED);
      ModelHeader one = train(data, config, 1, dir.resolve("one"), new TrainListener() {});
      ModelHeader three = train(data, config, 3, dir.resolve("three"), new TrainListener() {});
      assertSameTables(dir.resolve("one"), dir.resolve("three"));
      assertEquals(one.progress().bestNdcgAt20(), three.progress().bestNdcgAt20());
    }
  }

  @Test
  void aKilledRunGoesOnToTheSameBits() throws IOException {
    try (InteractionData data = TestData.synthetic(dir, 200, 150)) {
      TrainConfig config = config(8, ElasticSchedule.RANDOM);
      train(data, config, 2, dir.resolve("whole"), new TrainListener() {});
      Path killed = dir.resolve("killed");
      assertThrows(
          IllegalStateException.class,
          () ->
              train(
                  data,
                  config,
                  2,
                  killed,
                  new TrainListener() {
                    @Override
                    public void epoch(int epoch, double meanLoss, double seconds) {
                      if (epoch == 5) {
                        throw new IllegalStateException("killed");
                      }
                    }
                  }));
      assertTrue(Files.exists(dir.resolve("killed.checkpoint")));
      List<Integer> resumed = new ArrayList<>();
      train(
          data,
          config,
          2,
          killed,
          new TrainListener() {
            @Override
            public void resumed(int epoch) {
              resumed.add(epoch);
            }
          });
      assertEquals(List.of(4), resumed);
      assertSameTables(dir.resolve("whole"), killed);
      assertFalse(Files.exists(dir.resolve("killed.checkpoint")));
    }
  }

  /** Killed when patience has run out but the checkpoint is still there. */
  @Test
  void aRunThatHadStoppedEarlyDoesNotGoOn() throws IOException {
    try (InteractionData data = TestData.synthetic(dir, 200, 150)) {
      TrainConfig config = impatient(40);
      Path out = dir.resolve("m");
      List<Integer> epochs = new ArrayList<>();
      TrainListener killer =
          new TrainListener() {
            @Override
            public void epoch(int epoch, double meanLoss, double seconds) {
              epochs.add(epoch);
            }

            @Override
            public void stoppedEarly(int epoch, int bestEpoch) {
              throw new IllegalStateException("killed");
            }
          };
      assertThrows(IllegalStateException.class, () -> train(data, config, 2, out, killer));
      int trained = epochs.size();
      assertTrue(trained < 40, "patience runs out");
      byte[] best = Files.readAllBytes(out);
      assertThrows(IllegalStateException.class, () -> train(data, config, 2, out, killer));
      assertEquals(trained, epochs.size());
      train(data, config, 2, out, new TrainListener() {});
      assertArrayEquals(best, Files.readAllBytes(out));
      assertFalse(Files.exists(Trainer.checkpointOf(out)));
    }
  }

  private static TrainConfig impatient(int epochs) {
    return new TrainConfig(
        BlockShape.of(32, 4),
        4,
        new TrainConfig.Softmax(0.2, 64, 0, true),
        new TrainConfig.Elastic(ElasticSchedule.NONE, 0),
        new TrainConfig.Diversity(0, 1),
        new TrainConfig.Optimizer(0.05, 1, 0),
        new TrainConfig.Schedule(epochs, 256, 1, 1),
        11);
  }

  @Test
  void aCheckpointOfAnotherRunIsRefused() throws IOException {
    try (InteractionData data = TestData.synthetic(dir, 100, 80)) {
      Path out = dir.resolve("m");
      train(data, config(2, ElasticSchedule.NONE), 1, out, new TrainListener() {});
      Files.move(out, dir.resolve("m.checkpoint"));
      ModelFormatException refused =
          assertThrows(
              ModelFormatException.class,
              () -> train(data, config(3, ElasticSchedule.NONE), 1, out, new TrainListener() {}));
      assertTrue(refused.getMessage().contains("m.checkpoint"), refused.getMessage());
    }
  }

  @Test
  void theWithheldItemOfACheckerboardRanksFirst() throws IOException {
    try (InteractionData data = TestData.checkerboard(dir, 40, 20)) {
      for (ElasticSchedule schedule : ElasticSchedule.values()) {
        Path out = dir.resolve("m-" + schedule);
        train(data, config(40, schedule), 1, out, new TrainListener() {});
        assertEquals(1.0, recallAt1(data, out), schedule.toString());
      }
    }
  }

  @Test
  void anotherDataSetIsRefused() throws IOException {
    Path other = Files.createDirectory(dir.resolve("other"));
    try (InteractionData data = TestData.synthetic(dir, 100, 80);
        InteractionData otherData = TestData.checkerboard(other, 40, 20)) {
      Path out = dir.resolve("m");
      train(data, config(2, ElasticSchedule.NONE), 1, out, new TrainListener() {});
      try (TrainedModel model = TrainedModel.open(out)) {
        model.requireSameData(data);
        ModelFormatException refused =
            assertThrows(ModelFormatException.class, () -> model.requireSameData(otherData));
        assertTrue(refused.getMessage().contains("another data set"), refused.getMessage());
      }
    }
  }
}
