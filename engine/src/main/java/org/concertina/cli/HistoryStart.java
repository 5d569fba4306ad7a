package org.concertina.cli;

import java.nio.file.Path;
import org.concertina.train.EncoderKind;
import org.concertina.train.Loss;
import org.concertina.train.TrainConfig;
import picocli.CommandLine.Option;

/**
 * A start that is better than noise: the rows of a history model, trained before on the same data.
 * It has no user table, so what its item rows know of each other is learned from every pair.
 */
final class HistoryStart {
  /** Small batches suit it, although they cost more a pair. */
  private static final int BATCH_SIZE = 1024;

  /** What is left of the usual learning rate, so that a start is not forgotten. */
  static final double RATE_SHARE = 0.2;

  @Option(
      names = "--history-epochs",
      paramLabel = "N",
      description =
          "Train a history model first, for at most so many epochs and without elastic batches, and"
              + " start from its rows, with a fifth of the usual --learning-rate; 0 starts from"
              + " noise (default: "
              + TrainDefaults.HISTORY_EPOCHS
              + " for the encoder factor with softmax, which was better for it on all data where"
              + " both were tried; else 0).")
  private Integer epochs;

  private boolean startsElsewhere;

  /**
   * Checks the option, and lets the others know of it: learning rate and epochs that were not given
   * depend on it.
   *
   * @param start another model to start from, or null
   * @throws IllegalArgumentException if it is out of range or does not go with the others
   */
  void fit(TrainOptions options, Path start) {
    options.historyStart = this;
    startsElsewhere = start != null;
    if (epochs == null || epochs == 0) {
      return;
    }
    if (epochs < 0) {
      throw new IllegalArgumentException("--history-epochs: expected at least 0, got " + epochs);
    }
    if (start != null) {
      throw new IllegalArgumentException(
          "--history-epochs: expected without --from, which says what to start from");
    }
    if (options.encoder == EncoderKind.HISTORY) {
      throw new IllegalArgumentException(
          "--history-epochs: goes with the encoders factor and graph; --epochs are a history"
              + " model's own");
    }
    if (options.loss == Loss.BPR) {
      throw new IllegalArgumentException(
          "--history-epochs: goes with the losses softmax and ccl; bpr has no history models");
    }
  }

  /** Whether a model of this configuration starts from a history model. */
  boolean precedes(TrainConfig config) {
    return precedes(config.encoder().kind(), config.objective().loss());
  }

  /**
   * Whether models of this kind start from a history model: as asked, or where it is known to pay.
   */
  boolean precedes(EncoderKind encoder, Loss loss) {
    if (epochs == null) {
      return !startsElsewhere && encoder == EncoderKind.FACTOR && loss == Loss.SOFTMAX;
    }
    return epochs > 0 && encoder != EncoderKind.HISTORY;
  }

  /** The history model that a model starts from. */
  TrainConfig config(TrainConfig config) {
    TrainConfig.Objective objective = config.objective();
    return TrainVariants.history(
        config,
        Double.parseDouble(
            TrainDefaults.learningRate(
                objective.loss(), objective.similarity(), config.optimizer().kind())),
        new TrainConfig.Schedule(
            epochs == null ? TrainDefaults.HISTORY_EPOCHS : epochs,
            BATCH_SIZE,
            Integer.parseInt(TrainDefaults.EVALUATE_EVERY),
            Integer.parseInt(TrainDefaults.PATIENCE)));
  }

  /** Where the history model goes that a model starts from. */
  static Path fileOf(Path model) {
    return model.resolveSibling(model.getFileName() + ".history");
  }
}
