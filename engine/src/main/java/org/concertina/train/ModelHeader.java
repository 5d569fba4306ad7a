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
    long startHash) {

  /** The header of a run that started from noise. */
  public ModelHeader(
      String engineVersion,
      long dataHash,
      double validationShare,
      long splitSeed,
      int users,
      int items,
      TrainConfig config,
      Progress progress) {
    this(engineVersion, dataHash, validationShare, splitSeed, users, items, config, progress, 0);
  }

  /**
   * Where a run stands.
   *
   * @param epoch epochs done
   * @param bestEpoch epoch of the best validation, 0 if there was none
   * @param bestRecallAt20 Recall@20 on validation at that epoch
   * @param bestNdcgAt20 NDCG@20 on validation at that epoch
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
    return new ModelHeader(
        engineVersion, dataHash, validationShare, splitSeed, users, items, config, now, startHash);
  }

  private ModelHeader withStart(long hash) {
    return new ModelHeader(
        engineVersion, dataHash, validationShare, splitSeed, users, items, config, progress, hash);
  }

  /** The same run, started from an earlier model's tables. */
  public ModelHeader startedFrom(WarmStart start) {
    return withStart(start.model().tableHash());
  }

  /** Whether another run would compute the same, wherever it stands. */
  public boolean sameRun(ModelHeader other) {
    return withProgress(Progress.START).equals(other.withProgress(Progress.START));
  }
}
