/**
 * Training of the block table.
 *
 * <p>Enters: {@link org.concertina.interaction.InteractionData} and a {@link
 * org.concertina.train.TrainConfig}. Leaves: an {@link org.concertina.train.EmbeddingModel}, on
 * disk with its provenance.
 *
 * <p>An {@link org.concertina.train.Encoder} makes vectors from trained weights, and moves the
 * weights by the vectors' gradients through a {@link org.concertina.train.RowOptimizer}; the rest
 * of a batch is the same for all of them. A checkpoint holds weights and what the optimiser
 * remembers of them, a model the vectors.
 *
 * <p>One batch is three parallel phases between barriers, after the encoder's forward and before
 * its backward pass. (1) Every distinct item of the batch is masked and normalised into a slot; the
 * negatives are the first slots, so they are the right-hand matrix as they stand. (2) The batch's
 * pairs are cut into a fixed number of partitions; a partition goes through tiles of 48 pairs, and
 * for a tile the scores of all shared negatives, their exponentials and both gradient products stay
 * in the second-level cache. (3) Every distinct user and item sums its gradient in a fixed order,
 * goes back through its norm, and hands the gradient of its vector to the encoder, which for {@code
 * factor} moves the row there and then. The next batch is drawn while phase 3 runs, whose tasks are
 * short enough to fill what that leaves of the other threads.
 *
 * <p>BPR has a loop of its own, {@link org.concertina.train.BprEpochs}: no batches, no optimiser, a
 * step a triple, on cosines by default: everything downstream ranks by them, and the lengths that
 * dot products teach rows would be left out.
 *
 * <p>With quantisation in the loop, phase 1 replaces every item row by what is read back of its
 * codes, and phase 3 moves the float row as if the codes were it.
 *
 * <p>A refit trains what a run has chosen by validation once more on training and validation
 * interactions; its header says so, and whatever judges by validation asks {@link
 * org.concertina.train.TrainedModel#requireUnseenValidation} first.
 *
 * <p>Invariants: a run depends on data, configuration and seed, never on the number of threads,
 * unless it is lock-free; all draws are hashes of (seed, epoch, batch, counter), so a checkpoint
 * needs no generator state; nothing is allocated per batch.
 */
package org.concertina.train;
