package org.concertina.block;

import java.util.Objects;

/**
 * The blocks that a group keeps, and the precision it keeps them in: (S_g, q_g) of the design.
 *
 * <p>A group may also be dropped: it keeps no block, and its items cannot be recommended. Then the
 * precision means nothing and is always the same, so that dropped choices are equal.
 *
 * @param blockMask bit {@code n} set if block {@code n} is kept; 0 if the group is dropped
 * @param precision how its elements are stored
 */
public record BlockChoice(long blockMask, Precision precision) {
  /** No block at all. */
  public static final BlockChoice DROPPED = new BlockChoice(0, Precision.FP32);

  /** Validates. */
  public BlockChoice {
    Objects.requireNonNull(precision, "precision");
    if (blockMask == 0) {
      precision = Precision.FP32;
    }
  }

  /** The first {@code count} blocks, 1 to 64. */
  public static BlockChoice prefix(int count, Precision precision) {
    if (count < 1 || count > Long.SIZE) {
      throw new IllegalArgumentException("count: expected 1 to 64, got " + count);
    }
    return new BlockChoice(-1L >>> (Long.SIZE - count), precision);
  }

  /** Whether no block is kept. */
  public boolean isDropped() {
    return blockMask == 0;
  }

  /** Number of blocks kept. */
  public int keptBlocks() {
    return Long.bitCount(blockMask);
  }

  /** Whether block {@code n} is kept. */
  public boolean keeps(int block) {
    return (blockMask >>> block & 1) != 0;
  }

  /** Whether the kept blocks, if any, are the first ones. */
  public boolean isPrefix() {
    return (blockMask & blockMask + 1) == 0;
  }
}
