package org.concertina.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.concertina.interaction.InteractionData;
import org.concertina.interaction.InteractionReader;
import org.concertina.interaction.ReadOptions;
import org.concertina.interaction.ReadReport;
import org.concertina.metric.RankingQuality;
import org.concertina.train.ModelFormatException;
import org.concertina.train.ModelHeader;
import org.concertina.train.TrainConfig;
import org.concertina.train.TrainListener;
import org.concertina.train.TrainedModel;
import org.concertina.train.Trainer;
import org.concertina.train.WarmStart;

/** Reads interactions and trains models on them. */
final class TrainService {
  private static final long LINE_INTERVAL_NANOS = Duration.ofMillis(200).toNanos();

  private final Session session;
  private final Console console;

  TrainService(Session session) {
    this.session = session;
    this.console = session.console();
  }

  /**
   * What came of training.
   *
   * @param header of the best model
   * @param fileBytes size of the model file
   * @param trainSeconds time of the whole run, validation included
   * @param pairsPerSecond training pairs a second, validation not counted
   */
  record Outcome(ModelHeader header, long fileBytes, double trainSeconds, double pairsPerSecond) {
    Map<String, Object> json(Path model, ReadReport report) {
      Map<String, Object> json = new LinkedHashMap<>();
      json.put("model", model.toString());
      json.put("fileBytes", fileBytes);
      json.put("data", report);
      json.put("dataHash", Json.hash(header.dataHash()));
      json.put("config", header.config());
      json.put("bestEpoch", header.progress().bestEpoch());
      json.put("split", "valid");
      json.put("recallAt20", header.progress().bestRecallAt20());
      json.put("ndcgAt20", header.progress().bestNdcgAt20());
      json.put("trainSeconds", trainSeconds);
      json.put("pairsPerSecond", pairsPerSecond);
      return json;
    }
  }

  /** Reads a data set and says what it holds. */
  InteractionData read(Path directory, ReadOptions options) throws IOException {
    InteractionData data = InteractionReader.read(directory, options);
    console.note(directory + ": " + data.report().summary());
    return data;
  }

  /** What the same run has left at {@code out} if it went through to its end. */
  Optional<Outcome> finished(
      InteractionData data, ReadOptions reading, TrainConfig config, Path out) throws IOException {
    if (!Files.exists(out) || Files.exists(Trainer.checkpointOf(out))) {
      return Optional.empty();
    }
    try (TrainedModel model = TrainedModel.open(out)) {
      ModelHeader header = model.header();
      if (!header.sameRun(start(data, reading, config))) {
        return Optional.empty();
      }
      double seconds = header.progress().trainSeconds();
      double pairs = (double) data.train().size() * header.progress().epoch();
      return Optional.of(new Outcome(header, Files.size(out), seconds, pairs / seconds));
    }
  }

  static ModelHeader start(InteractionData data, ReadOptions reading, TrainConfig config) {
    return ModelHeader.start(
        EngineVersion.current(), data, reading.validationShare(), reading.seed(), config);
  }

  /**
   * Trains, or goes on with a run that was stopped.
   *
   * @param fresh whether to delete a checkpoint that is there
   */
  Outcome train(
      InteractionData data, ReadOptions reading, TrainConfig config, Path out, boolean fresh)
      throws IOException, CommandFailure {
    return train(data, reading, config, null, out, fresh);
  }

  /**
   * Trains from an earlier model, or goes on with such a run that was stopped.
   *
   * @param from the earlier model, or null to start from noise
   * @param fresh whether to delete a checkpoint that is there
   */
  Outcome train(
      InteractionData data,
      ReadOptions reading,
      TrainConfig config,
      Path from,
      Path out,
      boolean fresh)
      throws IOException, CommandFailure {
    requireValidation(data);
    Path checkpoint = Trainer.checkpointOf(out);
    if (fresh) {
      Files.deleteIfExists(checkpoint);
    } else if (Files.exists(checkpoint) && !Files.exists(out)) {
      throw new CommandFailure(
          checkpoint + ": its model " + out + " is gone; start anew with --fresh");
    }
    console.note("kernels: " + session.ops().name());
    ModelHeader blank = start(data, reading, config);
    if (from == null) {
      return run(data, config, blank, null, out);
    }
    try (TrainedModel earlier = TrainedModel.open(from)) {
      WarmStart warm = warmStart(earlier, from, data, config);
      return run(data, config, blank.startedFrom(warm), warm, out);
    }
  }

  static void requireValidation(InteractionData data) throws CommandFailure {
    if (data.validation().size() == 0) {
      throw new CommandFailure(
          "no validation interactions to choose the model by: raise --validation-share, or add a"
              + " valid.txt to the data (users with fewer than 5 training items give none)");
    }
  }

  private WarmStart warmStart(
      TrainedModel earlier, Path from, InteractionData data, TrainConfig config)
      throws CommandFailure {
    try {
      WarmStart warm = WarmStart.of(earlier, data, config);
      console.note(
          "starts from %s: %,d of %,d users and %,d of %,d items are known"
              .formatted(from, warm.users(), data.users(), warm.items(), data.items()));
      return warm;
    } catch (ModelFormatException unfit) {
      throw new CommandFailure("--from " + from + ": " + unfit.getMessage());
    }
  }

  private Outcome run(
      InteractionData data, TrainConfig config, ModelHeader blank, WarmStart warm, Path out)
      throws IOException {
    try (Progress progress = new Progress(config, data.train().size())) {
      ModelHeader header =
          new Trainer(data, config, session.ops(), session.pool(), progress).run(blank, warm, out);
      return new Outcome(
          header, Files.size(out), progress.trainSeconds(), progress.pairsPerSecond());
    }
  }

  /** Shows a run on the console. */
  private final class Progress implements TrainListener, AutoCloseable {
    private final int epochs;
    private final long pairs;
    private final long start = System.nanoTime();
    private ProgressLine line;
    private long pairsDone;
    private double epochSeconds;
    private long lastLine;

    Progress(TrainConfig config, long pairs) {
      this.epochs = config.schedule().epochs();
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
        line = console.progress("train", "pairs", epochs * pairs, (epoch - 1L) * pairs);
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
}
