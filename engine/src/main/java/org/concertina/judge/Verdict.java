package org.concertina.judge;

/**
 * What the judge found: means over the judged users.
 *
 * @param recall Recall@K
 * @param ndcg NDCG@K
 */
public record Verdict(double recall, double ndcg) {}
