package org.concertina.train;

import org.concertina.metric.RankingQuality;

/** Hears how a run goes; called by the training thread, so it must be quick. */
public interface TrainListener {
  /** Called once if a checkpoint was found. */
  default void resumed(int epoch) {}

  /**
   * Called after every batch.
   *
   * @param epoch the epoch under way, from 1
   * @param pairsDone training pairs of this epoch so far
   * @param pairs training pairs of an epoch
   * @param meanLoss mean loss of the epoch's pairs so far
   */
  default void batch(int epoch, long pairsDone, long pairs, double meanLoss) {}

  /**
   * Called after every epoch.
   *
   * @param meanLoss mean loss of the epoch's pairs
   * @param seconds time that the epoch took, without validation
   */
  default void epoch(int epoch, double meanLoss, double seconds) {}

  /** Called after every validation. */
  default void validated(int epoch, RankingQuality quality, boolean best) {}

  /** Called when patience ran out. */
  default void stoppedEarly(int epoch, int bestEpoch) {}
}
