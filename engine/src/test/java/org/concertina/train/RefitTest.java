package org.concertina.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.concertina.TestData;
import org.concertina.interaction.InteractionData;
import org.concertina.interaction.InteractionMatrix;
import org.concertina.kernel.VectorOpsProvider;
import org.concertina.kernel.WorkerPool;
import org.concertina.memory.FloatTable;
import org.concertina.metric.RankingQuality;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Training once more on training and validation interactions. */
class RefitTest {
  private static final int EPOCHS = 12;
  private static final int CHOSEN = 6;
  private static final long CHOSEN_HASH = 7;

  @TempDir Path dir;

  static Stream<TrainConfig> configs() {
    TrainConfig config = TrainerTest.config(EPOCHS, ElasticSchedule.SANDWICH);
    return Stream.of(
        config,
        config.withEncoder(TrainConfig.Encoding.HISTORY),
        config.withEncoder(TrainConfig.Encoding.graph(2, GraphCombine.MEAN)),
        config.withOptimizer(new TrainConfig.Optimizer(0.1, 0.5, 0, OptimizerKind.ADAGRAD)),
        TrainerTest.config(EPOCHS, ElasticSchedule.NESTED)
            .withObjective(new TrainConfig.Objective(Loss.BPR, 0, 0, false)));
  }

  private static ModelHeader chosen(InteractionData data, TrainConfig config) {
    return TrainerTest.header(data, config)
        .withProgress(new ModelHeader.Progress(EPOCHS, CHOSEN, 0.25, 0.125, 1))
        .toRefit(CHOSEN_HASH);
  }

  private static ModelHeader refit(
      InteractionData merged, ModelHeader blank, int threads, Path out, TrainListener listener)
      throws IOException {
    try (WorkerPool pool = new WorkerPool(threads)) {
      return new Trainer(merged, blank.config(), VectorOpsProvider.get(), pool, listener)
          .run(blank, out);
    }
  }

  /** Throws after an epoch. */
  private record Killer(int lastEpoch) implements TrainListener {
    @Override
    public void epoch(int epoch, double meanLoss, double seconds) {
      if (epoch == lastEpoch) {
        throw new IllegalStateException("killed");
      }
    }
  }

  /** A longer run on the same interactions has, after so many epochs, the same weights. */
  @ParameterizedTest
  @MethodSource("configs")
  void theScheduleIsThatOfTheWholeRunCutAtTheChosenEpoch(TrainConfig config) throws IOException {
    try (InteractionData data = TestData.synthetic(dir, 200, 150);
        InteractionData merged = data.withValidationInTrain()) {
      Path whole = dir.resolve("whole");
      // Without validation every checkpoint's model is kept: that of the chosen epoch is the last.
      assertThrows(
          IllegalStateException.class,
          () -> TrainerTest.train(merged, config, 2, whole, new Killer(CHOSEN + 1)));
      Path out = dir.resolve("refit");
      refit(merged, chosen(data, config), 1, out, new TrainListener() {});
      TrainerTest.assertSameTables(whole, out);
      assertFalse(Files.exists(Trainer.checkpointOf(out)));
    }
  }

  @ParameterizedTest
  @MethodSource("configs")
  void aKilledRefitGoesOnToTheSameBitsAndLeavesNoHalfTrainedModel(TrainConfig config)
      throws IOException {
    try (InteractionData data = TestData.synthetic(dir, 200, 150);
        InteractionData merged = data.withValidationInTrain()) {
      ModelHeader blank = chosen(data, config);
      Path whole = dir.resolve("whole");
      refit(merged, blank, 2, whole, new TrainListener() {});
      Path killed = dir.resolve("killed");
      assertThrows(
          IllegalStateException.class, () -> refit(merged, blank, 2, killed, new Killer(5)));
      assertFalse(Files.exists(killed));
      List<Integer> resumed = new ArrayList<>();
      TrainListener listener =
          new TrainListener() {
            @Override
            public void resumed(int epoch) {
              resumed.add(epoch);
            }

            @Override
            public void validated(int epoch, RankingQuality quality, boolean best) {
              throw new AssertionError("there is nothing to validate on");
            }
          };
      refit(merged, blank, 2, killed, listener);
      assertEquals(List.of(4), resumed);
      TrainerTest.assertSameTables(whole, killed);
    }
  }

  @Test
  void theHeaderSaysWhatWasChosenAndHowToReadTheData() throws IOException {
    try (InteractionData data = TestData.synthetic(dir, 200, 150);
        InteractionData merged = data.withValidationInTrain()) {
      TrainConfig config = TrainerTest.config(EPOCHS, ElasticSchedule.NESTED);
      Path out = dir.resolve("refit");
      ModelHeader header = refit(merged, chosen(data, config), 1, out, new TrainListener() {});
      assertEquals(new ModelHeader.Refit(CHOSEN_HASH, CHOSEN, 0.25, 0.125), header.refit());
      assertEquals(CHOSEN, header.progress().epoch());
      assertEquals(config, header.config());
      assertEquals(0.1, header.validationShare());
      assertFalse(header.sameRun(TrainerTest.header(data, config)));
      try (TrainedModel model = TrainedModel.open(out)) {
        model.requireSameData(data);
        ModelFormatException refused =
            assertThrows(ModelFormatException.class, model::requireUnseenValidation);
        assertTrue(refused.getMessage().startsWith(out + ": a refit model"), refused.getMessage());
        refused =
            assertThrows(
                ModelFormatException.class,
                () -> WarmStart.of(model, data, header.config(), false));
        assertTrue(refused.getMessage().contains("refit"), refused.getMessage());
        assertEquals(
            data.items(), WarmStart.of(model, data, header.config(), true).items(), "of a refit");
      }
    }
  }

  /** What a history model's users are made of is everything the refit was trained on. */
  @Test
  void historiesHaveTheValidationItems() throws IOException {
    try (InteractionData data = TestData.synthetic(dir, 200, 150);
        InteractionData merged = data.withValidationInTrain()) {
      TrainConfig config =
          TrainerTest.config(EPOCHS, ElasticSchedule.NESTED)
              .withEncoder(TrainConfig.Encoding.HISTORY);
      Path out = dir.resolve("refit");
      refit(merged, chosen(data, config), 2, out, new TrainListener() {});
      try (TrainedModel model = TrainedModel.open(out)) {
        for (int user = 0; user < data.users(); user++) {
          double[] expected = new double[config.shape().dim()];
          int degree = data.train().degree(user) + data.validation().degree(user);
          addUnitRows(expected, model.embeddings().items(), data.train(), user);
          addUnitRows(expected, model.embeddings().items(), data.validation(), user);
          for (int d = 0; d < expected.length; d++) {
            double scaled = expected[d] / Math.sqrt(Math.max(1, degree));
            assertEquals(scaled, model.embeddings().users().get(user, d), 1e-5);
          }
        }
      }
    }
  }

  private static void addUnitRows(
      double[] sum, FloatTable items, InteractionMatrix matrix, int user) {
    for (long p = matrix.begin(user); p < matrix.end(user); p++) {
      double squared = 0;
      for (int d = 0; d < sum.length; d++) {
        squared += (double) items.get(matrix.itemAt(p), d) * items.get(matrix.itemAt(p), d);
      }
      for (int d = 0; d < sum.length; d++) {
        sum[d] += items.get(matrix.itemAt(p), d) / Math.sqrt(squared);
      }
    }
  }

  @Test
  void onlyARunThatChoseByValidationIsRefitted() throws IOException {
    try (InteractionData data = TestData.synthetic(dir, 100, 80)) {
      TrainConfig config = TrainerTest.config(2, ElasticSchedule.NONE);
      ModelHeader fresh = TrainerTest.header(data, config);
      assertNull(fresh.refit());
      assertThrows(IllegalStateException.class, () -> fresh.toRefit(CHOSEN_HASH));
      ModelHeader blank = chosen(data, config);
      assertThrows(IllegalStateException.class, () -> blank.toRefit(CHOSEN_HASH));
      assertNotEquals(blank, fresh);
      IllegalArgumentException refused =
          assertThrows(
              IllegalArgumentException.class,
              () -> refit(data, blank, 1, dir.resolve("m"), new TrainListener() {}));
      assertTrue(refused.getMessage().contains("none left for a refit"), refused.getMessage());
    }
  }
}
