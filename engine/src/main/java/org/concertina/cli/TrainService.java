package org.concertina.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.concertina.interaction.InteractionData;
import org.concertina.interaction.InteractionReader;
import org.concertina.interaction.ReadOptions;
import org.concertina.interaction.ReadReport;
import org.concertina.train.EncoderKind;
import org.concertina.train.ModelFormatException;
import org.concertina.train.ModelHeader;
import org.concertina.train.Similarity;
import org.concertina.train.TrainConfig;
import org.concertina.train.TrainedModel;
import org.concertina.train.Trainer;
import org.concertina.train.WarmStart;

/** Reads interactions and trains models on them. */
final class TrainService {
  private final Session session;
  private final Console console;
  private final int codeBits;

  TrainService(Session session) {
    this(session, 0);
  }

  /**
   * @param codeBits bits of the codes that the loss sees item rows in, or 0; see {@link Trainer}
   */
  TrainService(Session session, int codeBits) {
    this.session = session;
    this.codeBits = codeBits;
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

    /** Of a history model that another starts from, of the same data and much the same settings. */
    Map<String, Object> historyJson(Path model) {
      Map<String, Object> json = new LinkedHashMap<>();
      json.put("model", model.toString());
      json.put("bestEpoch", header.progress().bestEpoch());
      json.put("recallAt20", header.progress().bestRecallAt20());
      json.put("ndcgAt20", header.progress().bestNdcgAt20());
      json.put("trainSeconds", trainSeconds);
      return json;
    }

    /** Of a refit, which no validation has measured. */
    Map<String, Object> refitJson(Path model) {
      Map<String, Object> json = new LinkedHashMap<>();
      json.put("model", model.toString());
      json.put("fileBytes", fileBytes);
      json.put("epochs", header.refit().epochs());
      json.put("trainSeconds", trainSeconds);
      json.put("pairsPerSecond", pairsPerSecond);
      return json;
    }

    /** Of a refit, for people. */
    String refitLine(Path model) {
      return "%s: %,d bytes, %d epochs on training and validation interactions, %.1f s; only test may measure it"
          .formatted(model, fileBytes, header.refit().epochs(), trainSeconds);
    }
  }

  /** What becomes of what the same run has left. */
  enum Again {
    /** A checkpoint is deleted, a model overwritten. */
    FRESH,
    /** A run that was stopped goes on, a model is overwritten. */
    GO_ON,
    /** A run that was stopped goes on, a model is taken as it is. */
    TAKE
  }

  /** Reads a data set and says what it holds. */
  InteractionData read(Path directory, ReadOptions options) throws IOException {
    InteractionData data = InteractionReader.read(directory, options);
    console.note(directory + ": " + data.report().summary());
    return data;
  }

  /** Where the refit of a model goes. */
  static Path refitOf(Path model) {
    return model.resolveSibling(model.getFileName() + ".refit");
  }

  static ModelHeader start(InteractionData data, ReadOptions reading, TrainConfig config) {
    return ModelHeader.start(
        EngineVersion.current(), data, reading.validationShare(), reading.seed(), config);
  }

  /**
   * Trains, or goes on with a run that was stopped.
   *
   * @param from an earlier model to start from, or null to start from noise
   * @param again what becomes of what the same run has left
   */
  Outcome train(
      InteractionData data,
      ReadOptions reading,
      TrainConfig config,
      Path from,
      Path out,
      Again again)
      throws IOException, CommandFailure {
    requireValidation(data);
    if (config.objective().similarity() == Similarity.DOT) {
      console.note(
          "bpr trains dot products; validation, search and packed tables rank by cosine,"
              + " which --similarity cosine trains");
    }
    Path checkpoint = Trainer.checkpointOf(out);
    if (again != Again.FRESH && Files.exists(checkpoint) && !Files.exists(out)) {
      throw new CommandFailure(
          checkpoint + ": its model " + out + " is gone; start anew with --fresh");
    }
    return train("train", data, start(data, reading, config), from, out, again);
  }

  /**
   * Trains the history model that a model starts from, if it does, beside it, unless the same run
   * has left it.
   *
   * @param config of the model that is to start from it
   * @param refit whether to train it on validation interactions too, for a refit to start from
   * @return what came of it, at {@link HistoryStart#fileOf} the model
   */
  Optional<Outcome> history(
      HistoryStart historyStart,
      InteractionData data,
      ReadOptions reading,
      TrainConfig config,
      Path model,
      boolean refit,
      Again again)
      throws IOException, CommandFailure {
    if (!historyStart.precedes(config)) {
      return Optional.empty();
    }
    Path out = HistoryStart.fileOf(model);
    OutputFiles.requireWritable("--history-epochs", out);
    requireNothingElse(out);
    Path checkpoint = Trainer.checkpointOf(model);
    if (again != Again.FRESH && Files.exists(checkpoint) && !Files.exists(out)) {
      throw new CommandFailure(
          checkpoint
              + ": the run that left it did not start from a history model; go on with"
              + " --history-epochs 0, or start anew with --fresh");
    }
    Again take = again == Again.FRESH ? Again.FRESH : Again.TAKE;
    console.note("first a history model to start from: " + out);
    Outcome outcome = train(data, reading, historyStart.config(config), null, out, take);
    if (refit) {
      refit(data, outcome, null, out, take);
    }
    return Optional.of(outcome);
  }

  /** Nobody has named the file of a history model: what else has that name must not be lost. */
  private static void requireNothingElse(Path historyModel) throws IOException, CommandFailure {
    if (!Files.exists(historyModel)) {
      return;
    }
    try (TrainedModel there = TrainedModel.open(historyModel)) {
      if (there.header().config().encoder().kind() == EncoderKind.HISTORY) {
        return;
      }
    } catch (ModelFormatException noModel) {
      // Said below, as of a model of another kind.
    }
    throw new CommandFailure(
        historyModel
            + ": is no history model, and --history-epochs would overwrite it; move it, name"
            + " another --out, or give --history-epochs 0");
  }

  /**
   * Trains what was chosen by validation once more, on training and validation interactions, into
   * {@link #refitOf} the model.
   *
   * @param chosen what {@link #train} has made of the same data
   * @param from what that started from, or null; if it has been refitted, the refit starts from its
   *     refit
   * @param again what becomes of what the same refit has left
   */
  Outcome refit(InteractionData data, Outcome chosen, Path from, Path model, Again again)
      throws IOException, CommandFailure {
    ModelHeader blank = chosen.header().toRefit(tableHash(model));
    try (InteractionData all = data.withValidationInTrain()) {
      console.note(
          "refit: %d epochs over %,d training and validation interactions"
              .formatted(blank.refit().epochs(), all.train().size()));
      Path start = from != null && Files.exists(refitOf(from)) ? refitOf(from) : from;
      return train("refit", all, blank, start, refitOf(model), again);
    }
  }

  private static long tableHash(Path file) throws IOException {
    try (TrainedModel model = TrainedModel.open(file)) {
      return model.tableHash();
    }
  }

  private Outcome train(
      String task, InteractionData data, ModelHeader blank, Path from, Path out, Again again)
      throws IOException, CommandFailure {
    if (again == Again.FRESH) {
      Files.deleteIfExists(Trainer.checkpointOf(out));
    }
    if (from == null) {
      return takeOrRun(task, data, blank, null, out, again);
    }
    try (TrainedModel earlier = TrainedModel.open(from)) {
      WarmStart warm = warmStart(earlier, from, data, blank.config(), blank.refit() != null);
      return takeOrRun(task, data, blank.startedFrom(warm), warm, out, again);
    }
  }

  private Outcome takeOrRun(
      String task, InteractionData data, ModelHeader blank, WarmStart warm, Path out, Again again)
      throws IOException {
    Optional<Outcome> done = again == Again.TAKE ? finished(data, blank, out) : Optional.empty();
    if (done.isPresent()) {
      console.note("takes the model of the same run: " + out);
      return done.get();
    }
    console.note("kernels: " + session.ops().name());
    int epochs =
        blank.refit() == null ? blank.config().schedule().epochs() : blank.refit().epochs();
    try (TrainProgress progress = new TrainProgress(console, task, epochs, data.train().size())) {
      ModelHeader header =
          new Trainer(data, blank.config(), session.ops(), session.pool(), progress, codeBits)
              .run(blank, warm, out);
      return new Outcome(
          header, Files.size(out), progress.trainSeconds(), progress.pairsPerSecond());
    }
  }

  /** What the same run has left at {@code out} if it went through to its end. */
  private static Optional<Outcome> finished(InteractionData data, ModelHeader blank, Path out)
      throws IOException {
    if (!Files.exists(out) || Files.exists(Trainer.checkpointOf(out))) {
      return Optional.empty();
    }
    try (TrainedModel model = TrainedModel.open(out)) {
      ModelHeader header = model.header();
      if (!header.sameRun(blank)) {
        return Optional.empty();
      }
      double seconds = header.progress().trainSeconds();
      double pairs = (double) data.train().size() * header.progress().epoch();
      return Optional.of(new Outcome(header, Files.size(out), seconds, pairs / seconds));
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
      TrainedModel earlier, Path from, InteractionData data, TrainConfig config, boolean refit)
      throws CommandFailure {
    boolean named = data.userNames().isPresent() || data.itemNames().isPresent();
    if (named && earlier.header().dataHash() != data.dataHash()) {
      throw new CommandFailure(
          "--from %s: was trained on other data, and where ids are names every data file numbers them anew; train from noise, or give users and items numbers"
              .formatted(from));
    }
    try {
      WarmStart warm = WarmStart.of(earlier, data, config, refit);
      console.note(
          "starts from %s: %,d of %,d users and %,d of %,d items are known"
              .formatted(from, warm.users(), data.users(), warm.items(), data.items()));
      return warm;
    } catch (ModelFormatException unfit) {
      throw new CommandFailure("--from " + from + ": " + unfit.getMessage());
    }
  }
}
