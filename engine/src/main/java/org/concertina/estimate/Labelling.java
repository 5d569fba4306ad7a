package org.concertina.estimate;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.IntConsumer;
import java.util.function.ToDoubleFunction;
import org.concertina.block.ElasticConfig;
import org.concertina.kernel.WorkerPool;

/**
 * Chooses what to judge for an estimator: first configurations spread over all sizes and shapes,
 * then, in rounds, neighbours of the best known of every size on which an ensemble disagrees most.
 *
 * <p>That is what a search will ask about: among random configurations of one size the good and the
 * bad are easily told apart, among the good ones they are not. The judge is called by the calling
 * thread alone and never while the pool is at work. The result does not depend on the threads.
 */
public final class Labelling {
  /** Rounds of active learning. */
  public static final int ROUNDS = 3;

  /** Share of the labels that is chosen by disagreement. */
  public static final double ACTIVE_SHARE = 0.5;

  private static final int CANDIDATES_PER_CHOSEN = 4;

  /** Sizes that differ by less than a tenth are one size. */
  private static final double SIZE_RATIO = 1.1;

  private static final int BEST_PER_SIZE = 6;

  private final ConfigSampler sampler;
  private final ConfigEncoder encoder;
  private final EstimatorConfig config;
  private final ToDoubleFunction<ElasticConfig> judge;
  private final WorkerPool pool;

  /**
   * @param judge gives the exact metric
   */
  public Labelling(
      ConfigSampler sampler,
      ConfigEncoder encoder,
      EstimatorConfig config,
      ToDoubleFunction<ElasticConfig> judge,
      WorkerPool pool) {
    this.sampler = sampler;
    this.encoder = encoder;
    this.config = config;
    this.judge = judge;
    this.pool = pool;
  }

  /**
   * Labels to learn from and others, of none of the same configurations, to measure by.
   *
   * @param learned to train on
   * @param spread drawn as the first of {@code learned} were
   * @param nearFront neighbours of the best of every size, not chosen by disagreement
   */
  public record Split(Labels learned, Labels spread, Labels nearFront) {}

  /**
   * Labels configurations.
   *
   * @param count labels to learn from, at least 2; fewer if the space has no more
   * @param heldOut labels to measure by, half of them spread; never so many that too little is left
   *     to learn from
   * @param progress hears how many have been judged
   */
  public Split label(int count, int heldOut, IntConsumer progress) {
    int spread = heldOut / 2;
    int first = Math.max(2, (int) Math.round(count * (1 - ACTIVE_SHARE)));
    List<ElasticConfig> sampled = sampler.sample(first + spread);
    int held = Math.min(spread, sampled.size() / 2);
    Set<ElasticConfig> known = new LinkedHashSet<>(sampled);
    Labels labels = labelled(sampled.subList(0, sampled.size() - held), 0, progress);
    for (int round = 0; round < ROUNDS; round++) {
      int wanted = (count - labels.count()) / (ROUNDS - round);
      List<ElasticConfig> fresh =
          sampler.neighbours(best(labels), CANDIDATES_PER_CHOSEN * wanted, known, round);
      if (wanted > 0 && !fresh.isEmpty()) {
        List<ElasticConfig> disputed = disputed(labels, fresh, wanted);
        known.addAll(disputed);
        labels = labels.and(labelled(disputed, labels.count(), progress));
      }
    }
    List<ElasticConfig> others = sampled.subList(sampled.size() - held, sampled.size());
    List<ElasticConfig> near = sampler.neighbours(best(labels), heldOut - spread, known, ROUNDS);
    Labels measuring = labelled(others, labels.count(), progress);
    return new Split(
        labels, measuring, labelled(near, labels.count() + measuring.count(), progress));
  }

  private List<ElasticConfig> disputed(Labels labels, List<ElasticConfig> fresh, int wanted) {
    // Where the networks disagree shows before they are fit.
    EstimatorConfig quick = config.withEpochs(Math.ceilDiv(config.epochs(), 3));
    try (Estimator estimator =
        Estimator.train(encoder, labels.configs(), labels.metrics(), quick, pool)) {
      return estimator.mostDisputed(fresh, wanted, pool);
    }
  }

  private Labels labelled(List<ElasticConfig> configs, int before, IntConsumer progress) {
    double[] metrics = new double[configs.size()];
    for (int i = 0; i < metrics.length; i++) {
      metrics[i] = judge.applyAsDouble(configs.get(i));
      progress.accept(before + i + 1);
    }
    return new Labels(configs, metrics);
  }

  /** The best of every size. */
  private List<ElasticConfig> best(Labels labels) {
    Map<Integer, List<Integer>> ofSize = new TreeMap<>();
    for (int i = 0; i < labels.count(); i++) {
      double bytes = (double) sampler.layout().fileBytes(labels.configs().get(i));
      int size = (int) Math.floor(StrictMath.log(bytes) / StrictMath.log(SIZE_RATIO));
      ofSize.computeIfAbsent(size, _ -> new ArrayList<>()).add(i);
    }
    List<ElasticConfig> best = new ArrayList<>();
    for (List<Integer> found : ofSize.values()) {
      found.sort(Comparator.comparingDouble(i -> -labels.metrics()[i]));
      found.stream().limit(BEST_PER_SIZE).forEach(i -> best.add(labels.configs().get(i)));
    }
    return best;
  }
}
