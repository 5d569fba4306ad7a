package org.concertina.cli;

import org.concertina.block.BlockShape;
import org.concertina.train.EncoderKind;
import org.concertina.train.GraphCombine;
import org.concertina.train.Loss;
import org.concertina.train.OptimizerKind;
import org.concertina.train.Similarity;
import org.concertina.train.TrainConfig;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Options that decide what training computes. */
final class TrainOptions {
  private static final String DEFAULT = " (default: ${DEFAULT-VALUE})";

  @Option(
      names = "--encoder",
      paramLabel = "NAME",
      defaultValue = "factor",
      description =
          "What vectors are made of: factor (a user table), graph (light graph convolution) or"
              + " history (no user table, a user is the sum of the user's items)."
              + DEFAULT)
  EncoderKind encoder;

  @Option(
      names = "--layers",
      paramLabel = "N",
      description =
          "Graph convolutions of the graph encoder (default: " + TrainDefaults.LAYERS + ").")
  Integer layers;

  @Option(
      names = "--graph-combine",
      paramLabel = "NAME",
      description =
          "What the graph encoder makes of its layers: mean, or concat, where every layer has an"
              + " equal part of the embedding (default: mean).")
  GraphCombine graphCombine;

  @Option(
      names = "--loss",
      paramLabel = "NAME",
      defaultValue = "softmax",
      description =
          "Ranking loss: softmax (sampled, over cosines), ccl (cosine contrastive, of SimpleX) or"
              + " bpr (a negative a pair, plain gradient steps)."
              + DEFAULT)
  Loss loss;

  @Option(
      names = "--similarity",
      paramLabel = "NAME",
      defaultValue = "cosine",
      description =
          "What bpr trains: cosine, which everything after training ranks by, or dot, as"
              + " published and faster; the other losses have cosine."
              + DEFAULT)
  Similarity similarity;

  @Option(
      names = "--margin",
      paramLabel = "X",
      defaultValue = TrainDefaults.MARGIN,
      description = "Cosine above which ccl pushes a negative away." + DEFAULT)
  double margin;

  @Option(
      names = "--negative-weight",
      paramLabel = "X",
      defaultValue = TrainDefaults.NEGATIVE_WEIGHT,
      description = "Weight of the mean over ccl's negatives." + DEFAULT)
  double negativeWeight;

  @Option(
      names = "--popularity-prior",
      paramLabel = "X",
      defaultValue = TrainDefaults.POPULARITY_PRIOR,
      description =
          "With softmax: temperature * X * ln(popularity) is added to every cosine, so that the"
              + " embedding need not learn how popular an item is; 0 is none."
              + DEFAULT)
  double popularityPrior;

  @Option(
      names = "--lock-free",
      description =
          "Threads go through batches of their own and step on the shared tables at once; with the"
              + " encoder factor. Faster with several threads, but no two runs give the same bits;"
              + " without it results do not depend on the threads.")
  boolean lockFree;

  @Option(
      names = "--dim",
      paramLabel = "N",
      defaultValue = TrainDefaults.DIM,
      description = "Floats of an embedding." + DEFAULT)
  int dim;

  @Option(
      names = "--blocks",
      paramLabel = "N",
      defaultValue = TrainDefaults.BLOCKS,
      description = "Blocks that an item embedding is cut into." + DEFAULT)
  int blocks;

  @Option(
      names = "--groups",
      paramLabel = "N",
      defaultValue = TrainDefaults.GROUPS,
      description = "Popularity groups of items; a group keeps the same blocks." + DEFAULT)
  int groups;

  @Option(
      names = "--epochs",
      paramLabel = "N",
      description =
          "At most so many passes over the training pairs (default: "
              + TrainDefaults.EPOCHS
              + ", after a history model "
              + TrainDefaults.EPOCHS_AFTER_HISTORY
              + ").")
  Integer epochs;

  /** Of {@link #epochs} that were not given, from noise. */
  int epochsFromNoise = TrainDefaults.EPOCHS;

  /** What comes before; null where nothing does. */
  HistoryStart historyStart;

  @Option(
      names = "--batch-size",
      paramLabel = "N",
      description =
          "Pairs of a batch (default: "
              + TrainDefaults.BATCH_SIZE
              + "; history "
              + TrainDefaults.HISTORY_BATCH_SIZE
              + "; graph "
              + TrainDefaults.GRAPH_BATCH_SIZE
              + ", because a batch passes over the whole graph).")
  Integer batchSize;

  @Option(
      names = "--negatives",
      paramLabel = "N",
      defaultValue = TrainDefaults.NEGATIVES,
      description = "Negative items that a batch shares." + DEFAULT)
  int negatives;

  @Option(
      names = "--negative-exponent",
      paramLabel = "X",
      defaultValue = TrainDefaults.NEGATIVE_EXPONENT,
      description = "Negatives are drawn by popularity to this power; 0 is uniform." + DEFAULT)
  double negativeExponent;

  @Option(
      names = "--temperature",
      paramLabel = "X",
      description =
          "Temperature of the cosines of softmax and bpr (default: "
              + TrainDefaults.TEMPERATURE
              + ", with bpr "
              + TrainDefaults.BPR_TEMPERATURE
              + ").")
  Double temperature;

  @Option(
      names = "--optimizer",
      paramLabel = "NAME",
      defaultValue = "adam",
      description =
          "How gradients move rows: adam, or adagrad (one sum of squares a row, little memory)."
              + DEFAULT)
  OptimizerKind optimizerKind;

  @Option(
      names = "--learning-rate",
      paramLabel = "X",
      description =
          "Step length of the first batch (default: "
              + TrainDefaults.LEARNING_RATE
              + " of adam, "
              + TrainDefaults.ADAGRAD_LEARNING_RATE
              + " of adagrad, with bpr "
              + TrainDefaults.BPR_LEARNING_RATE
              + ", of dot products "
              + TrainDefaults.DOT_LEARNING_RATE
              + ").")
  Double learningRate;

  @Option(
      names = "--decay-to",
      paramLabel = "P",
      defaultValue = TrainDefaults.DECAY_TO,
      description =
          "Share of the learning rate that is left at the last batch, falling linearly; 1 keeps it."
              + DEFAULT)
  double decayTo;

  @Option(
      names = "--l2",
      paramLabel = "X",
      description =
          "Penalty on the embeddings (default: "
              + TrainDefaults.L2
              + ", with bpr of dot products "
              + TrainDefaults.DOT_L2
              + ").")
  Double l2;

  @Mixin BlockOptions blockOptions;

  @Option(
      names = "--evaluate-every",
      paramLabel = "N",
      defaultValue = TrainDefaults.EVALUATE_EVERY,
      description = "Epochs from one validation to the next." + DEFAULT)
  int evaluateEvery;

  @Option(
      names = "--patience",
      paramLabel = "N",
      defaultValue = TrainDefaults.PATIENCE,
      description = "Validations without a better NDCG@20 after which training ends." + DEFAULT)
  int patience;

  @Option(
      names = "--validation-share",
      paramLabel = "P",
      defaultValue = TrainDefaults.VALIDATION_SHARE,
      description =
          "Share of every user's training items held out for validation if the data has no"
              + " valid.txt."
              + DEFAULT)
  double validationShare;

  @Option(
      names = "--split-seed",
      paramLabel = "N",
      defaultValue = TrainDefaults.SPLIT_SEED,
      description = "Seed of that hold-out." + DEFAULT)
  long splitSeed;

  @Option(
      names = "--fresh",
      description = "Delete what a run that was stopped has left; without it, that run goes on.")
  boolean fresh;

  /**
   * The run's configuration.
   *
   * @throws IllegalArgumentException if an option is out of range; the message names it
   */
  TrainConfig config(long seed) {
    return new TrainConfig(
        BlockShape.of(dim, blocks),
        groups,
        new TrainConfig.Objective(loss, margin, negativeWeight, lockFree, similarity),
        new TrainConfig.Softmax(
            temperature(), negatives, negativeExponent, TrainDefaults.MASK_LIKED, popularityPrior),
        blockOptions.elastic(),
        blockOptions.diversity(),
        optimizer(),
        new TrainConfig.Schedule(epochs(), batchSize(), evaluateEvery, patience),
        seed,
        encoding());
  }

  /** As given, or what suits the loss. */
  double temperature() {
    String suits = loss == Loss.BPR ? TrainDefaults.BPR_TEMPERATURE : TrainDefaults.TEMPERATURE;
    return temperature == null ? Double.parseDouble(suits) : temperature;
  }

  /** As given, or what suits the start. */
  int epochs() {
    int usual = startsFromHistory() ? TrainDefaults.EPOCHS_AFTER_HISTORY : epochsFromNoise;
    return epochs == null ? usual : epochs;
  }

  private boolean startsFromHistory() {
    return historyStart != null && historyStart.precedes(encoder, loss);
  }

  /** As given, or what suits the encoder. */
  int batchSize() {
    return batchSize == null ? TrainDefaults.batchSize(encoder) : batchSize;
  }

  private TrainConfig.Encoding encoding() {
    if (encoder != EncoderKind.GRAPH && (layers != null || graphCombine != null)) {
      throw new IllegalArgumentException(
          "--layers, --graph-combine: expected with --encoder graph, got " + encoder);
    }
    return switch (encoder) {
      case FACTOR -> TrainConfig.Encoding.FACTOR;
      case HISTORY -> TrainConfig.Encoding.HISTORY;
      case GRAPH ->
          TrainConfig.Encoding.graph(
              layers == null ? TrainDefaults.LAYERS : layers,
              graphCombine == null ? GraphCombine.MEAN : graphCombine);
    };
  }

  /** As given, or what suits the loss, the optimiser and the start. */
  TrainConfig.Optimizer optimizer() {
    String penalty = similarity == Similarity.DOT ? TrainDefaults.DOT_L2 : TrainDefaults.L2;
    return new TrainConfig.Optimizer(
        learningRate == null
            ? Double.parseDouble(TrainDefaults.learningRate(loss, similarity, optimizerKind))
                * (startsFromHistory() ? HistoryStart.RATE_SHARE : 1)
            : learningRate,
        decayTo,
        l2 == null ? Double.parseDouble(penalty) : l2,
        optimizerKind);
  }
}
