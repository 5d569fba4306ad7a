package org.concertina.train;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.concertina.interaction.InteractionMatrix;
import org.concertina.kernel.MatmulOps;
import org.concertina.kernel.RowOps;
import org.concertina.kernel.Transpose;
import org.concertina.kernel.VectorOps;
import org.concertina.memory.CappedArena;
import org.concertina.memory.FloatTable;

/**
 * The fused step of sampled softmax and CCL: a tile of pairs against all shared negatives.
 *
 * <p>For a tile of 48 pairs it computes the scores, their weights as the {@link RowLoss} says
 * (exponentials for softmax), the loss and both gradient products; the 48 x negatives weights (192
 * KB for 1,024 negatives) never leave the second-level cache. Gradients of the negatives are summed
 * per partition, so that partitions run in parallel and their sums are added in a fixed order
 * later. One scratch a worker.
 */
final class SoftmaxTiles {
  /** Pairs of a tile: eight register tiles of six rows. */
  static final int TILE_PAIRS = 48;

  /** First of {@code pairs} that belongs to a part, or their number; parts are whole tiles. */
  static int firstPair(int part, int parts, int pairs) {
    return Math.min(Math.ceilDiv(pairs, TILE_PAIRS) * part / parts * TILE_PAIRS, pairs);
  }

  private static final ValueLayout.OfFloat F32 = ValueLayout.JAVA_FLOAT;

  /**
   * Below every cosine and margin by far; its exponential is the smallest that the kernel gives,
   * about 5e-38.
   */
  private static final float MASKED = -1e9f;

  private final RowOps rowOps;
  private final MatmulOps matmulOps;
  private final TrainConfig.Softmax softmax;
  private final int negatives;
  private final int stride;
  private final RowLoss loss;
  private final Scratch[] scratch;

  private static final class Scratch {
    private final MemorySegment transposed;
    private final MemorySegment scores;
    private final MemorySegment weighted;
    private final MemorySegment zeros;
    private final float[] factors = new float[TILE_PAIRS];

    Scratch(CappedArena arena, int stride, int negatives) {
      transposed = arena.allocateFloats((long) stride * TILE_PAIRS, "transposed user tile");
      scores = arena.allocateFloats((long) negatives * TILE_PAIRS, "score tile");
      weighted = arena.allocateFloats((long) stride * TILE_PAIRS, "weighted user tile");
      zeros = arena.allocateFloats((long) stride * TILE_PAIRS, "zeros");
    }
  }

  SoftmaxTiles(
      CappedArena arena,
      VectorOps ops,
      TrainConfig config,
      int negatives,
      int stride,
      int workers) {
    this.rowOps = ops.rows();
    this.matmulOps = ops.matmul();
    this.softmax = config.softmax();
    this.negatives = negatives;
    this.stride = stride;
    this.loss = RowLoss.of(ops.rows(), config, negatives);
    this.scratch = new Scratch[workers];
    for (int w = 0; w < workers; w++) {
      scratch[w] = new Scratch(arena, stride, negatives);
    }
  }

  /**
   * Goes through the tiles {@code firstPair .. endPair - 1} of a batch.
   *
   * @param userRows unit user vectors by user slot
   * @param itemRows unit item vectors by item slot; the negatives come first
   * @param slotPrior what is added to an item's cosine, by item slot
   * @param negativePanel the negatives transposed, {@code stride x negatives}
   * @param pairGradient receives the gradient with respect to the unit user vector, by pair
   * @param positiveWeight receives the factor of the user's unit vector in the positive item's
   *     gradient, by pair
   * @param negativeGradient receives this partition's gradient of the negatives, {@code negatives x
   *     stride}, overwritten
   * @return the sum of the pairs' losses
   */
  double run(
      int worker,
      BatchPlan plan,
      InteractionMatrix train,
      int firstPair,
      int endPair,
      FloatTable userRows,
      FloatTable itemRows,
      MemorySegment slotPrior,
      MemorySegment negativePanel,
      FloatTable pairGradient,
      float[] positiveWeight,
      MemorySegment negativeGradient) {
    Scratch s = scratch[worker];
    negativeGradient.fill((byte) 0);
    double sum = 0;
    for (int first = firstPair; first < endPair; first += TILE_PAIRS) {
      int count = Math.min(TILE_PAIRS, endPair - first);
      for (int i = 0; i < count; i++) {
        long row = userRows.rowOffsetBytes(plan.userSlotOfPair[first + i]);
        Transpose.transpose(
            1,
            stride,
            userRows.segment(),
            row,
            stride,
            s.transposed,
            (long) i * Float.BYTES,
            TILE_PAIRS);
      }
      long scoreRowBytes = (long) negatives * Float.BYTES;
      for (int i = 0; i < count; i++) {
        MemorySegment.copy(slotPrior, 0, s.scores, i * scoreRowBytes, scoreRowBytes);
      }
      matmulOps.matmulAdd(
          count,
          negatives,
          stride,
          s.transposed,
          0,
          1,
          TILE_PAIRS,
          negativePanel,
          0,
          negatives,
          s.scores,
          0,
          negatives);
      for (int i = 0; i < count; i++) {
        sum += weigh(s, plan, train, first + i, i, userRows, itemRows, slotPrior, positiveWeight);
      }
      accumulate(s, plan, first, count, userRows, itemRows, pairGradient, positiveWeight);
      matmulOps.matmulAdd(
          negatives,
          stride,
          count,
          s.scores,
          0,
          1,
          negatives,
          s.weighted,
          0,
          stride,
          negativeGradient,
          0,
          stride);
    }
    return sum;
  }

  /**
   * Turns a row of scores into weights and the user's row into what the negatives receive; returns
   * the loss.
   */
  private double weigh(
      Scratch s,
      BatchPlan plan,
      InteractionMatrix train,
      int pair,
      int i,
      FloatTable userRows,
      FloatTable itemRows,
      MemorySegment slotPrior,
      float[] positiveWeight) {
    int slot = plan.userSlotOfPair[pair];
    long user = userRows.rowOffsetBytes(slot);
    long item = itemRows.rowOffsetBytes(plan.itemSlotOfPair[pair]);
    long scoreRow = (long) i * negatives * Float.BYTES;
    maskLiked(s, plan, train, plan.userOfSlot[slot], plan.itemSlotOfPair[pair], scoreRow);
    float positive =
        rowOps.dot(userRows.segment(), user, itemRows.segment(), item, stride)
            + slotPrior.getAtIndex(F32, plan.itemSlotOfPair[pair]);
    return loss.weigh(positive, s.scores, scoreRow, negatives, positiveWeight, pair, s.factors, i);
  }

  private void maskLiked(
      Scratch s, BatchPlan plan, InteractionMatrix train, int user, int positiveSlot, long row) {
    if (!softmax.maskLiked()) {
      if (positiveSlot < negatives) {
        s.scores.set(F32, row + (long) positiveSlot * Float.BYTES, MASKED);
      }
      return;
    }
    for (long p = train.begin(user), end = train.end(user); p < end; p++) {
      int slot = plan.negativeSlot(train.itemAt(p));
      if (slot >= 0) {
        s.scores.set(F32, row + (long) slot * Float.BYTES, MASKED);
      }
    }
  }

  /** Gradients of the tile's users, and its users weighted for the negatives' gradient. */
  private void accumulate(
      Scratch s,
      BatchPlan plan,
      int firstPair,
      int count,
      FloatTable userRows,
      FloatTable itemRows,
      FloatTable pairGradient,
      float[] positiveWeight) {
    MemorySegment gradient = pairGradient.segment();
    long tile = pairGradient.rowOffsetBytes(firstPair);
    long rowBytes = (long) stride * Float.BYTES;
    MemorySegment.copy(s.zeros, 0, gradient, tile, count * rowBytes);
    matmulOps.matmulAdd(
        count,
        stride,
        negatives,
        s.scores,
        0,
        negatives,
        1,
        itemRows.segment(),
        0,
        stride,
        gradient,
        tile,
        stride);
    s.weighted.fill((byte) 0);
    for (int i = 0; i < count; i++) {
      int pair = firstPair + i;
      long row = tile + i * rowBytes;
      rowOps.scaleInPlace(s.factors[i], gradient, row, stride);
      rowOps.axpyInPlace(
          positiveWeight[pair],
          itemRows.segment(),
          itemRows.rowOffsetBytes(plan.itemSlotOfPair[pair]),
          gradient,
          row,
          stride);
      rowOps.axpyInPlace(
          s.factors[i],
          userRows.segment(),
          userRows.rowOffsetBytes(plan.userSlotOfPair[pair]),
          s.weighted,
          i * rowBytes,
          stride);
    }
  }
}
