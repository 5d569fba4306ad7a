/**
 * Other ways to make a trained item table small, to compare with.
 *
 * <p>Enters: a trained table. Leaves: the table that a device would compute with, as plain floats,
 * and the bytes that the device would need for it. Invariant: bytes count everything, ids, priors
 * and a header included, as those of an artifact do. Nothing here is trained: each compresses what
 * was trained in full.
 */
package org.concertina.baseline;
