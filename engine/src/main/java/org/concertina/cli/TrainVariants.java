package org.concertina.cli;

import org.concertina.block.BlockShape;
import org.concertina.train.DiversityForm;
import org.concertina.train.ElasticSchedule;
import org.concertina.train.TrainConfig;

/** Training configurations that differ in one thing from another. */
final class TrainVariants {
  private TrainVariants() {}

  static TrainConfig withoutElastic(TrainConfig config) {
    return copy(
        config,
        config.shape(),
        config.groups(),
        new TrainConfig.Elastic(ElasticSchedule.NONE, 0),
        config.diversity());
  }

  static TrainConfig withElastic(TrainConfig config, ElasticSchedule schedule, double probability) {
    return copy(
        config,
        config.shape(),
        config.groups(),
        new TrainConfig.Elastic(schedule, probability),
        config.diversity());
  }

  static TrainConfig withDiversity(TrainConfig config, double weight) {
    return copy(
        config,
        config.shape(),
        config.groups(),
        config.elastic(),
        new TrainConfig.Diversity(weight, config.diversity().gamma(), DiversityForm.RBF));
  }

  static TrainConfig withShape(TrainConfig config, BlockShape shape, int groups) {
    return copy(config, shape, groups, config.elastic(), config.diversity());
  }

  /** A table of so many floats a row that is never cut. */
  static TrainConfig plain(TrainConfig config, int dim) {
    TrainConfig whole = withShape(config, new BlockShape(1, dim), config.groups());
    return withDiversity(withoutElastic(whole), 0);
  }

  static TrainConfig lockFree(TrainConfig config) {
    TrainConfig.Objective own = config.objective();
    return config.withObjective(
        new TrainConfig.Objective(
            own.loss(), own.margin(), own.negativeWeight(), true, own.similarity()));
  }

  /** More epochs of a trained model, validated at their end, at a share of its learning rate. */
  static TrainConfig more(TrainConfig config, int epochs, double rateShare) {
    TrainConfig.Optimizer own = config.optimizer();
    return new TrainConfig(
        config.shape(),
        config.groups(),
        config.objective(),
        config.softmax(),
        config.elastic(),
        config.diversity(),
        new TrainConfig.Optimizer(
            own.learningRate() * rateShare, own.decayTo(), own.l2(), own.kind()),
        new TrainConfig.Schedule(epochs, config.schedule().batchSize(), epochs, 1),
        config.seed(),
        config.encoder());
  }

  /** A history model with rows of the same shape, for a start: never cut, not pushed apart. */
  static TrainConfig history(
      TrainConfig config, double learningRate, TrainConfig.Schedule schedule) {
    TrainConfig.Objective objective = config.objective();
    TrainConfig.Optimizer optimizer = config.optimizer();
    return new TrainConfig(
        config.shape(),
        config.groups(),
        new TrainConfig.Objective(
            objective.loss(),
            objective.margin(),
            objective.negativeWeight(),
            false,
            objective.similarity()),
        config.softmax(),
        new TrainConfig.Elastic(ElasticSchedule.NONE, 0),
        new TrainConfig.Diversity(0, config.diversity().gamma(), DiversityForm.NONE),
        new TrainConfig.Optimizer(
            learningRate, optimizer.decayTo(), optimizer.l2(), optimizer.kind()),
        schedule,
        config.seed(),
        TrainConfig.Encoding.HISTORY);
  }

  private static TrainConfig copy(
      TrainConfig config,
      BlockShape shape,
      int groups,
      TrainConfig.Elastic elastic,
      TrainConfig.Diversity diversity) {
    return new TrainConfig(
        shape,
        groups,
        config.objective(),
        config.softmax(),
        elastic,
        diversity,
        config.optimizer(),
        config.schedule(),
        config.seed(),
        config.encoder());
  }
}
