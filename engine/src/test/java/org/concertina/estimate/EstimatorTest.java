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
  static final List<ElasticConfig> SAMPLED =
      new ConfigSampler(LAYOUT, PRECISIONS, false, false, LAYOUT.groups().count(), 3).sample(400);
  private static final EstimatorConfig SETTINGS =
      new EstimatorConfig(40, 3, 120, 30, 0.005, 1e-5, 0.3, 7);

  private static double[] metrics(List<ElasticConfig> configs) {
    SyntheticMetric metric = new SyntheticMetric(0);
    return configs.stream().mapToDouble(c -> metric.judge(c).recall()).toArray();
  }

  static Estimator train(int threads) {
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
  void incrementalEqualsFullWhereGroupsAreDropped() {
    ConfigEncoder encoder = new ConfigEncoder(SHAPE, GROUPS, PRECISIONS, true);
    List<ElasticConfig> sampled =
        new ConfigSampler(LAYOUT, PRECISIONS, false, false, 1, 4).sample(300);
    assertTrue(sampled.stream().filter(config -> !config.dropped().isEmpty()).count() > 50);
    try (WorkerPool pool = new WorkerPool(1);
        Estimator estimator = Estimator.train(encoder, sampled, metrics(sampled), SETTINGS, pool)) {
      IncrementalEstimator incremental = estimator.incremental();
      for (ElasticConfig config : sampled) {
        assertEquals(
            estimator.predict(config), incremental.predict(config.choices()), 1e-6, "all groups");
      }
      Draws draws = new Draws(2);
      List<BlockChoice> choices = new ArrayList<>(sampled.getFirst().choices());
      incremental.predict(choices);
      for (int change = 0; change < 1_000; change++) {
        int group = draws.below(GROUPS);
        boolean drops = group > 0 && draws.chance(0.4);
        int mask = draws.chance(0.5) ? (1 << draws.between(1, 6)) - 1 : draws.between(1, 63);
        choices.set(
            group,
            drops ? BlockChoice.DROPPED : new BlockChoice(mask, PRECISIONS.get(draws.below(2))));
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

  private static double meanDisagreement(Estimator estimator, List<ElasticConfig> configs) {
    return configs.stream().mapToDouble(estimator::disagreement).average().orElseThrow();
  }

  @Test
  void disagreementFallsOnWhatWasSeen() {
    List<ElasticConfig> fresh = SAMPLED.subList(320, 400);
    List<ElasticConfig> few = SAMPLED.subList(0, 60);
    try (WorkerPool pool = new WorkerPool(1);
        Estimator before = Estimator.train(ENCODER, few, metrics(few), SETTINGS, pool);
        Estimator after = Estimator.train(ENCODER, SAMPLED, metrics(SAMPLED), SETTINGS, pool)) {
      assertTrue(meanDisagreement(before, few) < meanDisagreement(before, fresh));
      assertTrue(meanDisagreement(after, fresh) < 0.5 * meanDisagreement(before, fresh));
    }
  }

  @Test
  void disagreementIsTheDeviationOfTheMembers() {
    List<ElasticConfig> labels = SAMPLED.subList(0, 100);
    try (WorkerPool pool = new WorkerPool(1);
        Estimator one =
            Estimator.train(ENCODER, labels, metrics(labels), SETTINGS.withMembers(1), pool);
        Estimator two =
            Estimator.train(ENCODER, labels, metrics(labels), SETTINGS.withMembers(2), pool)) {
      for (ElasticConfig config : SAMPLED) {
        assertEquals(0, one.disagreement(config));
        // The first member is the same; the second is as far from the mean on its other side.
        assertEquals(
            Math.abs(two.predict(config) - one.predict(config)), two.disagreement(config), 1e-7);
      }
    }
  }

  @Test
  void mostDisputedComeFirst() {
    try (WorkerPool pool = new WorkerPool(2);
        Estimator estimator = train(1)) {
      List<ElasticConfig> chosen = estimator.mostDisputed(SAMPLED, 25, pool);
      assertEquals(25, chosen.size());
      double previous = Double.POSITIVE_INFINITY;
      for (ElasticConfig config : chosen) {
        double dispute = estimator.disagreement(config);
        assertTrue(dispute <= previous);
        previous = dispute;
      }
      for (ElasticConfig config : SAMPLED) {
        assertTrue(chosen.contains(config) || estimator.disagreement(config) <= previous);
      }
      assertEquals(SAMPLED.size(), estimator.mostDisputed(SAMPLED, 1_000, pool).size());
    }
  }

  @Test
  void rejectsLabelsThatTeachNothing() {
    List<ElasticConfig> few = SAMPLED.subList(0, 3);
    assertRejected(few, new double[] {0.5, Double.NaN, 0.5}, "configuration 1 is NaN");
    assertRejected(few, new double[] {0.5, 0.1, Double.POSITIVE_INFINITY}, "configuration 2");
    assertRejected(few, new double[] {0.5, 0.5, 0.5}, "all 3 configurations have the metric 0.5");
    assertRejected(SAMPLED.subList(0, 1), new double[] {0.5}, "at least 2");
  }

  private static void assertRejected(List<ElasticConfig> configs, double[] metrics, String why) {
    try (WorkerPool pool = new WorkerPool(1)) {
      String message =
          assertThrows(
                  IllegalArgumentException.class,
                  () -> Estimator.train(ENCODER, configs, metrics, SETTINGS, pool))
              .getMessage();
      assertTrue(message.contains(why), message);
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
