package org.concertina.estimate;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.concertina.block.ArtifactLayout;
import org.concertina.block.BlockShape;
import org.concertina.block.ElasticConfig;
import org.concertina.block.Groups;
import org.concertina.block.Precision;
import org.concertina.kernel.WorkerPool;
import org.junit.jupiter.api.Test;

class LabellingTest {
  private static final ArtifactLayout LAYOUT =
      new ArtifactLayout(Groups.equalCount(2_000, 8), new BlockShape(6, 4), 0);
  private static final List<Precision> ALL =
      List.of(Precision.FP32, Precision.INT8, Precision.INT4);
  private static final ConfigSampler SAMPLER =
      new ConfigSampler(LAYOUT, ALL, true, true, LAYOUT.groups().count(), 4);
  private static final ConfigEncoder ENCODER = new ConfigEncoder(LAYOUT.shape(), 8, ALL);
  private static final EstimatorConfig SETTINGS =
      new EstimatorConfig(24, 3, 60, 20, 0.005, 1e-5, 0.3, 2);
  private static final SyntheticMetric METRIC = new SyntheticMetric(0.001);

  private static Labelling.Split label(int count, int heldOut, int threads) {
    try (WorkerPool pool = new WorkerPool(threads)) {
      return new Labelling(SAMPLER, ENCODER, SETTINGS, c -> METRIC.judge(c).recall(), pool)
          .label(count, heldOut, _ -> {});
    }
  }

  @Test
  void everyConfigurationIsJudgedOnceAndRightly() {
    AtomicInteger last = new AtomicInteger();
    List<ElasticConfig> judged = new ArrayList<>();
    Labelling.Split split;
    try (WorkerPool pool = new WorkerPool(1)) {
      split =
          new Labelling(
                  SAMPLER,
                  ENCODER,
                  SETTINGS,
                  config -> {
                    judged.add(config);
                    return METRIC.judge(config).recall();
                  },
                  pool)
              .label(200, 60, done -> assertEquals(last.incrementAndGet(), done));
    }
    assertEquals(200, split.learned().count());
    assertEquals(30, split.spread().count());
    assertEquals(30, split.nearFront().count());
    Set<ElasticConfig> distinct = new HashSet<>(judged);
    assertEquals(260, judged.size());
    assertEquals(260, distinct.size());
    for (Labels labels : List.of(split.learned(), split.spread(), split.nearFront())) {
      for (int i = 0; i < labels.count(); i++) {
        assertEquals(METRIC.judge(labels.configs().get(i)).recall(), labels.metrics()[i]);
      }
    }
  }

  @Test
  void neighboursOfTheBestAreBetterThanWhatIsSpread() {
    Labelling.Split split = label(300, 100, 1);
    double spread = Arrays.stream(split.spread().metrics()).average().orElseThrow();
    double near = Arrays.stream(split.nearFront().metrics()).average().orElseThrow();
    assertTrue(near > spread, near + " against " + spread);
  }

  @Test
  void calibratesNearTheFrontBetterThanSpreadLabelsAlone() {
    Labelling.Split split = label(400, 200, 1);
    List<ElasticConfig> sampled = SAMPLER.sample(400);
    double[] metrics = sampled.stream().mapToDouble(c -> METRIC.judge(c).recall()).toArray();
    try (WorkerPool pool = new WorkerPool(1);
        Estimator active =
            Estimator.train(
                ENCODER, split.learned().configs(), split.learned().metrics(), SETTINGS, pool);
        Estimator passive = Estimator.train(ENCODER, sampled, metrics, SETTINGS, pool)) {
      double ofActive = Calibration.of(active, split, LAYOUT).nearFront().rmse();
      double ofPassive = Calibration.of(passive, split, LAYOUT).nearFront().rmse();
      assertTrue(ofActive < ofPassive, ofActive + " against " + ofPassive);
    }
  }

  @Test
  void doesNotDependOnThreads() {
    Labelling.Split one = label(120, 20, 1);
    Labelling.Split two = label(120, 20, 2);
    assertEquals(one.learned().configs(), two.learned().configs());
    assertArrayEquals(one.learned().metrics(), two.learned().metrics());
    assertEquals(one.nearFront().configs(), two.nearFront().configs());
  }

  @Test
  void aSmallSpaceGivesWhatItHas() {
    ArtifactLayout small = new ArtifactLayout(Groups.equalCount(320, 2), new BlockShape(2, 4), 0);
    List<Precision> fp32 = List.of(Precision.FP32);
    try (WorkerPool pool = new WorkerPool(1)) {
      Labelling.Split split =
          new Labelling(
                  new ConfigSampler(small, fp32, true, true, small.groups().count(), 1),
                  new ConfigEncoder(small.shape(), 2, fp32),
                  SETTINGS,
                  c -> METRIC.judge(c).recall(),
                  pool)
              .label(100, 40, _ -> {});
      assertEquals(3, split.learned().count() + split.spread().count() + split.nearFront().count());
      assertTrue(split.learned().count() >= 2);
    }
  }

  @Test
  void labelsNeedAMetricEach() {
    assertThrows(
        IllegalArgumentException.class, () -> new Labels(SAMPLER.sample(3), new double[2]));
  }
}
