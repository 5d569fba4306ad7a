package org.concertina.cli;

import java.time.Duration;
import org.concertina.metric.RankingQuality;
import org.concertina.train.TrainListener;

/** Shows a run on the console. */
final class TrainProgress implements TrainListener, AutoCloseable {
  private static final long LINE_INTERVAL_NANOS = Duration.ofMillis(200).toNanos();

  private final Console console;
  private final String task;
  private final int epochs;
  private final long pairs;
  private final long start = System.nanoTime();
  private ProgressLine line;
  private long pairsDone;
  private double epochSeconds;
  private long lastLine;

  /**
   * @param task what the line begins with
   * @param epochs at most so many
   * @param pairs of an epoch
   */
  TrainProgress(Console console, String task, int epochs, long pairs) {
    this.console = console;
    this.task = task;
    this.epochs = epochs;
    this.pairs = pairs;
  }

  double trainSeconds() {
    return (System.nanoTime() - start) * 1e-9;
  }

  double pairsPerSecond() {
    return epochSeconds == 0 ? 0 : pairsDone / epochSeconds;
  }

  @Override
  public void resumed(int epoch) {
    console.note("goes on after epoch " + epoch + " of a run that was stopped");
  }

  @Override
  public void batch(int epoch, long pairsDone, long pairs, double meanLoss) {
    long now = System.nanoTime();
    if (line == null) {
      line = console.progress(task, "pairs", epochs * pairs, (epoch - 1L) * pairs);
    } else if (now - lastLine < LINE_INTERVAL_NANOS && pairsDone < pairs) {
      return; // before anything is allocated
    }
    lastLine = now;
    line.advance(
        (epoch - 1L) * pairs + pairsDone,
        "epoch %d/%d, loss %.4f".formatted(epoch, epochs, meanLoss));
  }

  @Override
  public void epoch(int epoch, double meanLoss, double seconds) {
    pairsDone += pairs;
    epochSeconds += seconds;
  }

  @Override
  public void validated(int epoch, RankingQuality quality, boolean best) {
    console.note(
        "epoch %d: validation Recall@20 %.4f, NDCG@20 %.4f%s"
            .formatted(epoch, quality.recall(), quality.ndcg(), best ? ", the best so far" : ""));
  }

  @Override
  public void stoppedEarly(int epoch, int bestEpoch) {
    console.note("stopped after epoch %d: no better since epoch %d".formatted(epoch, bestEpoch));
  }

  @Override
  public void close() {
    if (line != null) {
      line.close();
    }
  }
}
