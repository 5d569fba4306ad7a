package org.concertina.train;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.Percentage;
import jdk.jfr.StackTrace;
import org.concertina.metric.RankingQuality;

/** Flight Recorder: the full table measured on one split. */
@Name("org.concertina.Evaluation")
@Label("Evaluation")
@Description("The full table measured on the users of a split, over all items")
@Category("Concertina")
@StackTrace(false)
public final class EvaluationEvent extends Event {
  /** The cut-off of the metrics. */
  public static final int CUTOFF = 20;

  @Label("Split")
  @Description("valid or test")
  String split;

  @Label("Users")
  @Description("Users with relevant items")
  long users;

  @Label("Recall@20")
  @Percentage
  double recallAt20;

  @Label("NDCG@20")
  @Percentage
  double ndcgAt20;

  /** Records an evaluation that {@link #begin} has begun. */
  public void done(String splitName, RankingQuality at20) {
    end();
    if (shouldCommit()) {
      split = splitName;
      users = at20.users();
      recallAt20 = at20.recall();
      ndcgAt20 = at20.ndcg();
      commit();
    }
  }
}
