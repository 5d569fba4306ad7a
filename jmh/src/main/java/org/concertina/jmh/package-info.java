/**
 * JMH benchmarks of the engine's kernels.
 *
 * <p>Enters: parameters and fixed seeds. Leaves: scores. Invariant: before anything is timed, the
 * setup compares every variant with a double-precision loop and throws where they differ.
 */
package org.concertina.jmh;
