package org.concertina.judge;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.concertina.block.BlockChoice;
import org.concertina.block.BlockShape;
import org.concertina.block.GroupPacker;
import org.concertina.block.GroupPrior;
import org.concertina.block.Groups;
import org.concertina.block.Precision;
import org.concertina.block.RowOrder;
import org.concertina.kernel.TileOps;
import org.concertina.kernel.WorkerPool;
import org.concertina.memory.CappedArena;
import org.concertina.memory.FloatTable;

/**
 * The rows of one group under one choice, as a device has them, and what turns their products with
 * a user's vector into scores. One group at a time; threads may read between two packings.
 */
final class PackedGroup {
  private static final ValueLayout.OfFloat F32 = ValueLayout.JAVA_FLOAT;

  /** Rows that a thread packs at a time: whole tiles. */
  private static final int TASK_ROWS = 16 * TileOps.TILE_ROWS;

  private final WorkerPool pool;
  private final FloatTable items;
  private final MemorySegment itemPriors;
  private final BlockShape shape;
  private final RowOrder order;

  /** {@code size x kept} floats, row-major, as {@link GroupPacker#pack} makes them. */
  final MemorySegment values;

  /** A factor a row, of rows of unit codes. */
  final MemorySegment factors;

  /** Priors of the rows, whole tiles of bytes; null if items have none. */
  final MemorySegment codes;

  int start;
  int size;
  int kept;
  long mask;
  Precision precision;

  /** Factor of every product, unless rows have factors of their own. */
  float scale;

  /** How {@link #codes} are read; null if items have none. */
  GroupPrior prior;

  /**
   * Takes room for the largest group.
   *
   * @param itemPriors a float each by item index, or null
   */
  PackedGroup(
      CappedArena arena,
      WorkerPool pool,
      FloatTable items,
      MemorySegment itemPriors,
      BlockShape shape,
      RowOrder order) {
    this.pool = pool;
    this.items = items;
    this.itemPriors = itemPriors;
    this.shape = shape;
    this.order = order;
    int largest = order.groups().maxSize();
    long padded = (long) Math.ceilDiv(largest, TileOps.TILE_ROWS) * TileOps.TILE_ROWS;
    this.values = arena.allocateFloats((long) largest * shape.dim(), "judge: packed group");
    this.factors = arena.allocateFloats(largest, "judge: factors of the packed rows");
    this.codes =
        itemPriors == null ? null : arena.allocate(padded, "judge: priors of the packed rows");
  }

  /** Packs a group that is not dropped. */
  void pack(int group, BlockChoice choice) {
    begin(group, choice);
    pool.run(
        Math.ceilDiv(size, TASK_ROWS),
        (task, _) ->
            packRows(group, choice, task * TASK_ROWS, Math.min(size, (task + 1) * TASK_ROWS)));
    end(group);
  }

  /**
   * Packs some rows of a group, those that are needed alone if the others have no part in them.
   *
   * @param rows of the group, from 0
   */
  void pack(int group, BlockChoice choice, int[] rows) {
    if (!choice.precision().isUnitCodes()) {
      pack(group, choice);
      return;
    }
    begin(group, choice);
    pool.run(
        Math.ceilDiv(rows.length, TASK_ROWS),
        (task, _) -> {
          int end = Math.min(rows.length, (task + 1) * TASK_ROWS);
          for (int i = task * TASK_ROWS; i < end; i++) {
            packRows(group, choice, rows[i], rows[i] + 1);
          }
        });
    end(group);
  }

  private void begin(int group, BlockChoice choice) {
    Groups groups = order.groups();
    start = groups.start(group);
    size = groups.size(group);
    kept = shape.keptDims(choice);
    mask = choice.blockMask();
    precision = choice.precision();
  }

  private void packRows(int group, BlockChoice choice, int first, int end) {
    GroupPacker.packRows(items, shape, order, group, choice, first, end, values, 0);
    if (precision.isUnitCodes()) {
      GroupPacker.rowFactors(
          values, rowBytes(first), end - first, kept, factors, (long) first * Float.BYTES);
    }
  }

  private void end(int group) {
    scale = GroupPacker.scaleInPlace(precision, values, 0, (long) size * kept);
    prior = itemPriors == null ? null : GroupPrior.pack(itemPriors, order, group, codes, 0);
  }

  /** Where a row of the group stands in {@link #values}. */
  long rowBytes(int row) {
    return (long) row * kept * Float.BYTES;
  }

  /**
   * Exact scores of single rows, with the bits that {@link GroupScores} has for whole groups: sums
   * are chains of fused multiply-adds in the order of the dimensions there too.
   *
   * @param user {@code kept} floats, the blocks of the user's vector
   * @param rows of the group, from 0
   * @param scores receives {@code count} scores
   */
  void score(MemorySegment user, int[] rows, int count, float[] scores) {
    int i = 0;
    // Four chains at a time hide the latency of one.
    for (; i + 4 <= count; i += 4) {
      multiplyFour(user, rows, i, scores);
    }
    for (; i < count; i++) {
      scores[i] = multiply(user, rowBytes(rows[i]));
    }
    for (i = 0; i < count; i++) {
      scores[i] = toScore(rows[i], scores[i]);
    }
  }

  private void multiplyFour(MemorySegment user, int[] rows, int at, float[] products) {
    long first = rowBytes(rows[at]);
    long second = rowBytes(rows[at + 1]);
    long third = rowBytes(rows[at + 2]);
    long fourth = rowBytes(rows[at + 3]);
    float firstSum = 0;
    float secondSum = 0;
    float thirdSum = 0;
    float fourthSum = 0;
    for (int k = 0; k < kept; k++) {
      long offset = (long) k * Float.BYTES;
      float element = user.get(F32, offset);
      firstSum = Math.fma(element, values.get(F32, first + offset), firstSum);
      secondSum = Math.fma(element, values.get(F32, second + offset), secondSum);
      thirdSum = Math.fma(element, values.get(F32, third + offset), thirdSum);
      fourthSum = Math.fma(element, values.get(F32, fourth + offset), fourthSum);
    }
    products[at] = firstSum;
    products[at + 1] = secondSum;
    products[at + 2] = thirdSum;
    products[at + 3] = fourthSum;
  }

  private float multiply(MemorySegment user, long row) {
    float sum = 0;
    for (int k = 0; k < kept; k++) {
      long offset = (long) k * Float.BYTES;
      sum = Math.fma(user.get(F32, offset), values.get(F32, row + offset), sum);
    }
    return sum;
  }

  private float toScore(int row, float product) {
    float score = product * (precision.isUnitCodes() ? factors.getAtIndex(F32, row) : scale);
    return prior == null
        ? score
        : score
            + Math.fma(prior.scale(), (float) codes.get(ValueLayout.JAVA_BYTE, row), prior.base());
  }
}
