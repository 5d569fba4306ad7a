package org.concertina.estimate;

/**
 * Pairwise ranking loss (RankNet of Burges et al., ICML 2005, with soft targets): the cross entropy
 * of {@code p_ij = 1 / (1 + exp(-(t_i - t_j) / T))} and the same of the outputs, times {@code T /
 * n^2}, over all ordered pairs of a batch of {@code n}.
 *
 * <p>It is least where differences of outputs equal differences of targets. Pairs that are many
 * {@code T} apart are in order already and weigh next to nothing; those that matter are the close
 * ones. Stateless.
 */
final class PairLoss {
  /** T, in standard deviations of the metric. */
  static final double TEMPERATURE = 0.05;

  private PairLoss() {}

  /** Adds {@code weight} times the gradient; returns the loss without the weight. */
  static double addGradient(
      float[] outputs, float[] targets, int n, double weight, float[] gradient) {
    double loss = 0;
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < i; j++) {
        double difference = ((double) outputs[i] - outputs[j]) / TEMPERATURE;
        double wanted = sigmoid(((double) targets[i] - targets[j]) / TEMPERATURE);
        loss += 2 * (softplus(difference) - wanted * difference);
        float slope = (float) (weight * 2 * (sigmoid(difference) - wanted) / n / n);
        gradient[i] += slope;
        gradient[j] -= slope;
      }
    }
    return loss * TEMPERATURE / n / n;
  }

  private static double sigmoid(double x) {
    return 1 / (1 + Math.exp(-x));
  }

  /** {@code log(1 + exp(x))}. */
  private static double softplus(double x) {
    return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
  }
}
