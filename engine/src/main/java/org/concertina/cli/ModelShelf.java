package org.concertina.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.concertina.cli.TrainService.Again;
import org.concertina.interaction.InteractionData;
import org.concertina.interaction.ReadOptions;
import org.concertina.record.RecordKey;
import org.concertina.train.TrainConfig;
import org.concertina.train.TrainedModel;

/** Models of one data set in a folder, each trained when it is first asked for. */
final class ModelShelf {
  private final Session session;
  private final TrainService service;
  private final InteractionData data;
  private final ReadOptions reading;
  private final Path folder;
  private final HistoryStart historyStart;
  private final boolean fresh;
  private final Map<String, TrainService.Outcome> trained = new LinkedHashMap<>();

  /**
   * @param historyStart what models start from
   * @param fresh whether to train again what an earlier run has left
   */
  ModelShelf(
      Session session,
      InteractionData data,
      ReadOptions reading,
      Path folder,
      HistoryStart historyStart,
      boolean fresh) {
    this.session = session;
    this.service = new TrainService(session);
    this.data = data;
    this.reading = reading;
    this.folder = folder;
    this.historyStart = historyStart;
    this.fresh = fresh;
  }

  /** Names a model by all of its settings, those of the data's reading included. */
  String name(TrainConfig config) {
    Map<String, Object> settings = new LinkedHashMap<>();
    settings.put("config", config.toString());
    settings.put("dataHash", Json.hash(data.dataHash()));
    settings.put("validationShare", reading.validationShare());
    settings.put("splitSeed", reading.seed());
    startName(config).ifPresent(start -> settings.put("start", start));
    return RecordKey.of("model", settings);
  }

  /** Names the history model that the model starts from, if it does. */
  Optional<String> startName(TrainConfig config) {
    return historyStart.precedes(config)
        ? Optional.of(name(historyStart.config(config)))
        : Optional.empty();
  }

  /** Trains if need be, or says how that went. */
  TrainService.Outcome train(TrainConfig config) throws IOException, CommandFailure {
    String name = name(config);
    TrainService.Outcome known = trained.get(name);
    if (known == null) {
      Path start = null;
      if (historyStart.precedes(config)) {
        TrainConfig first = historyStart.config(config);
        train(first);
        start = file(name(first));
      }
      known =
          service.train(data, reading, config, start, file(name), fresh ? Again.FRESH : Again.TAKE);
      trained.put(name, known);
    }
    return known;
  }

  /** Trains if need be and opens; the caller closes. */
  TrainedModel open(TrainConfig config) throws IOException, CommandFailure {
    train(config);
    return TrainedModel.open(file(name(config)));
  }

  /**
   * Goes on from the model of a configuration, if need be, and opens; the caller closes.
   *
   * @param more how to go on
   * @param codeBits bits of the codes that the loss sees item rows in, or 0
   */
  TrainedModel openMore(TrainConfig first, TrainConfig more, int codeBits)
      throws IOException, CommandFailure {
    train(first);
    Path out = file("%s-%s-codes%d".formatted(name(first), name(more), codeBits));
    new TrainService(session, codeBits)
        .train(data, reading, more, file(name(first)), out, fresh ? Again.FRESH : Again.TAKE);
    return TrainedModel.open(out);
  }

  private Path file(String name) {
    return folder.resolve(name + ".model");
  }
}
