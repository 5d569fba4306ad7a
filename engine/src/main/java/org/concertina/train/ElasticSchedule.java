package org.concertina.train;

/** Which configurations a batch of elastic training draws, one choice for every group. */
public enum ElasticSchedule {
  /** Always the full row. */
  NONE,
  /** The first k blocks, k uniform in 1..N. */
  NESTED,
  /** A uniformly random non-empty subset of the blocks. */
  RANDOM,
  /**
   * The sandwich rule (Yu and Huang, ICCV 2019): with probability 1/4 the first block alone for
   * every group, with 1/4 the full rows, with 1/2 for every group its own first k blocks as {@link
   * #NESTED} draws them.
   *
   * <p>Independent prefixes hardly ever leave all groups short or all whole at once, though those
   * two ends are what the tightest and the largest budgets ask for. The paper sums the gradients of
   * the smallest, the largest and two random widths in every step; one draw a batch, in the same
   * proportions, expects a quarter of that sum at a quarter of the cost.
   */
  SANDWICH
}
