package org.concertina.train;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import org.concertina.interaction.InteractionMatrix;
import org.concertina.kernel.CounterRandom;
import org.concertina.memory.CappedArena;

/**
 * What one batch works on: its pairs, its negatives, and the distinct users and items they touch.
 *
 * <p>Pairs stand by ascending user, so that a user's pairs are adjacent. The negatives are item
 * slots {@code 0 .. negatives - 1}, all different; the positives that are not among them follow. An
 * encoder whose user vectors differ from pair to pair gets a user slot for every pair. One thread
 * prepares a plan while others read another.
 */
final class BatchPlan {
  private static final long NEGATIVES = 1;
  private static final long ORDER = 2;

  private final InteractionMatrix train;
  private final MemorySegment userOfPosition;
  private final PairOrder order;
  private final NegativeSampler sampler;
  private final int batchSize;
  private final int negatives;
  private final boolean slotPerPair;
  private final long[] keys;
  private final int[] slotOfItem;
  private final int[] stampOfItem;

  /** A bit for every item; small enough for the first-level cache, where most questions end. */
  private final long[] negativeBits;

  private int stamp;

  /** Pairs of this batch. */
  int pairs;

  /** User slot of every pair, ascending. */
  final int[] userSlotOfPair;

  /** Item slot of every pair. */
  final int[] itemSlotOfPair;

  /** Distinct users, or pairs if each has its own slot. */
  int userSlots;

  /** User of a slot. */
  final int[] userOfSlot;

  /** First pair of a user slot; one more entry than slots. */
  final int[] firstPairOfUserSlot;

  /** Distinct items. */
  int itemSlots;

  /** Item of a slot. */
  final int[] itemOfSlot;

  /** First entry of an item slot in {@link #pairsByItem}; one more entry than slots. */
  final int[] firstOfItemSlot;

  /** Pairs, grouped by the slot of their positive item. */
  final int[] pairsByItem;

  /**
   * @param userOfPosition user of every training position, ints
   */
  BatchPlan(
      InteractionMatrix train,
      MemorySegment userOfPosition,
      NegativeSampler sampler,
      int batchSize,
      int negatives) {
    this(train, userOfPosition, sampler, batchSize, negatives, false);
  }

  /**
   * @param userOfPosition user of every training position, ints
   * @param slotPerPair whether every pair has its own user slot
   */
  BatchPlan(
      InteractionMatrix train,
      MemorySegment userOfPosition,
      NegativeSampler sampler,
      int batchSize,
      int negatives,
      boolean slotPerPair) {
    this.train = train;
    this.userOfPosition = userOfPosition;
    this.order = new PairOrder(train.size());
    this.sampler = sampler;
    this.batchSize = batchSize;
    this.negatives = negatives;
    this.slotPerPair = slotPerPair;
    this.keys = new long[batchSize];
    this.slotOfItem = new int[train.items()];
    this.stampOfItem = new int[train.items()];
    this.negativeBits = new long[train.items() / Long.SIZE + 1];
    this.userSlotOfPair = new int[batchSize];
    this.itemSlotOfPair = new int[batchSize];
    this.userOfSlot = new int[batchSize];
    this.firstPairOfUserSlot = new int[batchSize + 1];
    this.itemOfSlot = new int[batchSize + negatives];
    this.firstOfItemSlot = new int[batchSize + negatives + 1];
    this.pairsByItem = new int[batchSize];
  }

  /** A plan for the batches of a configuration and an encoder. */
  static BatchPlan of(
      TrainConfig config,
      InteractionMatrix train,
      MemorySegment userOfPosition,
      NegativeSampler sampler,
      Encoder encoder) {
    return new BatchPlan(
        train,
        userOfPosition,
        sampler,
        config.schedule().batchSize(),
        BatchStep.negatives(config, train.items()),
        encoder.slotPerPair());
  }

  /** The user of every training position, ints. */
  static MemorySegment userOfPosition(CappedArena arena, InteractionMatrix train) {
    MemorySegment users = arena.allocateInts(train.size(), "users of the pairs");
    for (int user = 0; user < train.users(); user++) {
      for (long p = train.begin(user); p < train.end(user); p++) {
        users.setAtIndex(ValueLayout.JAVA_INT, p, user);
      }
    }
    return users;
  }

  static long batches(InteractionMatrix train, int batchSize) {
    return (train.size() + batchSize - 1) / batchSize;
  }

  /** Draws batch {@code batch} of the epoch with this key. */
  void prepare(long epochKey, long batch) {
    stamp++;
    drawNegatives(CounterRandom.key(CounterRandom.key(epochKey, NEGATIVES), batch));
    drawPairs(CounterRandom.key(epochKey, ORDER), batch);
    groupByItem();
  }

  private void drawNegatives(long key) {
    Arrays.fill(negativeBits, 0);
    itemSlots = 0;
    long counter = 0;
    while (itemSlots < negatives) {
      int item = sampler.draw(key, counter++);
      if (counter > 8L * negatives) {
        // A skewed distribution may hardly ever yield the last few: walk on to the next free item.
        while (stampOfItem[item] == stamp) {
          item = item + 1 == stampOfItem.length ? 0 : item + 1;
        }
      }
      if (stampOfItem[item] != stamp) {
        negativeBits[item >> 6] |= 1L << item;
        addItem(item);
      }
    }
  }

  private int addItem(int item) {
    stampOfItem[item] = stamp;
    slotOfItem[item] = itemSlots;
    itemOfSlot[itemSlots] = item;
    return itemSlots++;
  }

  private void drawPairs(long orderKey, long batch) {
    long first = batch * batchSize;
    pairs = (int) Math.min(batchSize, train.size() - first);
    for (int p = 0; p < pairs; p++) {
      long position = order.at(orderKey, first + p);
      long user = userOfPosition.getAtIndex(ValueLayout.JAVA_INT, position);
      keys[p] = user << 32 | train.itemAt(position);
    }
    Arrays.sort(keys, 0, pairs);
    userSlots = 0;
    int lastUser = -1;
    for (int p = 0; p < pairs; p++) {
      int user = (int) (keys[p] >>> 32);
      int item = (int) keys[p];
      if (slotPerPair || user != lastUser) {
        firstPairOfUserSlot[userSlots] = p;
        userOfSlot[userSlots++] = user;
        lastUser = user;
      }
      userSlotOfPair[p] = userSlots - 1;
      itemSlotOfPair[p] = stampOfItem[item] == stamp ? slotOfItem[item] : addItem(item);
    }
    firstPairOfUserSlot[userSlots] = pairs;
  }

  private void groupByItem() {
    Arrays.fill(firstOfItemSlot, 0, itemSlots + 1, 0);
    for (int p = 0; p < pairs; p++) {
      firstOfItemSlot[itemSlotOfPair[p] + 1]++;
    }
    for (int slot = 0; slot < itemSlots; slot++) {
      firstOfItemSlot[slot + 1] += firstOfItemSlot[slot];
    }
    for (int p = 0; p < pairs; p++) {
      pairsByItem[firstOfItemSlot[itemSlotOfPair[p]]++] = p;
    }
    for (int slot = itemSlots; slot > 0; slot--) {
      firstOfItemSlot[slot] = firstOfItemSlot[slot - 1];
    }
    firstOfItemSlot[0] = 0;
  }

  /** The slot of an item if it is among this batch's negatives, or -1. */
  int negativeSlot(int item) {
    return (negativeBits[item >> 6] >>> item & 1) == 0 ? -1 : slotOfItem[item];
  }
}
