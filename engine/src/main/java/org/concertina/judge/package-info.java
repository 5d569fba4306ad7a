/**
 * Exact and cheap evaluation of elastic configurations.
 *
 * <p>Enters: a trained model, validation users, an {@link org.concertina.block.ElasticConfig}.
 * Leaves: the very metric that a full ranking of that configuration would give.
 *
 * <p>Why it is cheap: an item's score depends on its own group's choice alone. So for a fixed user
 * the top-K of a configuration is a merge of one top-K list a group, each a function of (group,
 * choice). The lists are computed once and kept. And the metric needs no merge: Recall@K and NDCG@K
 * are sums over the relevant items that are ranked above K, and a relevant item's rank is its
 * position in its own list plus, for every other list, the number of entries above it.
 *
 * <p>If the choices of all groups are known, floors tell which entries of a list cannot matter: K
 * items are above them whatever the most popular group keeps beside the list's choice, or no
 * relevant item of the user ever comes that low. Lists hold what reaches the floors, so that, where
 * kernels screen rows, most rows are never scored.
 *
 * <p>The numbers of entries above depend on two (group, choice) pairs alone, so they are kept too,
 * a byte a hit, as far as memory allows: a configuration all of whose pairs were seen before costs
 * G sums of G rows of bytes. Where memory is short they are given up first, and ranks are looked up
 * in the lists.
 *
 * <p>Exact means: the same bits of score as the device runtime's, the items' prior included, ties
 * by lower packed row, for every user that is judged.
 */
package org.concertina.judge;
