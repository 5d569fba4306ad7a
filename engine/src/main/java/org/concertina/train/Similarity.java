package org.concertina.train;

/** What BPR compares a user with an item by; the other losses have cosines. */
public enum Similarity {
  /** Lengths of rows count; whoever ranks by cosine afterwards leaves out what they have learnt. */
  DOT,
  /** Rows turn and keep their lengths, so that a table ranks as it was trained. */
  COSINE
}
