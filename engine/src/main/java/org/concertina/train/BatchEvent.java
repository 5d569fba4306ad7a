package org.concertina.train;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** Flight Recorder: one training step. One object serves all batches of a run. */
@Name("org.concertina.Batch")
@Label("Batch")
@Description("One training step: forward, backward and update")
@Category("Concertina")
@StackTrace(false)
final class BatchEvent extends Event {
  @Label("Epoch")
  @Description("Epochs count from 1")
  int epoch;

  @Label("Number")
  @Description("Batch of the epoch, from 1")
  long number;

  @Label("Pairs")
  @Description("Training pairs of the batch")
  int pairs;

  @Label("Loss")
  @Description("Mean loss of the batch's pairs")
  double loss;

  /** Records a batch that {@link #begin} has begun. */
  void done(int epochNow, long batch, int pairsDone, double lossSum) {
    end();
    if (shouldCommit()) {
      epoch = epochNow;
      number = batch;
      pairs = pairsDone;
      loss = lossSum / pairsDone;
      commit();
    }
  }
}
