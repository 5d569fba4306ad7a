package org.concertina.train;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.concertina.interaction.InteractionData;
import org.concertina.interaction.InteractionMatrix;
import org.concertina.kernel.VectorOps;
import org.concertina.kernel.WorkerPool;
import org.concertina.memory.CappedArena;
import org.concertina.metric.RankingQuality;

/**
 * Runs the epochs, validates, keeps the best model, and leaves checkpoints from which a killed run
 * goes on to the same bits.
 *
 * <p>Without a validation split every model counts as the best one so far. The model of the best
 * validation is at {@code out} as soon as there is one. A run that is a {@link ModelHeader#refit}
 * validates nothing and saves its model at its end. The checkpoint {@code out.checkpoint} is
 * written after every validation, or where one would have been, and deleted at the end.
 */
public final class Trainer {
  private static final int CUTOFF = 20;

  private final InteractionData data;
  private final TrainConfig config;
  private final VectorOps ops;
  private final WorkerPool pool;
  private final TrainListener listener;
  private final InteractionMatrix train;
  private final int codeBits;

  /**
   * @param data what to train on; must stay open
   * @param pool threads to use; does not change the result unless the run is lock-free
   */
  public Trainer(
      InteractionData data,
      TrainConfig config,
      VectorOps ops,
      WorkerPool pool,
      TrainListener listener) {
    this(data, config, ops, pool, listener, 0);
  }

  /**
   * With quantisation in the loop: the loss sees every item row as it is read back of its codes,
   * while the rows that are moved and saved stay floats. A model's header does not tell; two runs
   * that differ in this must not share a file.
   *
   * @param codeBits 1, 2, 4 or 8 bits of {@link org.concertina.block.NarrowCodes}, or 0 for none
   * @throws IllegalArgumentException if the loss is BPR or the run lock-free, which have no codes
   */
  public Trainer(
      InteractionData data,
      TrainConfig config,
      VectorOps ops,
      WorkerPool pool,
      TrainListener listener,
      int codeBits) {
    if (codeBits != 0 && (config.objective().loss() == Loss.BPR || config.objective().lockFree())) {
      throw new IllegalArgumentException(
          "bits of codes in the loop: expected 0 with bpr and lock-free training, got " + codeBits);
    }
    this.codeBits = codeBits;
    this.data = data;
    this.config = config;
    this.ops = ops;
    this.pool = pool;
    this.listener = listener;
    this.train = data.train();
    if (train.size() == 0) {
      throw new IllegalArgumentException("training data: expected interactions, got none");
    }
    if (config.groups() > data.items()) {
      throw new IllegalArgumentException(
          "groups: expected at most one a item (%d), got %d"
              .formatted(data.items(), config.groups()));
    }
  }

  /** The checkpoint of a run that writes its model to {@code out}. */
  public static Path checkpointOf(Path out) {
    return out.resolveSibling(out.getFileName() + ".checkpoint");
  }

  /**
   * Trains, or goes on with a run that was killed.
   *
   * @param blank header with everything but the progress
   * @param out where the best model goes
   * @return the header of the model at {@code out}
   * @throws ModelFormatException if there is a checkpoint of another run
   */
  public ModelHeader run(ModelHeader blank, Path out) throws IOException {
    return run(blank, null, out);
  }

  /**
   * Trains from an earlier model's tables, or goes on with such a run that was killed.
   *
   * @param blank header with everything but the progress, {@link ModelHeader#startedFrom} if {@code
   *     start} is not null
   * @param start the earlier model, or null to start from noise
   * @param out where the best model goes, or the only one of a refit
   * @return the header of the model at {@code out}
   * @throws ModelFormatException if there is a checkpoint of another run
   */
  public ModelHeader run(ModelHeader blank, WarmStart start, Path out) throws IOException {
    if (blank.refit() != null && data.validation().size() > 0) {
      throw new IllegalArgumentException(
          "validation interactions: expected none left for a refit, got "
              + data.validation().size());
    }
    Path checkpoint = checkpointOf(out);
    try (CappedArena arena = CappedArena.unlimited()) {
      Run run = new Run(arena, blank, start, checkpoint);
      if (blank.refit() == null) {
        run.choose(out);
      } else {
        run.refit(out);
      }
    }
    Files.deleteIfExists(checkpoint);
    try (Arena mapping = Arena.ofConfined()) {
      return ModelFile.open(out, mapping).header();
    }
  }

  /** One run, from noise, from an earlier model or from its checkpoint. */
  private final class Run {
    private final long begin = System.nanoTime();
    private final ModelHeader blank;
    private final Path checkpoint;
    private final EmbeddingModel weights;
    private final RowOptimizer optimizer;
    private final EpochLoop epochs;
    private final MemorySegment prior;
    private final double earlierSeconds;
    private ModelHeader.Progress progress = ModelHeader.Progress.START;

    Run(CappedArena arena, ModelHeader blank, WarmStart start, Path checkpoint) throws IOException {
      this.blank = blank;
      this.checkpoint = checkpoint;
      this.weights = Encoders.allocateWeights(arena, config, blank.users(), blank.items());
      boolean bpr = config.objective().loss() == Loss.BPR;
      this.optimizer = bpr ? null : RowOptimizer.allocate(arena, ops.optimizers(), config, weights);
      if (Files.exists(checkpoint)) {
        resume();
        listener.resumed(progress.epoch());
      } else {
        weights.initialize(config.seed());
        if (start != null) {
          start.copyInto(weights, data, config.encoder().kind() == EncoderKind.GRAPH);
        }
      }
      this.earlierSeconds = progress.trainSeconds();
      this.epochs = epochs(arena);
      this.prior = ItemPrior.of(arena, train, config.softmax());
    }

    private EpochLoop epochs(CappedArena arena) {
      if (config.objective().loss() == Loss.BPR) {
        return new BprEpochs(arena, ops.bpr(), pool, config, train, weights, listener);
      }
      return config.objective().lockFree()
          ? new LockFreeEpochs(arena, ops, pool, config, train, weights, optimizer, listener)
          : new BatchEpochs(
              arena, ops, pool, config, train, weights, optimizer, listener, codeBits);
    }

    private void resume() throws IOException {
      try (Arena mapping = Arena.ofConfined()) {
        ModelFile.Contents contents = ModelFile.open(checkpoint, mapping);
        if (!contents.header().sameRun(blank)) {
          throw new ModelFormatException(
              checkpoint
                  + ": checkpoint of a run with other data or settings; repeat its settings to go"
                  + " on, or delete it (train --fresh) to start anew");
        }
        contents.copyInto(weights, null, optimizer);
        progress = contents.header().progress();
      }
    }

    /** Saves the model of the best validation; ends at the last epoch or when patience is out. */
    void choose(Path out) throws IOException {
      int lastEpoch = config.schedule().epochs();
      int patience = config.schedule().patience() * config.schedule().evaluateEvery();
      for (int epoch = progress.epoch() + 1; epoch <= lastEpoch; epoch++) {
        if (progress.epoch() - progress.bestEpoch() >= patience) {
          listener.stoppedEarly(progress.epoch(), progress.bestEpoch());
          break;
        }
        epochs.run(epoch);
        if (epoch % config.schedule().evaluateEvery() == 0 || epoch == lastEpoch) {
          EmbeddingModel model = epochs.materialize();
          RankingQuality quality = validate(model);
          boolean blind = data.validation().size() == 0;
          boolean better =
              blind || progress.bestEpoch() == 0 || quality.ndcg() > progress.bestNdcgAt20();
          progress =
              better
                  ? new ModelHeader.Progress(
                      epoch, epoch, quality.recall(), quality.ndcg(), seconds())
                  : new ModelHeader.Progress(
                      epoch,
                      progress.bestEpoch(),
                      progress.bestRecallAt20(),
                      progress.bestNdcgAt20(),
                      seconds());
          listener.validated(epoch, quality, better);
          if (better) {
            save(out, model, null);
          }
          save(checkpoint, weights, optimizer);
        }
      }
    }

    /** Saves the model of the epoch that was chosen; the learning rate falls as if more came. */
    void refit(Path out) throws IOException {
      int lastEpoch = blank.refit().epochs();
      for (int epoch = progress.epoch() + 1; epoch <= lastEpoch; epoch++) {
        epochs.run(epoch);
        if (epoch % config.schedule().evaluateEvery() == 0 && epoch < lastEpoch) {
          progress = new ModelHeader.Progress(epoch, epoch, 0, 0, seconds());
          save(checkpoint, weights, optimizer);
        }
      }
      progress = new ModelHeader.Progress(lastEpoch, lastEpoch, 0, 0, seconds());
      save(out, epochs.materialize(), null);
    }

    private RankingQuality validate(EmbeddingModel model) {
      EvaluationEvent event = new EvaluationEvent();
      event.begin();
      RankingQuality quality =
          TableRanking.evaluate(ops, pool, model, prior, data.validation(), List.of(train), CUTOFF)
              .getFirst();
      event.done("valid", quality);
      return quality;
    }

    private double seconds() {
      return earlierSeconds + (System.nanoTime() - begin) * 1e-9;
    }

    private void save(Path path, EmbeddingModel model, RowOptimizer moved) throws IOException {
      ModelHeader header = blank.withProgress(progress);
      ModelFile.write(
          path, header, data.userIds(), data.itemIds(), model, moved == null ? prior : null, moved);
    }
  }
}
