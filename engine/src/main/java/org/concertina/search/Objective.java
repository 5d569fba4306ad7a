package org.concertina.search;

import org.concertina.judge.UserVerdicts;
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

  /** The number of every user; not copied. */
  double[] of(UserVerdicts verdicts) {
    return this == RECALL ? verdicts.recall() : verdicts.ndcg();
  }
}
