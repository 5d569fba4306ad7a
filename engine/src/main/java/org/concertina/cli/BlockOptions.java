package org.concertina.cli;

import org.concertina.train.DiversityForm;
import org.concertina.train.ElasticSchedule;
import org.concertina.train.TrainConfig;
import picocli.CommandLine.Option;

/** Options that decide how training makes every few blocks of a row good by themselves. */
final class BlockOptions {
  private static final String DEFAULT = " (default: ${DEFAULT-VALUE})";

  @Option(
      names = "--elastic",
      paramLabel = "NAME",
      defaultValue = TrainDefaults.ELASTIC,
      description =
          "What an elastic batch keeps of a group's rows: none (always all), nested (the first k"
              + " blocks), random (any subset) or sandwich (a quarter of the batches keeps the"
              + " first block of all groups, a quarter everything, the others are nested)."
              + DEFAULT)
  ElasticSchedule elasticSchedule;

  @Option(
      names = "--elastic-probability",
      paramLabel = "P",
      defaultValue = TrainDefaults.ELASTIC_PROBABILITY,
      description = "Share of the batches that are elastic." + DEFAULT)
  double elasticProbability;

  @Option(
      names = "--diversity",
      paramLabel = "X",
      defaultValue = TrainDefaults.DIVERSITY,
      description = "Weight of the block diversity regulariser." + DEFAULT)
  double diversityWeight;

  @Option(
      names = "--diversity-form",
      paramLabel = "NAME",
      defaultValue = TrainDefaults.DIVERSITY_FORM,
      description =
          "What the regulariser pushes apart: rbf (every two blocks of an item), adjacent (every"
              + " block and the next one) or none."
              + DEFAULT)
  DiversityForm diversityForm;

  @Option(
      names = "--diversity-gamma",
      paramLabel = "X",
      defaultValue = TrainDefaults.DIVERSITY_GAMMA,
      description = "Gamma of the form rbf." + DEFAULT)
  double diversityGamma;

  TrainConfig.Elastic elastic() {
    return new TrainConfig.Elastic(elasticSchedule, elasticProbability);
  }

  TrainConfig.Diversity diversity() {
    return new TrainConfig.Diversity(diversityWeight, diversityGamma, diversityForm);
  }
}
