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
  private static final double RATE_SHARE = 0.2;

  @Option(
      names = "--history-epochs",
      paramLabel = "N",
      description =
          "Train a history model first, for at most so many epochs and without elastic batches, and"
              + " start from its rows, with a fifth of the usual --learning-rate; 0 starts from"
              + " noise (default: "
              + TrainDefaults.HISTORY_EPOCHS
              + " for the encoder factor with softmax, which is better for it on all data it was"
              + " tried on; else 0).")
  private Integer given;

  private int epochs;

  /**
   * Checks the option or chooses for it, then the learning rate and the epochs if none were given.
   *
   * @param start another model to start from, or null
   * @throws IllegalArgumentException if it is out of range or does not go with the others
   */
  void fit(TrainOptions options, Path start) {
    epochs = given == null ? usual(options, start) : given;
    if (epochs < 0) {
      throw new IllegalArgumentException("--history-epochs: expected at least 0, got " + epochs);
    }
    if (epochs == 0) {
      return;
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
    if (options.learningRate == null) {
      options.learningRate = options.optimizer().learningRate() * RATE_SHARE;
    }
    if (options.epochs == null) {
      options.epochs = TrainDefaults.EPOCHS_AFTER_HISTORY;
    }
  }

  private static int usual(TrainOptions options, Path start) {
    boolean suits = options.encoder == EncoderKind.FACTOR && options.loss == Loss.SOFTMAX;
    return suits && start == null ? TrainDefaults.HISTORY_EPOCHS : 0;
  }

  /** Whether a model of this configuration starts from a history model. */
  boolean precedes(TrainConfig config) {
    return epochs > 0 && config.encoder().kind() != EncoderKind.HISTORY;
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
            epochs,
            BATCH_SIZE,
            Integer.parseInt(TrainDefaults.EVALUATE_EVERY),
            Integer.parseInt(TrainDefaults.PATIENCE)));
  }

  /** Where the history model goes that a model starts from. */
  static Path fileOf(Path model) {
    return model.resolveSibling(model.getFileName() + ".history");
  }
}
