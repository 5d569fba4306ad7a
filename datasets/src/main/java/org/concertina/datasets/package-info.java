/**
 * Synthetic interactions from a seeded model whose true scores are known, for demonstrations, tests
 * and benchmarks.
 *
 * <p>Enters: a {@link org.concertina.datasets.SyntheticConfig}. Leaves: true scores by {@link
 * org.concertina.datasets.SyntheticModel}, a log of any size by {@link
 * org.concertina.datasets.SyntheticLog}, or training and test files by {@link
 * org.concertina.datasets.SyntheticInteractions}. The same configuration gives the same
 * interactions on every platform and with every number of threads.
 */
package org.concertina.datasets;
