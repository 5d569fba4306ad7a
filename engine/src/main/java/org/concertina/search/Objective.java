package org.concertina.search;

import org.concertina.judge.Verdict;

/** The number that a search makes large. */
public enum Objective {
  /** Recall@K. */
  RECALL,
  /** NDCG@K. */
  NDCG;

  /** The number of a verdict. */
  public double of(Verdict verdict) {
    return this == RECALL ? verdict.recall() : verdict.ndcg();
  }
}
