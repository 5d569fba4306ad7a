/**
 * Interactions: reading, id maps, splits, and their off-heap form.
 *
 * <p>Enters: a directory with {@code train.txt[.gz]} and optionally {@code valid.txt[.gz]} and
 * {@code test.txt[.gz]}, one line a user ({@code user item item ...}). Leaves: {@link
 * org.concertina.interaction.InteractionData}, three CSR matrices over dense ids.
 *
 * <p>Invariants: users are indexed from 0 by ascending external id; items are indexed from 0 by
 * descending training popularity, ties by ascending external id, so that an item's index is its
 * popularity rank; a row's items ascend and are distinct; no pair is in two splits; popularity is
 * counted on the training matrix that leaves, never on held-out interactions; only {@link
 * org.concertina.interaction.InteractionData#withValidationInTrain} keeps the order of the items
 * that it was made from. What was read does not depend on the order of lines, on compression, or on
 * the platform.
 */
package org.concertina.interaction;
