package org.concertina.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.concertina.cli.TrialLog.Trial;
import org.concertina.interaction.InteractionData;
import org.concertina.interaction.ReadOptions;
import org.concertina.train.ModelHeader;
import org.concertina.train.TrainConfig;
import org.concertina.train.TrainListener;
import org.concertina.train.Trainer;

/**
 * Random search with successive halving, judged by NDCG@20 on validation users.
 *
 * <p>Every trial of a rung is a whole run of its own, with the learning rate falling to its end, so
 * that what a rung compares is what {@code train} would give. Test interactions are never ranked.
 */
final class TuneService {
  private static final int HASH_BYTES = 8;
  private static final Comparator<Trial> BEST_FIRST =
      Comparator.comparingDouble(Trial::ndcgAt20).reversed().thenComparingInt(Trial::trial);

  private final Session session;
  private final InteractionData data;
  private final ReadOptions reading;
  private final TuneOptions options;
  private final TrainOptions base;

  TuneService(
      Session session,
      InteractionData data,
      ReadOptions reading,
      TuneOptions options,
      TrainOptions base) {
    this.session = session;
    this.data = data;
    this.reading = reading;
    this.options = options;
    this.base = base;
  }

  /** A hash of everything that decides what a trial finds. */
  String search() {
    String all =
        String.join(
            "\n",
            Json.hash(data.dataHash()),
            reading.validationShare() + " " + reading.seed(),
            options.space(),
            base.config(session.seed()).toString());
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(all.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest, 0, HASH_BYTES);
    } catch (NoSuchAlgorithmException absent) {
      throw new AssertionError("every JDK has SHA-256", absent);
    }
  }

  /**
   * Runs the trials that {@code log} does not have.
   *
   * @param work folder for the models under way; there only while one is
   * @return the last rung, best first
   */
  List<Trial> run(TrialLog log, Path work) throws IOException, CommandFailure {
    TrainService.requireValidation(data);
    int total = 0;
    for (int rung = 0; rung < options.rungs; rung++) {
      total += options.trialsOf(rung) * options.epochsOf(rung, base.epochs());
    }
    List<Integer> alive = IntStream.range(0, options.trials).boxed().toList();
    List<Trial> ranked = List.of();
    int epochs = 0;
    try (ProgressLine line = session.console().progress("tune", "epochs", total, 0)) {
      for (int rung = 0; rung < options.rungs; rung++) {
        List<Trial> trials = new ArrayList<>();
        for (int trial : alive) {
          Optional<Trial> known = log.find(rung, trial);
          if (known.isEmpty()) {
            known = Optional.of(train(log, work, rung, trial, epochs, line));
          }
          trials.add(known.get());
          epochs += known.get().epochs();
        }
        ranked = trials.stream().sorted(BEST_FIRST).toList();
        alive =
            ranked.stream()
                .limit(options.trialsOf(rung + 1))
                .map(Trial::trial)
                .sorted()
                .collect(Collectors.toList());
        session.console().note("rung %d: %s".formatted(rung, describe(ranked.getFirst())));
      }
    }
    Files.deleteIfExists(work);
    return ranked;
  }

  static String describe(Trial trial) {
    return "trial %d, validation NDCG@20 %.4f, Recall@20 %.4f; %s"
        .formatted(trial.trial(), trial.ndcgAt20(), trial.recallAt20(), trial.settings());
  }

  private Trial train(
      TrialLog log, Path work, int rung, int trial, int epochsBefore, ProgressLine line)
      throws IOException {
    int epochs = options.epochsOf(rung, base.epochs());
    TrialSettings settings = options.settings(base, session.seed(), trial);
    TrainConfig config = settings.config(base, session.seed(), epochs);
    Files.createDirectories(work);
    Path model = work.resolve("%s-rung-%d-trial-%d".formatted(search(), rung, trial));
    Path checkpoint = Trainer.checkpointOf(model);
    if (!Files.exists(model)) {
      Files.deleteIfExists(checkpoint);
    }
    TrainListener listener =
        new TrainListener() {
          @Override
          public void epoch(int epoch, double meanLoss, double seconds) {
            line.advance(
                (long) epochsBefore + epoch,
                "rung %d, trial %d, loss %.4f".formatted(rung, trial, meanLoss));
          }
        };
    ModelHeader.Progress progress =
        new Trainer(data, config, session.ops(), session.pool(), listener)
            .run(TrainService.start(data, reading, config), model)
            .progress();
    Trial done =
        new Trial(
            search(),
            rung,
            trial,
            epochs,
            settings,
            progress.bestEpoch(),
            progress.bestRecallAt20(),
            progress.bestNdcgAt20(),
            progress.trainSeconds());
    log.append(done);
    Files.deleteIfExists(model);
    session.console().note("rung %d: %s".formatted(rung, describe(done)));
    return done;
  }
}
