package org.concertina.judge;

/**
 * What the judge found for each user, by the judged users' ordinals; not copied.
 *
 * @param recall Recall@K of every user
 * @param ndcg NDCG@K of every user
 */
@SuppressWarnings("ArrayRecordComponent") // thousands of users; compared by nobody
public record UserVerdicts(double[] recall, double[] ndcg) {
  /** Number of users. */
  public int users() {
    return recall.length;
  }
}
