package org.concertina.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import org.concertina.TestData;
import org.concertina.block.BlockShape;
import org.concertina.interaction.InteractionData;
import org.concertina.kernel.VectorOpsProvider;
import org.concertina.kernel.WorkerPool;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Quantisation in the loop: the loss of the codes, and its gradient as if they were the rows. */
class CodedStepTest {
  private static final double DIFFERENCE = 1e-5;

  private static TrainConfig config(ElasticSchedule schedule) {
    return new TrainConfig(
        new BlockShape(4, 10),
        3,
        new TrainConfig.Softmax(0.2, 31, 0, true, 0.5),
        new TrainConfig.Elastic(schedule, schedule == ElasticSchedule.NONE ? 0 : 1),
        new TrainConfig.Diversity(0, 1),
        new TrainConfig.Optimizer(0.01, 0.5, 0),
        new TrainConfig.Schedule(1, 101, 1, 1),
        1);
  }

  /** Rows move by the central differences of the loss at their codes, not at themselves. */
  @ParameterizedTest
  @CsvSource({"1, NONE", "2, NONE", "4, NESTED", "2, NESTED", "1, NESTED"})
  void theGradientAtTheCodesMovesTheRows(int bits, ElasticSchedule schedule, @TempDir Path dir)
      throws IOException {
    try (StepFixture fixture = new StepFixture(dir, config(schedule), 2, bits)) {
      double[][] users = StepFixture.values(fixture.model.users());
      double[][] items = StepFixture.values(fixture.model.items());
      double[][] coded = fixture.coded(bits);
      double expected = fixture.loss(users, coded);
      assertEquals(expected, fixture.run(), 1e-5 * expected);
      if (bits < 4) {
        assertTrue(Math.abs(fixture.loss(users, items) - expected) > 1e-4 * expected);
      }
      double largest = 0;
      for (int item = 0; item < items.length; item += 7) {
        for (int d = 0; d < items[item].length; d += 9) {
          double before = coded[item][d];
          coded[item][d] = before + DIFFERENCE;
          double up = fixture.loss(users, coded);
          coded[item][d] = before - DIFFERENCE;
          double down = fixture.loss(users, coded);
          coded[item][d] = before;
          double gradient = (up - down) / (2 * DIFFERENCE);
          double moved = items[item][d] - fixture.model.items().get(item, d);
          assertEquals(gradient, moved, 1e-4 * Math.max(1, Math.abs(gradient)), item + "," + d);
          largest = Math.max(largest, Math.abs(gradient));
        }
      }
      assertTrue(largest > 0.1, "some gradient is not small: " + largest);
    }
  }

  @Test
  void lossesWithoutCodesAreNamed(@TempDir Path dir) throws IOException {
    try (InteractionData data = TestData.synthetic(dir, 60, 90);
        WorkerPool pool = new WorkerPool(1)) {
      TrainConfig lockFree =
          config(ElasticSchedule.NONE)
              .withObjective(new TrainConfig.Objective(Loss.SOFTMAX, 0, 0, true));
      IllegalArgumentException refused =
          assertThrows(
              IllegalArgumentException.class,
              () ->
                  new Trainer(
                      data, lockFree, VectorOpsProvider.get(), pool, new TrainListener() {}, 2));
      assertTrue(refused.getMessage().contains("lock-free"), refused.getMessage());
    }
  }
}
