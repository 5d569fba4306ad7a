/**
 * Interactions for demonstrations and tests, made by a seeded generator.
 *
 * <p>Enters: a {@link org.concertina.datasets.SyntheticConfig}. Leaves: {@code train.txt.gz} and
 * {@code test.txt.gz}, one line a user ({@code user item item ...}). The same configuration gives
 * the same interactions on every platform and with every number of threads.
 */
package org.concertina.datasets;
