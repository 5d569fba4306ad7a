package org.concertina.kernel;

/**
 * Constants of one Adam step, bias corrections folded into the step size (Kingma and Ba, ICLR 2015,
 * end of section 2).
 *
 * <p>One instance serves a whole run: {@link #set} moves it to the next step without allocation.
 * Whoever shares it with other threads moves it only while they wait.
 */
public final class AdamStep {
  private static final double BETA1 = 0.9;
  private static final double BETA2 = 0.999;
  private static final double EPSILON = 1e-8;

  private final float beta1;
  private final float beta2;
  private float stepSize;
  private float epsilon;
  private float l2;

  /**
   * A step of given constants.
   *
   * @param stepSize {@code learningRate * sqrt(1 - beta2^t) / (1 - beta1^t)}
   * @param beta1 decay of the first moment
   * @param beta2 decay of the second moment
   * @param epsilon added to the root of the second moment, {@code epsilon * sqrt(1 - beta2^t)}
   * @param l2 weight of the L2 penalty; its gradient is {@code l2 * w}
   */
  public AdamStep(float stepSize, float beta1, float beta2, float epsilon, float l2) {
    this.stepSize = stepSize;
    this.beta1 = beta1;
    this.beta2 = beta2;
    this.epsilon = epsilon;
    this.l2 = l2;
  }

  /**
   * The constants of step {@code t >= 1} with the paper's decays.
   *
   * @param learningRate step length
   * @param l2 weight of the L2 penalty
   */
  public static AdamStep at(long t, double learningRate, double l2) {
    return new AdamStep(0, (float) BETA1, (float) BETA2, 0, 0).set(t, learningRate, l2);
  }

  /**
   * Moves to step {@code t >= 1} with the paper's decays.
   *
   * @param newLearningRate step length
   * @param newL2 weight of the L2 penalty
   * @return this
   */
  public AdamStep set(long t, double newLearningRate, double newL2) {
    if (t < 1) {
      throw new IllegalArgumentException("t: expected >= 1, got " + t);
    }
    double correction2 = Math.sqrt(1 - StrictMath.pow(BETA2, (double) t));
    double correction1 = 1 - StrictMath.pow(BETA1, (double) t);
    stepSize = (float) (newLearningRate * correction2 / correction1);
    epsilon = (float) (EPSILON * correction2);
    l2 = (float) newL2;
    return this;
  }

  /** Step length with both corrections. */
  public float stepSize() {
    return stepSize;
  }

  /** Decay of the first moment. */
  public float beta1() {
    return beta1;
  }

  /** Decay of the second moment. */
  public float beta2() {
    return beta2;
  }

  /** What is added to the root of the second moment. */
  public float epsilon() {
    return epsilon;
  }

  /** Weight of the L2 penalty. */
  public float l2() {
    return l2;
  }
}
