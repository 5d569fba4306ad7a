package org.concertina.train;

/** How users and items become vectors. */
public enum EncoderKind {
  /** A trained user table: matrix factorisation. */
  FACTOR,
  /** Light graph convolution over the user-item graph; see {@link GraphEncoder}. */
  GRAPH,
  /** A user is the sum of the items in the user's history; see {@link HistoryEncoder}. */
  HISTORY
}
