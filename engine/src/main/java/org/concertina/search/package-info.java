/**
 * The search for the best configuration under a memory budget.
 *
 * <p>Enters: judges, a {@link org.concertina.search.SearchSpace}, budgets. Leaves: a {@link
 * org.concertina.search.ParetoFront} of configurations from the smallest artifact to the whole
 * table, each with its exact metric, from which any budget is a look-up.
 *
 * <p>A {@link org.concertina.search.SearchRun} labels sampled configurations exactly and trains the
 * estimator on them; NSGA-II spreads one population over all sizes; then, size by size, islands
 * evolve populations against the estimator, started from everything that is known, the winners are
 * judged exactly, and the best is polished by a short exact local search. Every {@link
 * org.concertina.search.SearchStrategy} can also be asked for by itself.
 *
 * <p>The final choice guards against its own judge. The more configurations compete, the more the
 * winner owes to the users who were asked: on Gowalla, with a third of the validation users kept
 * apart from everything (means over four ways to draw that third and six budgets from 0.4 to 2 MB),
 * Recall@20 there was
 *
 * <pre>
 * .1606  uniform, plain tables, popularity-skewed at one skew
 * .1622  popularity-skewed at the best of several skews, mixed precisions included
 * .1621  the best of those and of all that was searched, by the mean of both halves
 * .1622  the same, but searched only if better by more than a standard error on both halves together
 * </pre>
 *
 * and in five draws and seven budgets .1607 for the greedy path and .1625 for evolution by its
 * selecting half alone, where the best by both halves had .1630. So the smooth family with one
 * parameter is what has to be beaten: a searched configuration is chosen over the best simple one
 * only if its gain on all validation users is more than its standard error (paired bootstrap over
 * users) and the users who did not choose it see a gain too. Groups of equal popularity mass had
 * .0004 more than groups of equal count in those runs, which is less than they can tell.
 *
 * <p>Greedy gains are not submodular: a second block may bring more than the first, and groups
 * compete for the same top K. The lazy queue then takes a step that the plain one would not; where
 * gains are submodular both take the same path.
 *
 * <p>Invariants: every configuration that leaves fits its budget, the whole artifact counted; what
 * is chosen is never below a simple strategy on the judges; a run depends on its inputs and seed,
 * never on the number of threads.
 */
package org.concertina.search;
