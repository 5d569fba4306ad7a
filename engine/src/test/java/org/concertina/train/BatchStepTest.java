package org.concertina.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.concertina.block.BlockShape;
import org.concertina.memory.FloatTable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The step's loss and gradients against the objective in double and its central differences. */
class BatchStepTest {
  private static final double DIFFERENCE = 1e-5;
  private static final TrainConfig.Objective CCL =
      new TrainConfig.Objective(Loss.CCL, 0.1, 20, false);
  private static final TrainConfig.Optimizer ADAGRAD =
      new TrainConfig.Optimizer(0.1, 0.5, 0, OptimizerKind.ADAGRAD);

  static Stream<TrainConfig> configs() {
    return Stream.of(
            TrainConfig.Encoding.FACTOR,
            TrainConfig.Encoding.HISTORY,
            TrainConfig.Encoding.graph(1, GraphCombine.MEAN),
            TrainConfig.Encoding.graph(3, GraphCombine.MEAN),
            TrainConfig.Encoding.graph(1, GraphCombine.CONCAT),
            TrainConfig.Encoding.graph(4, GraphCombine.CONCAT))
        .flatMap(BatchStepTest::configs);
  }

  private static Stream<TrainConfig> configs(TrainConfig.Encoding encoder) {
    return Stream.of(
            config(ElasticSchedule.NONE, 0, true, 0, 0),
            config(ElasticSchedule.NONE, 0, false, 0.7, 0),
            config(ElasticSchedule.NESTED, 1, true, 0, 0),
            config(ElasticSchedule.RANDOM, 1, true, 0.5, 0),
            config(ElasticSchedule.SANDWICH, 1, true, 0, 0),
            config(ElasticSchedule.NONE, 0, true, 0, 0.8),
            config(ElasticSchedule.NESTED, 1, false, 0, 0.8),
            config(ElasticSchedule.NESTED, 1, true, 0, 0.8, DiversityForm.ADJACENT),
            config(ElasticSchedule.NONE, 0, true, 0, 0).withOptimizer(ADAGRAD),
            config(ElasticSchedule.RANDOM, 1, true, 0, 0.8).withOptimizer(ADAGRAD),
            config(ElasticSchedule.NESTED, 1, true, 0, 0, DiversityForm.RBF, 0.7),
            config(ElasticSchedule.NONE, 0, false, 0.7, 0, DiversityForm.RBF, 1.3),
            config(ElasticSchedule.NONE, 0, true, 0, 0).withObjective(CCL),
            config(ElasticSchedule.NONE, 0, false, 0.7, 0).withObjective(CCL),
            config(ElasticSchedule.NESTED, 1, true, 0, 0).withObjective(CCL),
            config(ElasticSchedule.RANDOM, 1, false, 0, 0.8).withObjective(CCL))
        .map(config -> config.withEncoder(encoder));
  }

  private static TrainConfig config(
      ElasticSchedule schedule, double p, boolean maskLiked, double exponent, double diversity) {
    return config(schedule, p, maskLiked, exponent, diversity, DiversityForm.RBF);
  }

  private static TrainConfig config(
      ElasticSchedule schedule,
      double p,
      boolean maskLiked,
      double exponent,
      double diversity,
      DiversityForm form) {
    return config(schedule, p, maskLiked, exponent, diversity, form, 0);
  }

  private static TrainConfig config(
      ElasticSchedule schedule,
      double p,
      boolean maskLiked,
      double exponent,
      double diversity,
      DiversityForm form,
      double prior) {
    return new TrainConfig(
        new BlockShape(4, 10),
        3,
        new TrainConfig.Softmax(0.2, 31, exponent, maskLiked, prior),
        new TrainConfig.Elastic(schedule, p),
        new TrainConfig.Diversity(diversity, 1.5, form),
        new TrainConfig.Optimizer(0.01, 0.5, 0),
        new TrainConfig.Schedule(1, 101, 1, 1),
        1);
  }

  @ParameterizedTest
  @MethodSource("configs")
  void gradientsAreTheCentralDifferencesOfTheLoss(TrainConfig config, @TempDir Path dir)
      throws IOException {
    try (StepFixture fixture = new StepFixture(dir, config, 2)) {
      double[][] users = StepFixture.values(fixture.model.users());
      double[][] items = StepFixture.values(fixture.model.items());
      double loss = fixture.run();
      double expected = fixture.loss(users, items);
      boolean hinged = config.objective().equals(CCL);
      if (config.diversity().weight() == 0) {
        assertEquals(expected, loss, 1e-5 * expected);
      }
      if (config.encoder().kind() != EncoderKind.HISTORY) {
        assertGradients(fixture, users, items, users, fixture.model.users(), hinged, "user");
      }
      assertGradients(fixture, users, items, items, fixture.model.items(), hinged, "item");
    }
  }

  private static void assertGradients(
      StepFixture fixture,
      double[][] users,
      double[][] items,
      double[][] varied,
      FloatTable after,
      boolean hinged,
      String what) {
    double largest = 0;
    for (int row = 0; row < varied.length; row += 11) {
      for (int d = 0; d < varied[row].length; d += 7) {
        double before = varied[row][d];
        varied[row][d] = before + DIFFERENCE;
        double up = fixture.loss(users, items);
        varied[row][d] = before - DIFFERENCE;
        double down = fixture.loss(users, items);
        varied[row][d] = before;
        double actual = before - after.get(row, d);
        double expected = (up - down) / (2 * DIFFERENCE);
        if (hinged && Math.abs(actual - expected) > 1e-4) {
          // A hinge between the two points bends the loss on one side of the middle alone.
          double middle = fixture.loss(users, items);
          double left = (middle - down) / DIFFERENCE;
          double right = (up - middle) / DIFFERENCE;
          expected = Math.abs(actual - left) < Math.abs(actual - right) ? left : right;
        }
        assertEquals(
            expected, actual, 1e-4 * Math.max(1, Math.abs(expected)), what + " " + row + "," + d);
        largest = Math.max(largest, Math.abs(expected));
      }
    }
    assertTrue(largest > 0.1, "some gradient is not small: " + largest);
  }
}
