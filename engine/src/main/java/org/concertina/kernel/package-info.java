/**
 * The few vector operations that everything needs: an interface for each family, and {@link
 * org.concertina.kernel.VectorOps} with one of each.
 *
 * <p>Enters: native memory segments, byte offsets, sizes. Leaves: numbers, or segments changed in
 * place. {@link org.concertina.kernel.scalar} is the oracle, plain and obviously right; {@link
 * org.concertina.kernel.panama} is the Vector API; {@link org.concertina.kernel.ffm} has C for some
 * of them.
 *
 * <p>Invariants: operations check every range once, at entry, and allocate nothing. Operations that
 * say "bit-exact" give the same bits in every provider and at every vector width: each result is
 * one chain of fused multiply-adds in index order, so no lane is ever summed across. That is what
 * makes judge, full ranking and device runtime agree to the last id.
 */
package org.concertina.kernel;
