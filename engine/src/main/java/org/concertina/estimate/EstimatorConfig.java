package org.concertina.estimate;

/**
 * Settings of the estimator's training.
 *
 * @param hidden1 units of the first hidden layer
 * @param hidden2 units of the second hidden layer
 * @param members networks of the ensemble; their mean is the prediction
 * @param epochs most passes over the labels
 * @param patience epochs without a better validation error before training stops
 * @param learningRate Adam's, falling linearly to zero at the last epoch
 * @param l2 weight of the L2 penalty
 * @param seed of weights, order and validation parts
 */
public record EstimatorConfig(
    int hidden1,
    int hidden2,
    int members,
    int epochs,
    int patience,
    double learningRate,
    double l2,
    long seed) {
  /** Labels of one step. */
  static final int BATCH = 32;

  /** Share of the labels that decides when to stop; another part for every member. */
  static final double VALIDATION_SHARE = 0.15;

  /** Validates. */
  public EstimatorConfig {
    if (hidden1 < 1 || hidden2 < 1 || members < 1 || epochs < 1 || patience < 1) {
      throw new IllegalArgumentException(
          "estimator: expected hidden units, members, epochs and patience >= 1");
    }
    if (!(learningRate > 0) || !(l2 >= 0)) {
      throw new IllegalArgumentException(
          "estimator: expected learningRate > 0 and l2 >= 0, got " + learningRate + ", " + l2);
    }
  }

  /** Three networks of 64 and 32 units. */
  public static EstimatorConfig defaults(long seed) {
    return new EstimatorConfig(64, 32, 3, 300, 50, 0.003, 1e-5, seed);
  }

  /** A copy with so many networks. */
  public EstimatorConfig withMembers(int count) {
    return new EstimatorConfig(hidden1, hidden2, count, epochs, patience, learningRate, l2, seed);
  }
}
