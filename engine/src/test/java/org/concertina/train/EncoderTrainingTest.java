package org.concertina.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.concertina.TestData;
import org.concertina.interaction.InteractionData;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What holds for whole runs of every encoder. */
class EncoderTrainingTest {
  @TempDir Path dir;

  private static final TrainConfig.Optimizer ADAM = new TrainConfig.Optimizer(0.01, 0.5, 0);
  private static final TrainConfig.Optimizer ADAGRAD =
      new TrainConfig.Optimizer(0.1, 0.5, 0, OptimizerKind.ADAGRAD);

  static Stream<Arguments> cases() {
    return Stream.of(
            TrainConfig.Encoding.FACTOR,
            TrainConfig.Encoding.HISTORY,
            TrainConfig.Encoding.graph(2, GraphCombine.MEAN),
            TrainConfig.Encoding.graph(3, GraphCombine.CONCAT))
        .flatMap(encoder -> Stream.of(ADAM, ADAGRAD).map(it -> Arguments.of(encoder, it)));
  }

  private static TrainConfig config(
      int epochs,
      ElasticSchedule schedule,
      TrainConfig.Encoding encoder,
      TrainConfig.Optimizer optimizer) {
    return TrainerTest.config(epochs, schedule).withEncoder(encoder).withOptimizer(optimizer);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void sameBitsForAnyNumberOfThreads(TrainConfig.Encoding encoder, TrainConfig.Optimizer optimizer)
      throws IOException {
    try (InteractionData data = TestData.synthetic(dir, 200, 150)) {
      TrainConfig config = config(4, ElasticSchedule.NESTED, encoder, optimizer);
      TrainerTest.train(data, config, 1, dir.resolve("one"), new TrainListener() {});
      TrainerTest.train(data, config, 3, dir.resolve("three"), new TrainListener() {});
      TrainerTest.assertSameTables(dir.resolve("one"), dir.resolve("three"));
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void aKilledRunGoesOnToTheSameBits(TrainConfig.Encoding encoder, TrainConfig.Optimizer optimizer)
      throws IOException {
    try (InteractionData data = TestData.synthetic(dir, 200, 150)) {
      TrainConfig config = config(6, ElasticSchedule.RANDOM, encoder, optimizer);
      TrainerTest.train(data, config, 2, dir.resolve("whole"), new TrainListener() {});
      Path killed = dir.resolve("killed");
      assertThrows(
          IllegalStateException.class,
          () -> TrainerTest.train(data, config, 2, killed, new Killer()));
      assertThrows(
          ModelFormatException.class,
          () -> TrainedModel.open(Trainer.checkpointOf(killed)),
          "a checkpoint holds weights, not vectors");
      List<Integer> resumed = new ArrayList<>();
      TrainerTest.train(
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
      assertEquals(List.of(2), resumed);
      TrainerTest.assertSameTables(dir.resolve("whole"), killed);
    }
  }

  private static final class Killer implements TrainListener {
    @Override
    public void epoch(int epoch, double meanLoss, double seconds) {
      if (epoch == 3) {
        throw new IllegalStateException("killed");
      }
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void theWithheldItemOfACheckerboardRanksFirst(
      TrainConfig.Encoding encoder, TrainConfig.Optimizer optimizer) throws IOException {
    try (InteractionData data = TestData.checkerboard(dir, 40, 20)) {
      for (ElasticSchedule schedule : ElasticSchedule.values()) {
        Path out = dir.resolve("m-" + schedule);
        TrainerTest.train(
            data, config(40, schedule, encoder, optimizer), 1, out, new TrainListener() {});
        assertEquals(1.0, TrainerTest.recallAt1(data, out), schedule.toString());
      }
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void lossFallsAndTheModelBeatsChance(
      TrainConfig.Encoding encoder, TrainConfig.Optimizer optimizer) throws IOException {
    List<Double> losses = new ArrayList<>();
    try (InteractionData data = TestData.synthetic(dir, 300, 200)) {
      ModelHeader trained =
          TrainerTest.train(
              data,
              config(12, ElasticSchedule.NONE, encoder, optimizer),
              2,
              dir.resolve("m"),
              new TrainListener() {
                @Override
                public void epoch(int epoch, double meanLoss, double seconds) {
                  losses.add(meanLoss);
                }
              });
      assertTrue(losses.getLast() < 0.9 * losses.getFirst(), losses.toString());
      assertTrue(trained.progress().bestRecallAt20() > 0.2, trained.toString());
    }
  }
}
