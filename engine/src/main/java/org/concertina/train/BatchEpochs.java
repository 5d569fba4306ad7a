package org.concertina.train;

import java.lang.foreign.MemorySegment;
import org.concertina.interaction.InteractionMatrix;
import org.concertina.kernel.CounterRandom;
import org.concertina.kernel.VectorOps;
import org.concertina.kernel.WorkerPool;
import org.concertina.memory.CappedArena;

/** Epochs of shuffled batches: what all losses but BPR train with. */
final class BatchEpochs implements EpochLoop {
  /** Key of the draws of elastic masks within an epoch. */
  static final long MASKS = 3;

  private final TrainConfig config;
  private final InteractionMatrix train;
  private final RowOptimizer optimizer;
  private final TrainListener listener;
  private final Encoder encoder;
  private final BatchStep step;
  private final long batches;
  private final BatchEvent batchEvent = new BatchEvent();
  private BatchPlan plan;
  private BatchPlan nextPlan;

  /**
   * @param optimizer of these weights
   * @param codeBits bits of the codes that the loss sees item rows in, or 0
   */
  BatchEpochs(
      CappedArena arena,
      VectorOps ops,
      WorkerPool pool,
      TrainConfig config,
      InteractionMatrix train,
      EmbeddingModel weights,
      RowOptimizer optimizer,
      TrainListener listener,
      int codeBits) {
    this.config = config;
    this.train = train;
    this.optimizer = optimizer;
    this.listener = listener;
    this.encoder = Encoders.create(arena, ops, pool, config, train, weights, optimizer);
    MemorySegment userOfPosition = BatchPlan.userOfPosition(arena, train);
    NegativeSampler sampler = NegativeSampler.of(train, config.softmax().popularityExponent());
    this.plan = BatchPlan.of(config, train, userOfPosition, sampler, encoder);
    this.nextPlan = BatchPlan.of(config, train, userOfPosition, sampler, encoder);
    this.step =
        new BatchStep(arena, ops, pool, config, train, encoder, BatchStep.PARTITIONS, codeBits);
    this.batches = BatchPlan.batches(train, config.schedule().batchSize());
  }

  @Override
  public EmbeddingModel materialize() {
    return encoder.materialize();
  }

  @Override
  public void run(int epoch) {
    EpochEvent epochEvent = new EpochEvent();
    epochEvent.begin();
    long start = System.nanoTime();
    long epochKey = CounterRandom.key(config.seed(), 1000L + epoch);
    long maskKey = CounterRandom.key(epochKey, MASKS);
    double loss = 0;
    long pairs = 0;
    plan.prepare(epochKey, 0);
    for (long batch = 0; batch < batches; batch++) {
      long t = (epoch - 1) * batches + batch + 1;
      config.optimizer().step(optimizer, t, config.schedule().epochs() * batches);
      BatchPlan next = batch + 1 < batches ? nextPlan : null;
      batchEvent.begin();
      double batchLoss =
          step.run(plan, CounterRandom.key(maskKey, batch), next, epochKey, batch + 1);
      batchEvent.done(epoch, batch + 1, plan.pairs, batchLoss);
      loss += batchLoss;
      pairs += plan.pairs;
      BatchPlan done = plan;
      plan = nextPlan;
      nextPlan = done;
      listener.batch(epoch, pairs, train.size(), loss / pairs);
    }
    double seconds = (System.nanoTime() - start) * 1e-9;
    epochEvent.done(epoch, pairs, loss / pairs, seconds);
    listener.epoch(epoch, loss / pairs, seconds);
  }
}
