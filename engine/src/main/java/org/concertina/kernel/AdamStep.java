package org.concertina.kernel;

/**
 * Constants of one Adam step, bias corrections folded into the step size (Kingma and Ba, ICLR 2015,
 * end of section 2).
 *
 * @param stepSize {@code learningRate * sqrt(1 - beta2^t) / (1 - beta1^t)}
 * @param beta1 decay of the first moment
 * @param beta2 decay of the second moment
 * @param epsilon added to the root of the second moment, {@code epsilon * sqrt(1 - beta2^t)}
 * @param l2 weight of the L2 penalty; its gradient is {@code l2 * w}
 */
public record AdamStep(float stepSize, float beta1, float beta2, float epsilon, float l2) {
  private static final double BETA1 = 0.9;
  private static final double BETA2 = 0.999;
  private static final double EPSILON = 1e-8;

  /**
   * The constants of step {@code t >= 1} with the paper's decays.
   *
   * @param learningRate step length
   * @param l2 weight of the L2 penalty
   */
  public static AdamStep at(long t, double learningRate, double l2) {
    if (t < 1) {
      throw new IllegalArgumentException("t: expected >= 1, got " + t);
    }
    double correction2 = Math.sqrt(1 - StrictMath.pow(BETA2, (double) t));
    double correction1 = 1 - StrictMath.pow(BETA1, (double) t);
    return new AdamStep(
        (float) (learningRate * correction2 / correction1),
        (float) BETA1,
        (float) BETA2,
        (float) (EPSILON * correction2),
        (float) l2);
  }
}
