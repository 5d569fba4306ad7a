package org.concertina.train;

/** What becomes of the layers of the {@code graph} encoder. */
public enum GraphCombine {
  /** Their mean. */
  MEAN,
  /** One after the other in a row; every layer has an equal part of the row's floats. */
  CONCAT
}
