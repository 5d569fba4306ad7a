package org.concertina.train;

import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicLong;
import org.concertina.interaction.InteractionMatrix;
import org.concertina.kernel.CounterRandom;
import org.concertina.kernel.VectorOps;
import org.concertina.kernel.WorkerPool;
import org.concertina.memory.CappedArena;

/**
 * Epochs in which every thread goes through whole batches by itself and all move the same tables
 * without locks (Hogwild, Niu et al., NIPS 2011).
 *
 * <p>No thread waits for another, and no two runs give the same bits: rows that two batches share
 * lose a step now and then. With one thread it is the same training as {@link BatchEpochs}, but for
 * the order of sums.
 */
final class LockFreeEpochs implements EpochLoop {
  private final WorkerPool pool;
  private final TrainConfig config;
  private final InteractionMatrix train;
  private final TrainListener listener;
  private final EmbeddingModel weights;
  private final long batches;
  private final Worker[] workers;
  private final AtomicLong nextBatch = new AtomicLong();
  private final AtomicLong pairsTaken = new AtomicLong();
  private final WorkerPool.Task task = this::runWorker;

  private int epoch;
  private long epochKey;

  LockFreeEpochs(
      CappedArena arena,
      VectorOps ops,
      WorkerPool pool,
      TrainConfig config,
      InteractionMatrix train,
      EmbeddingModel weights,
      RowOptimizer optimizer,
      TrainListener listener) {
    this.pool = pool;
    this.config = config;
    this.train = train;
    this.listener = listener;
    this.weights = weights;
    this.batches = BatchPlan.batches(train, config.schedule().batchSize());
    MemorySegment userOfPosition = BatchPlan.userOfPosition(arena, train);
    NegativeSampler sampler = NegativeSampler.of(train, config.softmax().popularityExponent());
    this.workers = new Worker[pool.threads()];
    for (int w = 0; w < workers.length; w++) {
      workers[w] = new Worker(arena, ops, optimizer.withOwnStep(), userOfPosition, sampler, w == 0);
    }
  }

  private void runWorker(int number, int thread) {
    workers[number].run();
  }

  /** A thread's own batch, scratch and step. */
  private final class Worker {
    private final RowOptimizer optimizer;
    private final BatchPlan plan;
    private final BatchStep step;
    private final BatchEvent event = new BatchEvent();
    private final boolean reports;
    private double loss;
    private long pairs;

    Worker(
        CappedArena arena,
        VectorOps ops,
        RowOptimizer optimizer,
        MemorySegment userOfPosition,
        NegativeSampler sampler,
        boolean reports) {
      this.optimizer = optimizer;
      this.reports = reports;
      Encoder encoder = new FactorEncoder(weights, optimizer);
      plan = BatchPlan.of(config, train, userOfPosition, sampler, encoder);
      step = new BatchStep(arena, ops, WorkerPool.inline(), config, train, encoder, 1, 0);
    }

    void run() {
      loss = 0;
      pairs = 0;
      long maskKey = CounterRandom.key(epochKey, BatchEpochs.MASKS);
      for (long batch = nextBatch.getAndIncrement();
          batch < batches;
          batch = nextBatch.getAndIncrement()) {
        event.begin();
        plan.prepare(epochKey, batch);
        long t = (epoch - 1) * batches + batch + 1;
        config.optimizer().step(optimizer, t, config.schedule().epochs() * batches);
        double batchLoss = step.run(plan, CounterRandom.key(maskKey, batch), null, epochKey, 0);
        event.done(epoch, batch + 1, plan.pairs, batchLoss);
        loss += batchLoss;
        pairs += plan.pairs;
        long taken = pairsTaken.addAndGet(plan.pairs);
        if (reports) {
          listener.batch(epoch, taken, train.size(), loss / pairs);
        }
      }
    }
  }

  @Override
  public EmbeddingModel materialize() {
    return weights;
  }

  @Override
  public void run(int number) {
    EpochEvent epochEvent = new EpochEvent();
    epochEvent.begin();
    long start = System.nanoTime();
    epoch = number;
    epochKey = CounterRandom.key(config.seed(), 1000L + number);
    nextBatch.set(0);
    pairsTaken.set(0);
    pool.run(workers.length, task);
    double loss = 0;
    for (Worker worker : workers) {
      loss += worker.loss;
    }
    double seconds = (System.nanoTime() - start) * 1e-9;
    epochEvent.done(number, train.size(), loss / train.size(), seconds);
    listener.epoch(number, loss / train.size(), seconds);
  }
}
