package org.concertina.cli;

import java.util.List;
import org.concertina.train.TrainConfig;

/**
 * The hyper-parameters that {@code tune} draws.
 *
 * @param learningRate {@code --learning-rate}
 * @param temperature {@code --temperature}
 * @param l2 {@code --l2}
 * @param negatives {@code --negatives}
 * @param elasticProbability {@code --elastic-probability}
 * @param batchSize {@code --batch-size}
 * @param popularityPrior {@code --popularity-prior}
 */
record TrialSettings(
    double learningRate,
    double temperature,
    double l2,
    int negatives,
    double elasticProbability,
    int batchSize,
    double popularityPrior) {

  static TrialSettings of(TrainOptions options) {
    TrainConfig.Optimizer optimizer = options.optimizer();
    return new TrialSettings(
        optimizer.learningRate(),
        options.temperature(),
        optimizer.l2(),
        options.negatives,
        options.blockOptions.elasticProbability,
        options.batchSize(),
        options.popularityPrior);
  }

  /** Sets the options and returns the run's configuration with {@code epochs}. */
  TrainConfig config(TrainOptions options, long seed, int epochs) {
    TrialSettings before = of(options);
    Integer epochsBefore = options.epochs;
    try {
      applyTo(options);
      options.epochs = epochs;
      return options.config(seed);
    } finally {
      before.applyTo(options);
      options.epochs = epochsBefore;
    }
  }

  private void applyTo(TrainOptions options) {
    options.learningRate = learningRate;
    options.temperature = temperature;
    options.l2 = l2;
    options.negatives = negatives;
    options.blockOptions.elasticProbability = elasticProbability;
    options.batchSize = batchSize;
    options.popularityPrior = popularityPrior;
  }

  /** As options of {@code train}, names and values in turn. */
  List<String> arguments() {
    return List.of(
        "--learning-rate",
        String.valueOf(learningRate),
        "--temperature",
        String.valueOf(temperature),
        "--l2",
        String.valueOf(l2),
        "--negatives",
        String.valueOf(negatives),
        "--elastic-probability",
        String.valueOf(elasticProbability),
        "--batch-size",
        String.valueOf(batchSize),
        "--popularity-prior",
        String.valueOf(popularityPrior));
  }

  @Override
  public String toString() {
    return "learning rate %.3g, temperature %.3g, l2 %.3g, %d negatives, elastic %.2f, batch %d, prior %.2f"
        .formatted(
            learningRate,
            temperature,
            l2,
            negatives,
            elasticProbability,
            batchSize,
            popularityPrior);
  }
}
