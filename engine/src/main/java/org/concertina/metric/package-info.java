/**
 * Top-K selection and the ranking metrics: the one place where a metric is defined.
 *
 * <p>Enters: scores with item indices, or the ranks of a user's relevant items. Leaves: {@link
 * org.concertina.metric.RankingQuality} for each cut-off. Invariants: a higher score ranks first
 * and equal scores rank by lower index; ranks count from 0; NaN is never ranked; sums are in
 * double; means are over users with at least one relevant item.
 */
package org.concertina.metric;
