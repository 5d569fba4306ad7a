/**
 * The device runtime: recommendations from an artifact inside a memory cap.
 *
 * <p>Enters: an artifact, a cap, a user's vector or history, or the row of a user whose vector the
 * artifact holds. Leaves: the rows of the best items and their scores. Invariants: every off-heap
 * byte, the file included, is taken from the cap, and all are given back at the close; a warm
 * request allocates nothing; equal scores rank by lower row; an item's prior is part of its score;
 * a row that is excluded, and a score that is not a number, are never returned. Items of a group
 * that the artifact dropped are unknown items.
 *
 * <p>A {@link org.concertina.serve.DeviceRuntime} is shared by all threads; each thread has a
 * {@link org.concertina.serve.Recommender} of its own, or a {@link
 * org.concertina.serve.BatchRecommender} for several users at once. Row numbers are those of the
 * artifact; its ids convert them. A {@link org.concertina.serve.ReloadableRuntime} lends
 * recommenders to any thread and replaces its artifact while they are in use.
 */
package org.concertina.serve;
