/**
 * The performance estimator: predicts the metric of an elastic configuration without judging it.
 *
 * <p>Enters: configurations with their exact metric. Leaves: an {@link
 * org.concertina.estimate.Estimator} that a search asks millions of times, and a {@link
 * org.concertina.estimate.CalibrationReport} that says how far to trust it.
 *
 * <p>Inputs are the block bits of every group, so a search move flips few of them: the sums of the
 * first layer are kept and a flip costs one row addition, not a matrix product (the trick of chess
 * engines' NNUE).
 */
package org.concertina.estimate;
