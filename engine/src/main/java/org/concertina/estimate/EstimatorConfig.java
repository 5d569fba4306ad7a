package org.concertina.estimate;

/**
 * Settings of the estimator's training.
 *
 * @param hidden rectified units of a network
 * @param members networks of the ensemble; their mean is the prediction
 * @param epochs most passes over the labels
 * @param patience epochs without a better validation error before training stops
 * @param learningRate Adam's, falling linearly to zero at the last epoch
 * @param l2 weight of the L2 penalty
 * @param pairWeight weight of the pairwise ranking loss beside the squared error
 * @param seed of weights, order and validation parts
 */
public record EstimatorConfig(
    int hidden,
    int members,
    int epochs,
    int patience,
    double learningRate,
    double l2,
    double pairWeight,
    long seed) {
  /** Labels of one step. */
  static final int BATCH = 32;

  /** Share of the labels that decides when to stop; another part for every member. */
  static final double VALIDATION_SHARE = 0.1;

  /** Validates. */
  public EstimatorConfig {
    if (hidden < 1 || members < 1 || epochs < 1 || patience < 1) {
      throw new IllegalArgumentException(
          "estimator: expected hidden units, members, epochs and patience >= 1");
    }
    if (!(learningRate > 0) || !(l2 >= 0) || !(pairWeight >= 0)) {
      throw new IllegalArgumentException(
          "estimator: expected learningRate > 0, l2 >= 0 and pairWeight >= 0, got %s, %s, %s"
              .formatted(learningRate, l2, pairWeight));
    }
  }

  /** Four networks of 64 units. */
  public static EstimatorConfig defaults(long seed) {
    return new EstimatorConfig(64, 4, 60, 20, 0.003, 1e-5, 0.3, seed);
  }

  /** A copy with so many epochs. */
  public EstimatorConfig withEpochs(int most) {
    return new EstimatorConfig(hidden, members, most, patience, learningRate, l2, pairWeight, seed);
  }

  /** A copy with so many networks. */
  public EstimatorConfig withMembers(int count) {
    return new EstimatorConfig(hidden, count, epochs, patience, learningRate, l2, pairWeight, seed);
  }
}
