package org.concertina.cli;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.concertina.block.Groups;
import org.concertina.interaction.InteractionData;
import org.concertina.record.RecordKey;
import org.concertina.search.Budget;
import org.concertina.search.FrontConfig;
import org.concertina.search.SearchConfig;
import org.concertina.search.SearchSpace;
import org.concertina.search.StrategyKind;
import org.concertina.train.TrainConfig;
import org.concertina.train.TrainedModel;

/**
 * What every experiment starts from.
 *
 * @param session threads and console
 * @param data the interactions
 * @param dataName what the data set is called in records
 * @param folder for what is made on the way
 * @param models trained so far
 * @param trainOptions how models are trained, unless an experiment changes it
 * @param searchOptions how configurations are searched, unless an experiment changes it
 * @param budgets to measure
 * @param seeds to repeat everything with
 */
record ExperimentSetup(
    Session session,
    InteractionData data,
    String dataName,
    Path folder,
    ModelShelf models,
    TrainOptions trainOptions,
    SearchOptions searchOptions,
    List<Budget> budgets,
    List<Long> seeds) {
  /** Cut-offs of every measurement. */
  private static final int[] CUTOFFS = {20, 50, 100};

  ExperimentSetup withBudgets(List<Budget> others) {
    return new ExperimentSetup(
        session, data, dataName, folder, models, trainOptions, searchOptions, others, seeds);
  }

  int[] cutoffs() {
    return CUTOFFS.clone();
  }

  /** Test if the data has it. */
  Split split() {
    return data.test().size() > 0 ? Split.TEST : Split.VALID;
  }

  TrainConfig train(long seed) {
    return trainOptions.config(seed);
  }

  SearchSpace space(TrainConfig train) {
    return searchOptions.space(train.shape(), groups(train.groups()));
  }

  /** Groups that artifacts of a model have. */
  Groups groups(TrainedModel model) {
    return groups(model.groups().count());
  }

  private Groups groups(int count) {
    return searchOptions.groupBy.groups(data.train(), count);
  }

  SearchConfig search(long seed, StrategyKind strategy) {
    SearchConfig config = searchOptions.config(seed);
    return config.withFront(
        new FrontConfig(strategy, config.front().sizes(), config.front().standardErrors()));
  }

  /**
   * Parameters that every record has.
   *
   * @param choice what or who is measured, for people
   */
  Map<String, Object> parameters(String choice, TrainConfig train) {
    Map<String, Object> parameters = new LinkedHashMap<>();
    parameters.put("data", dataName);
    parameters.put("dataHash", Json.hash(data.dataHash()));
    parameters.put("settings", settings());
    parameters.put("choice", choice);
    parameters.put("seed", train.seed());
    parameters.put("encoder", train.encoder().kind().name().toLowerCase(Locale.ROOT));
    parameters.put("dim", train.shape().dim());
    parameters.put("model", models.name(train));
    return parameters;
  }

  /** Names the options of the call, the same for all seeds. */
  private String settings() {
    TrainConfig train = train(0);
    Map<String, Object> settings = new LinkedHashMap<>();
    settings.put("train", train.toString());
    settings.put("space", space(train).toString());
    settings.put("search", searchOptions.config(0).toString());
    settings.put("groups", searchOptions.groupBy.toString());
    settings.put("ids", !searchOptions.noIds);
    settings.put("split", split().toString());
    models.startName(train).ifPresent(start -> settings.put("start", start));
    return RecordKey.of("settings", settings);
  }
}
