package org.concertina.estimate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.concertina.block.ArtifactLayout;
import org.concertina.block.BlockChoice;
import org.concertina.block.BlockShape;
import org.concertina.block.ElasticConfig;
import org.concertina.block.Groups;
import org.concertina.block.Precision;
import org.concertina.kernel.WorkerPool;
import org.junit.jupiter.api.Test;

class EstimatorTest {
  private static final BlockShape SHAPE = new BlockShape(6, 4);
  private static final int GROUPS = 5;
  private static final List<Precision> PRECISIONS = List.of(Precision.INT8, Precision.FP32);
  private static final ConfigEncoder ENCODER = new ConfigEncoder(SHAPE, GROUPS, PRECISIONS);
  private static final ArtifactLayout LAYOUT =
      new ArtifactLayout(Groups.equalCount(1_000, GROUPS), SHAPE, 0);
  private static final List<ElasticConfig> SAMPLED =
      new ConfigSampler(LAYOUT, PRECISIONS, false, false, 3).sample(400);
  private static final EstimatorConfig SETTINGS =
      new EstimatorConfig(32, 16, 2, 120, 30, 0.005, 1e-5, 7);

  private static double[] metrics(List<ElasticConfig> configs) {
    SyntheticMetric metric = new SyntheticMetric(0);
    return configs.stream().mapToDouble(c -> metric.judge(c).recall()).toArray();
  }

  private static Estimator train(int threads) {
    List<ElasticConfig> labels = SAMPLED.subList(0, 320);
    try (WorkerPool pool = new WorkerPool(threads)) {
      return Estimator.train(ENCODER, labels, metrics(labels), SETTINGS, pool);
    }
  }

  @Test
  void ranksConfigurationsThatItHasNotSeen() {
    try (Estimator estimator = train(1)) {
      List<ElasticConfig> held = SAMPLED.subList(320, 400);
      double[] predicted = held.stream().mapToDouble(estimator::predict).toArray();
      double spearman = RankCorrelation.spearman(predicted, metrics(held));
      assertTrue(spearman > 0.97, "spearman " + spearman);
    }
  }

  @Test
  void incrementalEqualsFull() {
    try (Estimator estimator = train(1)) {
      IncrementalEstimator incremental = estimator.incremental();
      for (ElasticConfig config : SAMPLED) {
        assertEquals(
            estimator.predict(config), incremental.predict(config.choices()), 1e-6, "all groups");
      }
      Draws draws = new Draws(1);
      List<BlockChoice> choices = new ArrayList<>(SAMPLED.getFirst().choices());
      incremental.predict(choices);
      for (int change = 0; change < 3_000; change++) {
        int group = draws.below(GROUPS);
        choices.set(
            group,
            new BlockChoice(
                draws.between(1, (int) SHAPE.fullMask()), PRECISIONS.get(draws.below(2))));
        incremental.setChoice(group, choices.get(group));
        assertEquals(
            estimator.predict(new ElasticConfig(SHAPE, choices)),
            incremental.predict(),
            1e-4,
            "change " + change);
      }
    }
  }

  @Test
  void doesNotDependOnThreads() {
    try (Estimator one = train(1);
        Estimator two = train(2)) {
      for (ElasticConfig config : SAMPLED) {
        assertEquals(one.predict(config), two.predict(config));
      }
    }
  }

  @Test
  void constantMetricIsPredicted() {
    List<ElasticConfig> few = SAMPLED.subList(0, 3);
    try (WorkerPool pool = new WorkerPool(1);
        Estimator estimator =
            Estimator.train(ENCODER, few, new double[] {0.5, 0.5, 0.5}, SETTINGS, pool)) {
      assertEquals(0.5, estimator.predict(few.getFirst()), 0.5);
    }
  }

  @Test
  void rejectsLabelsThatDoNotMatch() {
    try (WorkerPool pool = new WorkerPool(1)) {
      assertThrows(
          IllegalArgumentException.class,
          () -> Estimator.train(ENCODER, SAMPLED, new double[1], SETTINGS, pool));
    }
  }
}
