package org.concertina.train;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.concertina.interaction.InteractionMatrix;
import org.concertina.kernel.BprOps;
import org.concertina.kernel.CounterRandom;
import org.concertina.memory.CappedArena;
import org.concertina.memory.FloatTable;

/**
 * Some users of BPR's shuffled order with a drawn negative for every training pair of theirs.
 *
 * <p>The positives are the users' rows of the training matrix as they stand. A user's items are
 * marked in a bitmap while the user's negatives are drawn, so that rejecting a liked one is one
 * load. One thread at a time.
 */
final class UserTriples {
  private static final long NEGATIVES = 1;
  private static final long ORDER = 2;
  private static final long PREFIXES = 3;

  /** Draws of one pair; a user who likes everything has to stop somewhere. */
  private static final int MAX_ATTEMPTS = 1 << 10;

  private final InteractionMatrix train;
  private final BprOps ops;
  private final TrainConfig config;
  private final NegativeSampler sampler;
  private final PairOrder order;
  private final MemorySegment negatives;
  private final int capacity;
  private final int[] users;
  private final int[] floats;
  private final long[] liked;
  private int count;
  private long pairs;

  /**
   * @param sampler draws negatives, or null for uniform ones
   */
  UserTriples(
      CappedArena arena,
      InteractionMatrix train,
      BprOps ops,
      TrainConfig config,
      NegativeSampler sampler,
      int maxUsers,
      int maxPairs) {
    this.train = train;
    this.ops = ops;
    this.config = config;
    this.sampler = sampler;
    this.order = new PairOrder(train.users());
    this.capacity = maxPairs;
    this.negatives = arena.allocateInts(maxPairs, "negatives of users");
    this.users = new int[maxUsers];
    this.floats = new int[maxUsers];
    this.liked = new long[(train.items() + Long.SIZE - 1) / Long.SIZE];
  }

  /**
   * Draws for the users from position {@code from} of the epoch's order, up to {@code end} and as
   * far as memory goes.
   *
   * @return the position after the last user drawn
   */
  int draw(long epochKey, int from, int end) {
    long orderKey = CounterRandom.key(epochKey, ORDER);
    long negativeKey = CounterRandom.key(epochKey, NEGATIVES);
    long prefixKey = CounterRandom.key(epochKey, PREFIXES);
    count = 0;
    pairs = 0;
    int at = from;
    for (; at < end && count < users.length; at++) {
      int user = (int) order.at(orderKey, at);
      if (pairs + train.degree(user) > capacity) {
        break;
      }
      users[count] = user;
      if (train.degree(user) < train.items()) {
        floats[count++] = prefixFloats(prefixKey, user);
        drawNegatives(negativeKey, user);
      } else { // no negatives, nothing to learn
        floats[count++] = 0;
        pairs += train.degree(user);
      }
    }
    return at;
  }

  /** Floats of a row that this user's steps train: all, or in an elastic visit the first blocks. */
  private int prefixFloats(long key, int user) {
    TrainConfig.Elastic elastic = config.elastic();
    int dim = config.shape().dim();
    boolean prefix =
        elastic.schedule() == ElasticSchedule.NESTED
            && CounterRandom.unit(key, 2L * user) < elastic.probability();
    if (!prefix) {
      return FloatTable.strideFloats(dim); // the padding is zero and stays so
    }
    int kept = 1 + (int) CounterRandom.below(key, 2L * user + 1, config.shape().blocks());
    return kept * config.shape().blockDim();
  }

  private void drawNegatives(long key, int user) {
    long begin = train.begin(user);
    long end = train.end(user);
    for (long p = begin; p < end; p++) {
      int item = train.itemAt(p);
      liked[item >> 6] |= 1L << item;
    }
    for (long p = begin; p < end; p++) {
      negatives.setAtIndex(ValueLayout.JAVA_INT, pairs++, drawNegative(key, p));
    }
    for (long p = begin; p < end; p++) {
      liked[train.itemAt(p) >> 6] = 0;
    }
  }

  private int drawNegative(long key, long position) {
    long counter = position * MAX_ATTEMPTS;
    int item = 0;
    for (int attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
      item =
          sampler == null
              ? (int) CounterRandom.below(key, counter + attempt, train.items())
              : sampler.draw(key, counter + attempt);
      if ((liked[item >> 6] >>> item & 1) == 0) {
        return item;
      }
    }
    while ((liked[item >> 6] >>> item & 1) != 0) {
      item = item + 1 == train.items() ? 0 : item + 1;
    }
    return item;
  }

  /**
   * Steps through the drawn triples.
   *
   * @return the sum of their losses
   */
  double train(EmbeddingModel model, double learningRate) {
    double loss = 0;
    long done = 0;
    for (int i = 0; i < count; i++) {
      int degree = train.degree(users[i]);
      if (floats[i] > 0) {
        loss += steps(model, learningRate, i, done);
      }
      done += degree;
    }
    return loss;
  }

  /** Steps through user {@code i}'s triples, whose negatives begin at {@code first}. */
  private double steps(EmbeddingModel model, double learningRate, int i, long first) {
    return switch (config.objective().similarity()) {
      case DOT ->
          ops.bprInPlace(
              (float) learningRate,
              (float) config.optimizer().l2(),
              model.users().segment(),
              model.users().rowOffsetBytes(users[i]),
              model.items().segment(),
              0,
              model.items().stride(),
              train.itemIndices(),
              train.begin(users[i]) * Integer.BYTES,
              negatives,
              first * Integer.BYTES,
              train.degree(users[i]),
              floats[i]);
      case COSINE ->
          ops.bprCosineInPlace(
              (float) learningRate,
              (float) config.softmax().temperature(),
              model.users().segment(),
              model.users().rowOffsetBytes(users[i]),
              model.items().segment(),
              0,
              model.items().stride(),
              train.itemIndices(),
              train.begin(users[i]) * Integer.BYTES,
              negatives,
              first * Integer.BYTES,
              train.degree(users[i]),
              floats[i]);
    };
  }

  /** Number of drawn users. */
  int count() {
    return count;
  }

  /** Drawn user {@code i}. */
  int userAt(int i) {
    return users[i];
  }

  /** Negative {@code k}, counted over all drawn users. */
  int negativeAt(long k) {
    return negatives.getAtIndex(ValueLayout.JAVA_INT, k);
  }

  /** Pairs of the drawn users. */
  long pairs() {
    return pairs;
  }
}
