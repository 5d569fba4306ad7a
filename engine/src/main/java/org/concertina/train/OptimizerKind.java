package org.concertina.train;

/** How gradients move rows; see {@link RowOptimizer}. */
public enum OptimizerKind {
  /** Adam: two moments of every weight. */
  ADAM,
  /** Row-wise Adagrad: one sum of squares of every row. */
  ADAGRAD
}
