package org.concertina.train;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.concertina.block.Groups;
import org.concertina.block.NarrowCodes;
import org.concertina.interaction.InteractionMatrix;
import org.concertina.kernel.RowOps;
import org.concertina.kernel.Transpose;
import org.concertina.kernel.VectorOps;
import org.concertina.kernel.WorkerPool;
import org.concertina.memory.CappedArena;
import org.concertina.memory.FloatTable;

/**
 * One training step: forward, backward and update of a batch, for any {@link Encoder}.
 *
 * <p>The package description tells the phases. Work is cut by the batch alone, never by the number
 * of threads, and every sum has a fixed order, so the result is the same bits for any number of
 * threads.
 */
final class BatchStep {
  /**
   * Fixed, because the order of the partial sums depends on it; also the most threads that phase 2
   * can use.
   */
  static final int PARTITIONS = 8;

  private static final int SLOTS_PER_TASK = 64;

  private final RowOps rowOps;
  private final WorkerPool pool;
  private final TrainConfig config;
  private final InteractionMatrix train;
  private final Encoder encoder;
  private final Groups groups;
  private final int negatives;
  private final int stride;
  private final int codeBits;
  private final SoftmaxTiles tiles;
  private final ElasticSampler masks;
  private final FloatTable userRows;
  private final FloatTable itemRows;
  private final float[] userInverseNorm;
  private final float[] itemInverseNorm;
  private final MemorySegment prior;
  private final MemorySegment slotPrior;
  private final MemorySegment fullMask;
  private final MemorySegment negativePanel;
  private final FloatTable pairGradient;
  private final float[] positiveWeight;
  private final int partitions;
  private final MemorySegment[] negativeGradient;
  private final double[] partitionLoss;
  private final MemorySegment[] rowGradient;
  private final DiversityRegularizer[] diversity;
  private final WorkerPool.Task normalizeTask = this::normalize;
  private final WorkerPool.Task scoreTask = this::score;
  private final WorkerPool.Task updateTask = this::update;

  private BatchPlan plan;
  private BatchPlan nextPlan;
  private long nextEpochKey;
  private long nextBatch;

  BatchStep(
      CappedArena arena,
      VectorOps ops,
      WorkerPool pool,
      TrainConfig config,
      InteractionMatrix train,
      Encoder encoder) {
    this(arena, ops, pool, config, train, encoder, PARTITIONS, 0);
  }

  /**
   * @param partitions parts of a batch whose gradients of the negatives are summed apart
   * @param codeBits 0, or bits of {@link NarrowCodes}: then the loss sees item rows as they are
   *     read back of their codes, and the gradient goes through the codes as if they were the row
   *     (straight-through; Bengio et al., 2013)
   */
  BatchStep(
      CappedArena arena,
      VectorOps ops,
      WorkerPool pool,
      TrainConfig config,
      InteractionMatrix train,
      Encoder encoder,
      int partitions,
      int codeBits) {
    this.rowOps = ops.rows();
    this.pool = pool;
    this.config = config;
    this.train = train;
    this.encoder = encoder;
    this.groups = Groups.equalCount(train.items(), config.groups());
    this.negatives = negatives(config, train.items());
    this.stride = encoder.items().stride();
    this.codeBits = codeBits == 0 ? 0 : NarrowCodes.requireBits(codeBits);
    int batch = config.schedule().batchSize();
    int dim = config.shape().dim();
    this.tiles = new SoftmaxTiles(arena, ops, config, negatives, stride, pool.threads());
    this.masks = new ElasticSampler(arena, config.shape(), groups.count(), config.elastic());
    this.userRows = FloatTable.allocate(arena, batch, dim, "unit user rows");
    this.itemRows = FloatTable.allocate(arena, batch + negatives, dim, "unit item rows");
    this.userInverseNorm = new float[batch];
    this.itemInverseNorm = new float[batch + negatives];
    this.prior = ItemPrior.of(arena, train, config.softmax());
    this.slotPrior = arena.allocateFloats((long) batch + negatives, "priors of the items");
    this.fullMask = arena.allocateFloats(stride, "mask of the users");
    for (int d = 0; d < dim; d++) {
      fullMask.setAtIndex(ValueLayout.JAVA_FLOAT, d, 1f);
    }
    this.negativePanel = arena.allocateFloats((long) stride * negatives, "negative panel");
    this.pairGradient = FloatTable.allocate(arena, batch, dim, "gradient of the pairs");
    this.positiveWeight = new float[batch];
    this.partitions = partitions;
    this.partitionLoss = new double[partitions];
    this.negativeGradient = new MemorySegment[partitions];
    for (int p = 0; p < partitions; p++) {
      negativeGradient[p] =
          arena.allocateFloats((long) stride * negatives, "gradient of the negatives");
    }
    this.rowGradient = new MemorySegment[pool.threads()];
    this.diversity = new DiversityRegularizer[pool.threads()];
    for (int w = 0; w < pool.threads(); w++) {
      rowGradient[w] = arena.allocateFloats(2L * stride, "gradient of a row");
      diversity[w] = new DiversityRegularizer(config.shape(), config.diversity());
    }
  }

  /** Negatives of a batch: as configured, but never more than there are items. */
  static int negatives(TrainConfig config, int items) {
    return Math.min(config.softmax().negatives(), items);
  }

  /**
   * Trains on a prepared batch, and prepares the next one meanwhile.
   *
   * @param maskKey draws the elastic masks
   * @param next the plan to prepare, or null
   * @return the sum of the losses of the batch's pairs
   */
  double run(BatchPlan current, long maskKey, BatchPlan next, long epochKey, long batch) {
    plan = current;
    nextPlan = next;
    nextEpochKey = epochKey;
    nextBatch = batch;
    masks.draw(maskKey);
    int slots = plan.itemSlots + plan.userSlots;
    int slotTasks = (slots + SLOTS_PER_TASK - 1) / SLOTS_PER_TASK;
    encoder.forward(plan);
    pool.run(slotTasks, normalizeTask);
    pool.run(partitions, scoreTask);
    pool.run(slotTasks + 2, updateTask);
    encoder.backward(plan);
    double loss = 0;
    for (double part : partitionLoss) {
      loss += part;
    }
    return loss;
  }

  private void normalize(int task, int worker) {
    int end = Math.min((task + 1) * SLOTS_PER_TASK, plan.itemSlots + plan.userSlots);
    for (int slot = task * SLOTS_PER_TASK; slot < end; slot++) {
      if (slot < plan.itemSlots) {
        normalizeItem(slot);
      } else {
        int userSlot = slot - plan.itemSlots;
        FloatTable users = encoder.users();
        userInverseNorm[userSlot] =
            rowOps.normalizeMasked(
                users.segment(),
                users.rowOffsetBytes(encoder.userRow(plan, userSlot)),
                fullMask,
                0,
                userRows.segment(),
                userRows.rowOffsetBytes(userSlot),
                stride);
      }
    }
  }

  private void normalizeItem(int slot) {
    int item = plan.itemOfSlot[slot];
    FloatTable items = encoder.items();
    itemInverseNorm[slot] =
        rowOps.normalizeMasked(
            items.segment(),
            items.rowOffsetBytes(item),
            masks.segment(),
            masks.offsetBytes(groups.groupOf(item)),
            itemRows.segment(),
            itemRows.rowOffsetBytes(slot),
            stride);
    if (codeBits > 0) {
      NarrowCodes.quantizeInPlace(
          itemRows.segment(), itemRows.rowOffsetBytes(slot), config.shape().dim(), codeBits);
    }
    if (prior != null) {
      slotPrior.setAtIndex(
          ValueLayout.JAVA_FLOAT, slot, prior.getAtIndex(ValueLayout.JAVA_FLOAT, item));
    }
    if (slot < negatives) {
      Transpose.transpose(
          1,
          stride,
          itemRows.segment(),
          itemRows.rowOffsetBytes(slot),
          stride,
          negativePanel,
          (long) slot * Float.BYTES,
          negatives);
    }
  }

  private void score(int partition, int worker) {
    int first = SoftmaxTiles.firstPair(partition, partitions, plan.pairs);
    int end = SoftmaxTiles.firstPair(partition + 1, partitions, plan.pairs);
    partitionLoss[partition] =
        tiles.run(
            worker,
            plan,
            train,
            first,
            end,
            userRows,
            itemRows,
            slotPrior,
            negativePanel,
            pairGradient,
            positiveWeight,
            negativeGradient[partition]);
  }

  /**
   * Task 0 draws the next batch, task 1 is the encoder's, the others move rows. Here and not among
   * the partitions, which are few and long: threads that finish early have rows left to take.
   */
  private void update(int task, int worker) {
    if (task == 0) {
      if (nextPlan != null) {
        nextPlan.prepare(nextEpochKey, nextBatch);
      }
      return;
    }
    if (task == 1) {
      encoder.index(plan);
      return;
    }
    int first = (task - 2) * SLOTS_PER_TASK;
    int end = Math.min(first + SLOTS_PER_TASK, plan.itemSlots + plan.userSlots);
    for (int slot = first; slot < end; slot++) {
      rowGradient[worker].fill((byte) 0);
      if (slot < plan.itemSlots) {
        updateItem(slot, worker);
      } else {
        updateUser(slot - plan.itemSlots, rowGradient[worker]);
      }
    }
  }

  private void updateItem(int slot, int worker) {
    MemorySegment scratch = rowGradient[worker];
    long rowBytes = (long) stride * Float.BYTES;
    int item = plan.itemOfSlot[slot];
    if (slot < negatives) {
      for (MemorySegment part : negativeGradient) {
        rowOps.axpyInPlace(1f, part, slot * rowBytes, scratch, 0, stride);
      }
    }
    for (int i = plan.firstOfItemSlot[slot]; i < plan.firstOfItemSlot[slot + 1]; i++) {
      int pair = plan.pairsByItem[i];
      rowOps.axpyInPlace(
          positiveWeight[pair],
          userRows.segment(),
          userRows.rowOffsetBytes(plan.userSlotOfPair[pair]),
          scratch,
          0,
          stride);
    }
    FloatTable items = encoder.items();
    rowOps.normalizeMaskedBackward(
        itemInverseNorm[slot],
        itemRows.segment(),
        itemRows.rowOffsetBytes(slot),
        masks.segment(),
        masks.offsetBytes(groups.groupOf(item)),
        scratch,
        0,
        scratch,
        rowBytes,
        stride);
    if (config.diversity().weight() > 0) {
      double weight = config.diversity().weight() * plan.pairs / plan.itemSlots;
      diversity[worker].addGradient(
          weight, items.segment(), items.rowOffsetBytes(item), scratch, rowBytes);
    }
    encoder.itemGradient(plan, slot, scratch, rowBytes);
  }

  private void updateUser(int slot, MemorySegment scratch) {
    long rowBytes = (long) stride * Float.BYTES;
    for (int p = plan.firstPairOfUserSlot[slot]; p < plan.firstPairOfUserSlot[slot + 1]; p++) {
      rowOps.axpyInPlace(
          1f, pairGradient.segment(), pairGradient.rowOffsetBytes(p), scratch, 0, stride);
    }
    rowOps.normalizeMaskedBackward(
        userInverseNorm[slot],
        userRows.segment(),
        userRows.rowOffsetBytes(slot),
        fullMask,
        0,
        scratch,
        0,
        scratch,
        rowBytes,
        stride);
    encoder.userGradient(plan, slot, scratch, rowBytes);
  }
}
