/**
 * The search for the best configuration under a memory budget.
 *
 * <p>Enters: judges, a {@link org.concertina.search.SearchSpace}, budgets. Leaves: a {@link
 * org.concertina.search.ParetoFront} of configurations, each with its exact metric, from which any
 * later budget is a look-up.
 *
 * <p>A {@link org.concertina.search.SearchRun} labels sampled configurations exactly, trains the
 * estimator on them, evolves populations against the estimator on islands, judges the winners
 * exactly, polishes the best by a short exact local search, and confirms on users who did not
 * choose. Simple strategies ({@link org.concertina.search.UniformFirstK} and the whole table in one
 * precision, {@link org.concertina.search.PopularitySkewed}, {@link
 * org.concertina.search.GreedyGain}, {@link org.concertina.search.RandomConfigs}) are seeds of the
 * population and candidates of the final choice, so the result is never worse than they are on the
 * judges.
 *
 * <p>Invariants: every configuration that leaves fits its budget, the whole artifact counted; a run
 * depends on its inputs and seed, never on the number of threads.
 */
package org.concertina.search;
