package org.concertina.metric;

/**
 * Mean metrics at one cut-off.
 *
 * @param k the cut-off
 * @param recall mean Recall@K
 * @param ndcg mean NDCG@K
 * @param hitRate mean HR@K
 * @param users users with at least one relevant item, over whom the means are; with none of them
 *     the means are 0
 */
public record RankingQuality(int k, double recall, double ndcg, double hitRate, long users) {}
