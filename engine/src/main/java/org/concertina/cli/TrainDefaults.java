package org.concertina.cli;

import org.concertina.train.EncoderKind;
import org.concertina.train.Loss;
import org.concertina.train.OptimizerKind;
import org.concertina.train.Similarity;

/** Hyper-parameters for whoever names none; strings, as the options' help shows them. */
final class TrainDefaults {
  static final String DIM = "64";
  static final String BLOCKS = "8";
  static final String GROUPS = "20";
  static final String TEMPERATURE = "0.1";
  static final String BPR_TEMPERATURE = "0.15";
  static final String NEGATIVES = "1024";
  static final String NEGATIVE_EXPONENT = "0";
  static final String POPULARITY_PRIOR = "0";
  static final boolean MASK_LIKED = true;
  static final String ELASTIC = "nested";
  static final String ELASTIC_PROBABILITY = "0.5";
  static final String DIVERSITY = "0";
  static final String DIVERSITY_FORM = "rbf";
  static final String DIVERSITY_GAMMA = "1";
  static final String LEARNING_RATE = "0.01";
  static final String DECAY_TO = "0.05";
  static final String ADAGRAD_LEARNING_RATE = "0.1";
  static final String BPR_LEARNING_RATE = "0.1";
  static final String DOT_LEARNING_RATE = "0.05";
  static final String L2 = "0";
  static final String DOT_L2 = "0.01";
  static final String MARGIN = "0.4";
  static final String NEGATIVE_WEIGHT = "150";
  static final int EPOCHS = 60;
  static final int HISTORY_EPOCHS = 10;
  static final int EPOCHS_AFTER_HISTORY = 10;
  static final int BATCH_SIZE = 1536;
  static final int HISTORY_BATCH_SIZE = 4096;
  static final int GRAPH_BATCH_SIZE = 16384;
  static final int LAYERS = 3;
  static final String EVALUATE_EVERY = "5";
  static final String PATIENCE = "3";
  static final String VALIDATION_SHARE = "0.1";
  static final String SPLIT_SEED = "1";

  private TrainDefaults() {}

  /** Step length of the first batch. */
  static String learningRate(Loss loss, Similarity similarity, OptimizerKind optimizer) {
    if (loss == Loss.BPR) {
      return similarity == Similarity.DOT ? DOT_LEARNING_RATE : BPR_LEARNING_RATE;
    }
    return switch (optimizer) {
      case ADAM -> LEARNING_RATE;
      case ADAGRAD -> ADAGRAD_LEARNING_RATE;
    };
  }

  /** Pairs of a batch: large where a batch costs much whatever its size. */
  static int batchSize(EncoderKind encoder) {
    return switch (encoder) {
      case FACTOR -> BATCH_SIZE;
      case HISTORY -> HISTORY_BATCH_SIZE;
      case GRAPH -> GRAPH_BATCH_SIZE;
    };
  }
}
