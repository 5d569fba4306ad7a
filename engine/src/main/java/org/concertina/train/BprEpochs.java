package org.concertina.train;

import org.concertina.interaction.InteractionMatrix;
import org.concertina.kernel.BprOps;
import org.concertina.kernel.CounterRandom;
import org.concertina.kernel.WorkerPool;
import org.concertina.memory.CappedArena;

/**
 * BPR by plain gradient steps, a user at a time (Rendle et al., UAI 2009): users are shuffled, and
 * a user's pairs run together, so that the user's row stays in the first-level cache.
 *
 * <p>By default one thread takes all the steps while another one draws the next negatives, so the
 * result is the same bits for any number of threads. Lock-free runs (Hogwild, Niu et al., NIPS
 * 2011) let all threads step on the shared tables at once: races lose an update now and then, and
 * no two runs give the same bits.
 */
final class BprEpochs implements EpochLoop {
  private static final int USERS_PER_CHUNK = 1024;
  private static final int PAIRS_PER_CHUNK = 1 << 14;
  private static final int USERS_PER_TASK = 64;
  private static final int TASKS_PER_ROUND = 64;

  private final WorkerPool pool;
  private final TrainConfig config;
  private final InteractionMatrix train;
  private final EmbeddingModel model;
  private final TrainListener listener;
  private final UserTriples[] triples;
  private final double[] taskLoss = new double[TASKS_PER_ROUND];
  private final WorkerPool.Task chunkTask = this::chunk;
  private final WorkerPool.Task lockFreeTask = this::lockFree;

  private int epoch;
  private long epochKey;

  /** Position in the order of the users at which the round or chunk under way begins. */
  private int from;

  private UserTriples current;
  private UserTriples next;
  private int drawnTo;

  BprEpochs(
      CappedArena arena,
      BprOps ops,
      WorkerPool pool,
      TrainConfig config,
      InteractionMatrix train,
      EmbeddingModel model,
      TrainListener listener) {
    this.pool = pool;
    this.config = config;
    this.train = train;
    this.model = model;
    this.listener = listener;
    double exponent = config.softmax().popularityExponent();
    NegativeSampler sampler = exponent == 0 ? null : NegativeSampler.of(train, exponent);
    boolean lockFree = config.objective().lockFree();
    int users = lockFree ? USERS_PER_TASK : USERS_PER_CHUNK;
    int pairs = Math.max(lockFree ? 1 : PAIRS_PER_CHUNK, train.maxDegree());
    triples = new UserTriples[lockFree ? pool.threads() : 2];
    for (int i = 0; i < triples.length; i++) {
      triples[i] = new UserTriples(arena, train, ops, config, sampler, users, pairs);
    }
  }

  @Override
  public EmbeddingModel materialize() {
    return model;
  }

  @Override
  public void run(int number) {
    long start = System.nanoTime();
    epoch = number;
    epochKey = CounterRandom.key(config.seed(), 1000L + number);
    double loss = config.objective().lockFree() ? lockFreeEpoch() : orderedEpoch();
    listener.epoch(number, loss / train.size(), (System.nanoTime() - start) * 1e-9);
  }

  private double orderedEpoch() {
    double loss = 0;
    long pairs = 0;
    current = triples[0];
    next = triples[1];
    from = 0;
    drawnTo = current.draw(epochKey, 0, train.users());
    while (from < train.users()) {
      int end = drawnTo;
      pool.run(2, chunkTask);
      loss += taskLoss[0];
      pairs += current.pairs();
      UserTriples done = current;
      current = next;
      next = done;
      from = end;
      listener.batch(epoch, pairs, train.size(), loss / Math.max(1, pairs));
    }
    return loss;
  }

  /** Task 0 steps through the current chunk, task 1 draws the next one. */
  private void chunk(int task, int worker) {
    if (task == 0) {
      taskLoss[0] = current.train(model, learningRateAt(from));
    } else {
      drawnTo = next.draw(epochKey, drawnTo, train.users());
    }
  }

  private double lockFreeEpoch() {
    double loss = 0;
    int users = train.users();
    for (from = 0; from < users; from += USERS_PER_TASK * TASKS_PER_ROUND) {
      int tasks = Math.min(TASKS_PER_ROUND, Math.ceilDiv(users - from, USERS_PER_TASK));
      pool.run(tasks, lockFreeTask);
      for (int task = 0; task < tasks; task++) {
        loss += taskLoss[task];
      }
      double share = Math.min(1, (from + (double) USERS_PER_TASK * tasks) / users);
      long pairs = Math.round(share * train.size()); // close enough for a progress line
      listener.batch(epoch, pairs, train.size(), loss / Math.max(1, pairs));
    }
    return loss;
  }

  private void lockFree(int task, int worker) {
    UserTriples own = triples[worker];
    int at = from + task * USERS_PER_TASK;
    int end = Math.min(at + USERS_PER_TASK, train.users());
    double learningRate = learningRateAt(at);
    double loss = 0;
    while (at < end) {
      at = own.draw(epochKey, at, end);
      loss += own.train(model, learningRate);
    }
    taskLoss[task] = loss;
  }

  private double learningRateAt(int user) {
    double share = (epoch - 1 + (double) user / train.users()) / config.schedule().epochs();
    return config.optimizer().learningRateAt(share);
  }
}
