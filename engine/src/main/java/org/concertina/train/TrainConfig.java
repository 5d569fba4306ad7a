package org.concertina.train;

import static org.concertina.train.ConfigRules.check;

import org.concertina.block.BlockShape;
import org.concertina.memory.FloatTable;

/**
 * Everything that decides what a training run computes; the number of threads does not.
 *
 * @param shape dim and blocks of a row
 * @param groups G, groups of equal count for the elastic masks
 * @param objective what is minimised
 * @param softmax temperature of the softmax, and the negatives of every loss
 * @param elastic elastic training
 * @param diversity the regulariser of the blocks
 * @param optimizer how gradients move rows
 * @param schedule length of the run
 * @param seed of initial values, order, negatives and masks
 * @param encoder how users and items become vectors; null, as in files of before, is factor
 */
public record TrainConfig(
    BlockShape shape,
    int groups,
    Objective objective,
    Softmax softmax,
    Elastic elastic,
    Diversity diversity,
    Optimizer optimizer,
    Schedule schedule,
    long seed,
    Encoding encoder) {

  /**
   * How users and items become vectors.
   *
   * @param kind the encoder
   * @param layers graph convolutions, 1 to 8; 0 unless the kind is graph
   * @param combine what becomes of the layers; mean unless the kind is graph
   */
  public record Encoding(EncoderKind kind, int layers, GraphCombine combine) {
    /** A trained user table. */
    public static final Encoding FACTOR = new Encoding(EncoderKind.FACTOR, 0, GraphCombine.MEAN);

    /** Users are sums of items. */
    public static final Encoding HISTORY = new Encoding(EncoderKind.HISTORY, 0, GraphCombine.MEAN);

    /** Validates. */
    public Encoding {
      if (kind == EncoderKind.GRAPH) {
        check(layers >= 1 && layers <= 8, "layers", "1 to 8", layers);
      } else {
        check(layers == 0, "layers", "0 for encoder " + kind, layers);
        check(combine == GraphCombine.MEAN, "combine", "MEAN for encoder " + kind, combine);
      }
    }

    /** Graph convolutions. */
    public static Encoding graph(int layers, GraphCombine combine) {
      return new Encoding(EncoderKind.GRAPH, layers, combine);
    }

    /**
     * Floats of a table's row that are worked on: whole vectors are faster, and padding is zero;
     * but concatenated layers have no padding between them.
     */
    int rowFloats(FloatTable table) {
      return combine == GraphCombine.CONCAT ? table.dim() : table.stride();
    }

    /** Floats of a trained row: those of a layer if layers are concatenated. */
    int baseDim(int dim) {
      return combine == GraphCombine.CONCAT ? dim / (layers + 1) : dim;
    }
  }

  /**
   * What training minimises.
   *
   * @param loss the ranking loss
   * @param margin cosine above which CCL pushes a negative away
   * @param negativeWeight w, weight of CCL's mean over the negatives
   * @param lockFree whether threads move the tables of the encoder factor without locks; then no
   *     two runs are the same
   * @param similarity what BPR trains; null, as in files of before, is dot for BPR and cosine for
   *     the others
   */
  public record Objective(
      Loss loss, double margin, double negativeWeight, boolean lockFree, Similarity similarity) {
    /** Sampled softmax. */
    public static final Objective SOFTMAX = new Objective(Loss.SOFTMAX, 0, 0, false, null);

    /** Validates. */
    public Objective {
      if (similarity == null) {
        similarity = loss == Loss.BPR ? Similarity.DOT : Similarity.COSINE;
      }
      check(
          loss == Loss.BPR || similarity == Similarity.COSINE,
          "similarity",
          "cosine with the loss " + loss,
          similarity);
      check(margin >= -1 && margin < 1, "margin", "in [-1, 1)", margin);
      check(
          negativeWeight >= 0 && negativeWeight <= 1e6,
          "negativeWeight",
          "0 to 1000000",
          negativeWeight);
    }

    /** With the similarity that files of before have. */
    public Objective(Loss loss, double margin, double negativeWeight, boolean lockFree) {
      this(loss, margin, negativeWeight, lockFree, null);
    }

    /** BPR. */
    static Objective bpr(Similarity similarity) {
      return new Objective(Loss.BPR, 0, 0, false, similarity);
    }
  }

  /**
   * Sampled softmax over cosines: {@code -log(exp(s+/tau) / (exp(s+/tau) + sum over negatives
   * exp(s-/tau)))}.
   *
   * @param temperature tau, also of BPR on cosines
   * @param negatives items that a batch shares as negatives
   * @param popularityExponent negatives are drawn with probability proportional to popularity to
   *     this power; 0 is uniform
   * @param maskLiked whether a user's own training items are left out of the user's negatives
   * @param popularityPrior beta, weight of the {@link ItemPrior}; 0, as in files of before, is none
   */
  public record Softmax(
      double temperature,
      int negatives,
      double popularityExponent,
      boolean maskLiked,
      double popularityPrior) {
    /** Validates. */
    public Softmax {
      check(temperature > 0 && temperature <= 10, "temperature", "in (0, 10]", temperature);
      check(negatives >= 1 && negatives <= 1 << 16, "negatives", "1 to 65536", negatives);
      check(
          popularityExponent >= 0 && popularityExponent <= 2,
          "popularityExponent",
          "0 to 2",
          popularityExponent);
      check(
          popularityPrior >= 0 && popularityPrior <= 2,
          "popularityPrior",
          "0 to 2",
          popularityPrior);
    }

    /** Without a prior. */
    public Softmax(
        double temperature, int negatives, double popularityExponent, boolean maskLiked) {
      this(temperature, negatives, popularityExponent, maskLiked, 0);
    }
  }

  /**
   * Elastic training.
   *
   * @param schedule what an elastic batch draws
   * @param probability of a batch to be elastic
   */
  public record Elastic(ElasticSchedule schedule, double probability) {
    /** Validates. */
    public Elastic {
      check(probability >= 0 && probability <= 1, "elastic probability", "0 to 1", probability);
    }
  }

  /**
   * RULE's regulariser: blocks of one item must not say the same thing; see {@link
   * DiversityRegularizer}.
   *
   * @param weight lambda, 0 for none
   * @param gamma of the radial basis function
   * @param form which blocks are pushed apart; null, as in files of before, is rbf
   */
  public record Diversity(double weight, double gamma, DiversityForm form) {
    /** Validates. */
    public Diversity {
      form = form == null ? DiversityForm.RBF : form;
      check(weight >= 0, "diversity weight", ">= 0", weight);
      check(gamma > 0, "diversity gamma", "> 0", gamma);
      check(
          weight == 0 || form != DiversityForm.NONE,
          "diversity weight",
          "0 with the form none",
          weight);
    }

    /** The radial basis function. */
    public Diversity(double weight, double gamma) {
      this(weight, gamma, DiversityForm.RBF);
    }
  }

  /**
   * How gradients move rows, lazily but for the graph encoder: a row moves only in batches that
   * touch it. BPR takes plain gradient steps instead.
   *
   * @param learningRate step length of the first batch
   * @param decayTo share of it that is left at the last batch; between them it falls linearly
   * @param l2 penalty on touched rows
   * @param kind the optimiser; null, as in files of before, is Adam
   */
  public record Optimizer(double learningRate, double decayTo, double l2, OptimizerKind kind) {
    /** Validates. */
    public Optimizer {
      kind = kind == null ? OptimizerKind.ADAM : kind;
      check(learningRate > 0 && learningRate <= 1, "learningRate", "in (0, 1]", learningRate);
      check(decayTo > 0 && decayTo <= 1, "decayTo", "in (0, 1]", decayTo);
      check(l2 >= 0, "l2", ">= 0", l2);
    }

    /** Adam. */
    public Optimizer(double learningRate, double decayTo, double l2) {
      this(learningRate, decayTo, l2, OptimizerKind.ADAM);
    }

    /** Goes to step {@code t >= 1} of {@code steps}. */
    void step(RowOptimizer optimizer, long t, long steps) {
      optimizer.setStep(t, learningRateAt((double) (t - 1) / steps), l2);
    }

    /** The learning rate after a share {@code done} of the run's batches. */
    double learningRateAt(double done) {
      return learningRate * (1 - (1 - decayTo) * done);
    }
  }

  /**
   * Length of a run.
   *
   * @param epochs at most so many passes over the training pairs
   * @param batchSize pairs of a batch
   * @param evaluateEvery epochs between two validations
   * @param patience validations without a better NDCG@20 after which training ends
   */
  public record Schedule(int epochs, int batchSize, int evaluateEvery, int patience) {
    /** Validates. */
    public Schedule {
      check(epochs >= 1, "epochs", ">= 1", epochs);
      check(batchSize >= 1 && batchSize <= 1 << 20, "batchSize", "1 to 1048576", batchSize);
      check(evaluateEvery >= 1, "evaluateEvery", ">= 1", evaluateEvery);
      check(patience >= 1, "patience", ">= 1", patience);
    }
  }

  /** Validates; a missing objective or encoder, as in older files, is softmax or factor. */
  public TrainConfig {
    objective = objective == null ? Objective.SOFTMAX : objective;
    encoder = encoder == null ? Encoding.FACTOR : encoder;
    check(
        softmax.popularityPrior() == 0 || objective.loss() == Loss.SOFTMAX,
        "loss",
        "softmax with a popularity prior",
        objective.loss());
    check(
        !objective.lockFree() || encoder.kind() == EncoderKind.FACTOR,
        "encoder",
        "factor in lock-free training",
        encoder.kind());
    if (objective.loss() == Loss.BPR) {
      ConfigRules.checkBpr(objective, elastic, diversity, optimizer, encoder);
    }
    check(groups >= 1, "groups", ">= 1", groups);
    ConfigRules.checkShape(shape, encoder);
  }

  /** A configuration of the {@code factor} encoder and the softmax. */
  public TrainConfig(
      BlockShape shape,
      int groups,
      Softmax softmax,
      Elastic elastic,
      Diversity diversity,
      Optimizer optimizer,
      Schedule schedule,
      long seed) {
    this(
        shape,
        groups,
        Objective.SOFTMAX,
        softmax,
        elastic,
        diversity,
        optimizer,
        schedule,
        seed,
        Encoding.FACTOR);
  }

  /** The same with another encoder. */
  public TrainConfig withEncoder(Encoding other) {
    return new TrainConfig(
        shape, groups, objective, softmax, elastic, diversity, optimizer, schedule, seed, other);
  }

  /** The same with another objective. */
  public TrainConfig withObjective(Objective other) {
    return new TrainConfig(
        shape, groups, other, softmax, elastic, diversity, optimizer, schedule, seed, encoder);
  }

  /** The same with another optimiser. */
  public TrainConfig withOptimizer(Optimizer other) {
    return new TrainConfig(
        shape, groups, objective, softmax, elastic, diversity, other, schedule, seed, encoder);
  }
}
