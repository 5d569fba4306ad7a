package org.concertina.cli;

import java.util.List;
import java.util.function.IntToDoubleFunction;
import org.concertina.kernel.CounterRandom;
import org.concertina.train.Loss;
import picocli.CommandLine.Option;

/** What a hyper-parameter search draws, and how long it goes on. */
final class TuneOptions {
  private static final int MAX_RUNGS = 20;
  private static final String DEFAULT = " (default: ${DEFAULT-VALUE})";

  @Option(
      names = "--trials",
      paramLabel = "N",
      defaultValue = "16",
      description =
          "Configurations of the first rung: the one that the options of train give, the others"
              + " drawn."
              + DEFAULT)
  int trials;

  @Option(
      names = "--rungs",
      paramLabel = "N",
      defaultValue = "4",
      description =
          "Rungs. Each trains the better half of the one before for twice the epochs, from the"
              + " start, which is noise; the last for --epochs."
              + DEFAULT)
  int rungs;

  @Option(
      names = "--learning-rate-range",
      paramLabel = "LOW:HIGH",
      converter = Range.Converter.class,
      defaultValue = "0.001:0.05",
      description = "Learning rates to draw." + DEFAULT)
  Range learningRates;

  @Option(
      names = "--temperature-range",
      paramLabel = "LOW:HIGH",
      converter = Range.Converter.class,
      defaultValue = "0.05:0.3",
      description = "Temperatures to draw." + DEFAULT)
  Range temperatures;

  @Option(
      names = "--l2-range",
      paramLabel = "LOW:HIGH",
      converter = Range.Converter.class,
      defaultValue = "1e-7:1e-3",
      description = "Penalties to draw." + DEFAULT)
  Range l2s;

  @Option(
      names = "--negatives-range",
      paramLabel = "LOW:HIGH",
      converter = Range.Converter.class,
      defaultValue = "256:4096",
      description = "Numbers of negatives to draw." + DEFAULT)
  Range negatives;

  @Option(
      names = "--elastic-probability-range",
      paramLabel = "LOW:HIGH",
      converter = Range.Converter.class,
      defaultValue = "0:1",
      description = "Shares of elastic batches to draw." + DEFAULT)
  Range elasticProbabilities;

  @Option(
      names = "--batch-size-range",
      paramLabel = "LOW:HIGH",
      converter = Range.Converter.class,
      defaultValue = "512:8192",
      description = "Batch sizes to draw." + DEFAULT)
  Range batchSizes;

  @Option(
      names = "--popularity-prior-range",
      paramLabel = "LOW:HIGH",
      converter = Range.Converter.class,
      defaultValue = "0:1",
      description = "Weights of the popularity prior to draw; softmax alone has one." + DEFAULT)
  Range popularityPriors;

  /** Trials that a rung trains. */
  int trialsOf(int rung) {
    return Math.max(1, trials >> rung);
  }

  /** Epochs that a rung trains for, of {@code epochs} on the last. */
  int epochsOf(int rung, int epochs) {
    return Math.max(1, epochs >> (rungs - 1 - rung));
  }

  /** The settings of a trial: those of train for trial 0, drawn otherwise. */
  TrialSettings settings(TrainOptions base, long seed, int trial) {
    if (trial == 0) {
      return TrialSettings.of(base);
    }
    long key = CounterRandom.key(seed, trial);
    return settings(base, draw -> CounterRandom.unit(key, draw));
  }

  /** The corners of the space, to be checked before any work. */
  List<TrialSettings> corners(TrainOptions base) {
    return List.of(settings(base, draw -> 0), settings(base, draw -> 1));
  }

  private TrialSettings settings(TrainOptions base, IntToDoubleFunction unit) {
    return new TrialSettings(
        learningRates.at(unit.applyAsDouble(0)),
        temperatures.at(unit.applyAsDouble(1)),
        l2s.at(unit.applyAsDouble(2)),
        negatives.wholeAt(unit.applyAsDouble(3)),
        elasticProbabilities.at(unit.applyAsDouble(4)),
        batchSizes.wholeAt(unit.applyAsDouble(5)),
        base.loss == Loss.SOFTMAX ? popularityPriors.at(unit.applyAsDouble(6)) : 0);
  }

  /**
   * Checks the length of the search.
   *
   * @throws IllegalArgumentException if an option is out of range; the message names it
   */
  void requireValid() {
    if (trials < 1) {
      throw new IllegalArgumentException("--trials: expected at least 1, got " + trials);
    }
    if (rungs < 1 || rungs > MAX_RUNGS) {
      throw new IllegalArgumentException(
          "--rungs: expected 1 to %d, got %d".formatted(MAX_RUNGS, rungs));
    }
  }

  /** What is searched, whatever the number of trials: more may be added to a search. */
  String space() {
    return List.of(
            learningRates,
            temperatures,
            l2s,
            negatives,
            elasticProbabilities,
            batchSizes,
            popularityPriors)
        + " "
        + rungs;
  }
}
