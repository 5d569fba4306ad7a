package org.concertina.train;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Frequency;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** Flight Recorder: one pass over the training pairs. */
@Name("org.concertina.Epoch")
@Label("Epoch")
@Description("One pass over the training pairs, validation not included")
@Category("Concertina")
@StackTrace(false)
final class EpochEvent extends Event {
  @Label("Number")
  @Description("Epochs count from 1")
  int number;

  @Label("Pairs")
  @Description("Training pairs that the epoch went through")
  long pairs;

  @Label("Mean Loss")
  @Description("Mean loss of the pairs")
  double meanLoss;

  @Label("Pair Rate")
  @Description("Training pairs a second")
  @Frequency
  double pairsPerSecond;

  /** Records an epoch that {@link #begin} has begun. */
  void done(int epoch, long pairsDone, double loss, double seconds) {
    end();
    if (shouldCommit()) {
      number = epoch;
      pairs = pairsDone;
      meanLoss = loss;
      pairsPerSecond = pairsDone / seconds;
      commit();
    }
  }
}
