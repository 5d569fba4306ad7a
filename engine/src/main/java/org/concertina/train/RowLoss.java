package org.concertina.train;

import java.lang.foreign.MemorySegment;
import org.concertina.kernel.RowOps;

/**
 * What a loss makes of one pair's scores against the shared negatives. Immutable; threads share it.
 */
sealed interface RowLoss {
  /** The loss of a run. */
  static RowLoss of(RowOps ops, TrainConfig config, int negatives) {
    return switch (config.objective().loss()) {
      case SOFTMAX -> new Softmax(ops, (float) (1 / config.softmax().temperature()));
      case CCL ->
          new Contrastive(
              ops,
              (float) config.objective().margin(),
              (float) (config.objective().negativeWeight() / negatives));
      case BPR -> throw new IllegalArgumentException("loss: bpr has no shared negatives");
    };
  }

  /**
   * Turns scores into weights in place.
   *
   * <p>Afterwards the loss has the gradient {@code positiveWeight[pair]} with respect to the
   * positive's cosine, and {@code factors[i]} times a weight with respect to a negative's.
   *
   * @param positive score of the positive: its cosine, and its prior if there is one
   * @param scores scores of the negatives, from {@code at}
   * @return the pair's loss
   */
  double weigh(
      float positive,
      MemorySegment scores,
      long at,
      int negatives,
      float[] positiveWeight,
      int pair,
      float[] factors,
      int i);

  /**
   * Sampled softmax. Scores are at most 1, so that {@code exp((s - 1) / tau)} needs no running
   * maximum.
   *
   * @param inverseTemperature 1 / tau
   */
  record Softmax(RowOps ops, float inverseTemperature) implements RowLoss {
    @Override
    public double weigh(
        float positive,
        MemorySegment scores,
        long at,
        int negatives,
        float[] positiveWeight,
        int pair,
        float[] factors,
        int i) {
      double logit = inverseTemperature * (positive - 1.0);
      double expPositive = Math.exp(logit);
      double partition =
          expPositive + ops.expSumInPlace(inverseTemperature, 1f, scores, at, negatives);
      positiveWeight[pair] = (float) (inverseTemperature * (expPositive / partition - 1));
      factors[i] = (float) (inverseTemperature / partition);
      return Math.log(partition) - logit;
    }
  }

  /**
   * Cosine contrastive loss of SimpleX (Mao et al., CIKM 2021): {@code 1 - cos(u, i+) + w / |N| *
   * sum over negatives max(0, cos(u, i-) - margin)}. |N| counts all shared negatives, the user's
   * own items among them included.
   *
   * @param weight w / |N|
   */
  record Contrastive(RowOps ops, float margin, float weight) implements RowLoss {
    @Override
    public double weigh(
        float positive,
        MemorySegment scores,
        long at,
        int negatives,
        float[] positiveWeight,
        int pair,
        float[] factors,
        int i) {
      positiveWeight[pair] = -1;
      factors[i] = weight;
      return 1.0 - positive + weight * (double) ops.hingeSumInPlace(margin, scores, at, negatives);
    }
  }
}
