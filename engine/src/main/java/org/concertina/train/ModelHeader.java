package org.concertina.train;

import org.concertina.interaction.InteractionData;

/**
 * What a model file says about itself, and what a checkpoint needs to go on.
 *
 * @param engineVersion version that wrote the file
 * @param dataHash hash of the interactions
 * @param validationShare share of the training interactions held out for validation
 * @param splitSeed seed of that hold-out
 * @param users rows of the user table
 * @param items rows of the item table
 * @param config the run's configuration
 * @param progress where the run stands
 * @param startHash hash of the tables that the run started from, 0 if it started from noise
 * @param refit what another run chose by validation if this one trains on validation too, else
 *     null, as in files of before
 */
public record ModelHeader(
    String engineVersion,
    long dataHash,
    double validationShare,
    long splitSeed,
    int users,
    int items,
    TrainConfig config,
    Progress progress,
    long startHash,
    Refit refit) {

  /** The header of a run that started from noise and chooses by validation. */
  public ModelHeader(
      String engineVersion,
      long dataHash,
      double validationShare,
      long splitSeed,
      int users,
      int items,
      TrainConfig config,
      Progress progress) {
    this(
        engineVersion,
        dataHash,
        validationShare,
        splitSeed,
        users,
        items,
        config,
        progress,
        0,
        null);
  }

  /**
   * What was chosen by validation before training on validation too. Nothing may be chosen by the
   * validation interactions again for such a model; what they chose for the model that was chosen,
   * such as a configuration, goes for this one too.
   *
   * @param chosenHash hash of the tables of the model that was chosen; 0 in files of before
   * @param epochs passes over the pairs, of those that the learning rate's fall is laid out for
   * @param chosenRecallAt20 Recall@20 on validation of the run that chose them
   * @param chosenNdcgAt20 NDCG@20 on validation of the run that chose them
   */
  public record Refit(
      long chosenHash, int epochs, double chosenRecallAt20, double chosenNdcgAt20) {}

  /**
   * Where a run stands.
   *
   * @param epoch epochs done
   * @param bestEpoch epoch of the best validation, or of the last checkpoint without validation; 0
   *     if there was none
   * @param bestRecallAt20 Recall@20 on validation at that epoch, 0 without validation
   * @param bestNdcgAt20 NDCG@20 on validation at that epoch, 0 without validation
   * @param trainSeconds time spent in training, validation included
   */
  public record Progress(
      int epoch, int bestEpoch, double bestRecallAt20, double bestNdcgAt20, double trainSeconds) {
    /** Nothing done yet. */
    static final Progress START = new Progress(0, 0, 0, 0, 0);
  }

  /**
   * The header of a run that has not begun.
   *
   * @param validationShare share that {@code data} was read with
   * @param splitSeed seed that {@code data} was read with
   */
  public static ModelHeader start(
      String engineVersion,
      InteractionData data,
      double validationShare,
      long splitSeed,
      TrainConfig config) {
    return new ModelHeader(
        engineVersion,
        data.dataHash(),
        validationShare,
        splitSeed,
        data.users(),
        data.items(),
        config,
        Progress.START);
  }

  ModelHeader withProgress(Progress now) {
    return with(now, startHash, refit);
  }

  private ModelHeader with(Progress now, long hash, Refit chosen) {
    return new ModelHeader(
        engineVersion,
        dataHash,
        validationShare,
        splitSeed,
        users,
        items,
        config,
        now,
        hash,
        chosen);
  }

  /** The same run, started from an earlier model's tables. */
  public ModelHeader startedFrom(WarmStart start) {
    return with(progress, start.model().tableHash(), refit);
  }

  /**
   * The run that trains what this one has chosen by validation once more, for as many epochs, on
   * training and validation interactions together.
   *
   * @param tableHash of the model that it has chosen
   * @throws IllegalStateException if this run has chosen nothing
   */
  public ModelHeader toRefit(long tableHash) {
    if (refit != null || progress.bestEpoch() < 1) {
      throw new IllegalStateException("nothing was chosen by validation: " + this);
    }
    Refit chosen =
        new Refit(
            tableHash, progress.bestEpoch(), progress.bestRecallAt20(), progress.bestNdcgAt20());
    return with(Progress.START, startHash, chosen);
  }

  /** Whether another run would compute the same, wherever it stands. */
  public boolean sameRun(ModelHeader other) {
    return withProgress(Progress.START).equals(other.withProgress(Progress.START));
  }
}
