package org.concertina.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.concertina.TestData;
import org.concertina.block.BlockShape;
import org.concertina.interaction.InteractionData;
import org.concertina.kernel.VectorOps;
import org.concertina.kernel.VectorOpsProvider;
import org.concertina.kernel.WorkerPool;
import org.concertina.metric.RankingQuality;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What every loss has to hold. */
class LossConformanceTest {
  private static final VectorOps OPS = VectorOpsProvider.get();

  @TempDir Path dir;

  private static final TrainConfig.Objective SOFTMAX = objective(Loss.SOFTMAX, Similarity.COSINE);
  private static final TrainConfig.Objective CCL = objective(Loss.CCL, Similarity.COSINE);
  private static final TrainConfig.Objective BPR_DOT = objective(Loss.BPR, Similarity.DOT);
  private static final TrainConfig.Objective BPR_COSINE = objective(Loss.BPR, Similarity.COSINE);

  private static TrainConfig.Objective objective(Loss loss, Similarity similarity) {
    return new TrainConfig.Objective(loss, 0.2, 20, false, similarity);
  }

  /** Every objective. */
  static Stream<TrainConfig.Objective> objectives() {
    return Stream.of(SOFTMAX, CCL, BPR_DOT, BPR_COSINE);
  }

  /** Every objective with every optimiser; BPR has none. */
  static Stream<Arguments> cases() {
    return objectives()
        .flatMap(
            objective ->
                Arrays.stream(OptimizerKind.values())
                    .filter(kind -> kind == OptimizerKind.ADAM || objective.loss() != Loss.BPR)
                    .map(kind -> Arguments.of(objective, kind)));
  }

  private static TrainConfig config(
      TrainConfig.Objective objective,
      OptimizerKind optimizer,
      int epochs,
      ElasticSchedule schedule) {
    TrainConfig config = config(objective, epochs, schedule);
    return optimizer == OptimizerKind.ADAM
        ? config
        : config.withOptimizer(new TrainConfig.Optimizer(0.1, 0.5, 1e-6, optimizer));
  }

  private static TrainConfig config(
      TrainConfig.Objective objective, int epochs, ElasticSchedule schedule) {
    boolean bpr = objective.loss() == Loss.BPR;
    boolean dot = objective.similarity() == Similarity.DOT;
    return new TrainConfig(
        BlockShape.of(32, 4),
        4,
        objective,
        new TrainConfig.Softmax(0.2, 64, 0, true),
        new TrainConfig.Elastic(schedule, 0.5),
        new TrainConfig.Diversity(0, 1),
        new TrainConfig.Optimizer(bpr ? 0.1 : 0.01, 0.5, dot ? 0.01 : 0),
        new TrainConfig.Schedule(epochs, 256, 2, 100),
        11,
        TrainConfig.Encoding.FACTOR);
  }

  private static TrainConfig lockFree(
      TrainConfig.Objective objective, OptimizerKind optimizer, int epochs) {
    return config(objective, optimizer, epochs, ElasticSchedule.NONE)
        .withObjective(
            new TrainConfig.Objective(objective.loss(), 0.2, 20, true, objective.similarity()));
  }

  private List<Double> losses(TrainConfig config, int threads) throws IOException {
    List<Double> losses = new ArrayList<>();
    try (InteractionData data = TestData.synthetic(dir, 300, 200)) {
      ModelHeader trained =
          TrainerTest.train(
              data,
              config,
              threads,
              dir.resolve("m"),
              new TrainListener() {
                @Override
                public void epoch(int epoch, double meanLoss, double seconds) {
                  losses.add(meanLoss);
                }
              });
      assertTrue(trained.progress().bestRecallAt20() > 0.2, trained.toString());
    }
    return losses;
  }

  @ParameterizedTest
  @MethodSource("cases")
  void lossFallsAndTheModelBeatsChance(TrainConfig.Objective objective, OptimizerKind optimizer)
      throws IOException {
    List<Double> losses = losses(config(objective, optimizer, 20, ElasticSchedule.NONE), 2);
    assertEquals(20, losses.size());
    assertTrue(losses.getLast() < 0.8 * losses.getFirst(), losses.toString());
  }

  @ParameterizedTest
  @MethodSource("cases")
  void lossFallsLockFree(TrainConfig.Objective objective, OptimizerKind optimizer)
      throws IOException {
    for (int threads : new int[] {1, 3}) {
      List<Double> losses = losses(lockFree(objective, optimizer, 20), threads);
      assertTrue(losses.getLast() < 0.8 * losses.getFirst(), losses.toString());
    }
  }

  /** BPR's own modes draw differently. */
  static Stream<TrainConfig.Objective> batched() {
    return Stream.of(SOFTMAX, CCL);
  }

  @ParameterizedTest
  @MethodSource("batched")
  void oneThreadLockFreeTrainsAsInBatches(TrainConfig.Objective objective) throws IOException {
    List<Double> lockFree = losses(lockFree(objective, OptimizerKind.ADAM, 10), 1);
    List<Double> batches =
        losses(config(objective, OptimizerKind.ADAM, 10, ElasticSchedule.NONE), 1);
    assertEquals(batches.size(), lockFree.size());
    for (int epoch = 0; epoch < 10; epoch++) {
      assertEquals(batches.get(epoch), lockFree.get(epoch), 1e-3 * batches.get(epoch));
    }
  }

  @Test
  void lockFreeIsForFactorAlone() {
    TrainConfig config = lockFree(SOFTMAX, OptimizerKind.ADAM, 1);
    IllegalArgumentException refused =
        assertThrows(
            IllegalArgumentException.class, () -> config.withEncoder(TrainConfig.Encoding.HISTORY));
    assertTrue(refused.getMessage().contains("lock-free"), refused.getMessage());
  }

  @ParameterizedTest
  @MethodSource("cases")
  void sameBitsForAnyNumberOfThreads(TrainConfig.Objective objective, OptimizerKind optimizer)
      throws IOException {
    try (InteractionData data = TestData.synthetic(dir, 200, 150)) {
      TrainConfig config = config(objective, optimizer, 4, ElasticSchedule.NESTED);
      TrainerTest.train(data, config, 1, dir.resolve("one"), new TrainListener() {});
      TrainerTest.train(data, config, 3, dir.resolve("three"), new TrainListener() {});
      TrainerTest.assertSameTables(dir.resolve("one"), dir.resolve("three"));
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void aKilledRunGoesOnToTheSameBits(TrainConfig.Objective objective, OptimizerKind optimizer)
      throws IOException {
    try (InteractionData data = TestData.synthetic(dir, 200, 150)) {
      TrainConfig config = config(objective, optimizer, 8, ElasticSchedule.NESTED);
      TrainerTest.train(data, config, 2, dir.resolve("whole"), new TrainListener() {});
      Path killed = dir.resolve("killed");
      TrainListener killer =
          new TrainListener() {
            @Override
            public void epoch(int epoch, double meanLoss, double seconds) {
              if (epoch == 5) {
                throw new IllegalStateException("killed");
              }
            }
          };
      assertThrows(
          IllegalStateException.class, () -> TrainerTest.train(data, config, 2, killed, killer));
      TrainerTest.train(data, config, 2, killed, new TrainListener() {});
      TrainerTest.assertSameTables(dir.resolve("whole"), killed);
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void theWithheldItemOfACheckerboardRanksFirst(
      TrainConfig.Objective objective, OptimizerKind optimizer) throws IOException {
    try (InteractionData data = TestData.checkerboard(dir, 40, 20)) {
      for (ElasticSchedule schedule : List.of(ElasticSchedule.NONE, ElasticSchedule.NESTED)) {
        assertRanksFirst(
            data, config(objective, optimizer, 40, schedule), name(objective) + "-" + schedule);
      }
    }
  }

  @Test
  void theWithheldItemOfACheckerboardRanksFirstLockFree() throws IOException {
    try (InteractionData data = TestData.checkerboard(dir, 40, 20)) {
      for (TrainConfig.Objective objective : objectives().toList()) {
        assertRanksFirst(
            data, lockFree(objective, OptimizerKind.ADAM, 40), "lock-free " + name(objective));
      }
    }
  }

  private static String name(TrainConfig.Objective objective) {
    return objective.loss() + "-" + objective.similarity();
  }

  private void assertRanksFirst(InteractionData data, TrainConfig config, String what)
      throws IOException {
    Path out = dir.resolve(what);
    TrainerTest.train(data, config, 2, out, new TrainListener() {});
    try (TrainedModel model = TrainedModel.open(out);
        WorkerPool pool = new WorkerPool(1)) {
      assertEquals(config, model.header().config());
      RankingQuality quality =
          TableRanking.evaluate(
                  OPS, pool, model.embeddings(), null, data.test(), List.of(data.train()), 1)
              .getFirst();
      assertEquals(1.0, quality.recall(), what);
    }
  }

  @Test
  void bprRefusesWhatItCannotDo() {
    for (ElasticSchedule schedule : List.of(ElasticSchedule.RANDOM, ElasticSchedule.SANDWICH)) {
      IllegalArgumentException refused =
          assertThrows(IllegalArgumentException.class, () -> config(BPR_DOT, 1, schedule));
      assertEquals(
          "elastic: expected none or nested with the loss bpr, got " + schedule,
          refused.getMessage());
    }
    assertThrows(
        IllegalArgumentException.class,
        () -> config(BPR_DOT, OptimizerKind.ADAGRAD, 1, ElasticSchedule.NONE));
  }
}
