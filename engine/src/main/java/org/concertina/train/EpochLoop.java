package org.concertina.train;

/** One way to go through the training pairs. */
interface EpochLoop {
  /** Trains epoch {@code epoch}, from 1, and tells the listener. */
  void run(int epoch);

  /** The tables as a saved model has them; valid until the next epoch. */
  EmbeddingModel materialize();
}
