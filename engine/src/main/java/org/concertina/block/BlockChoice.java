package org.concertina.block;

import java.util.Objects;

/**
 * The blocks that a group keeps, and the precision it keeps them in: (S_g, q_g) of the design.
 *
 * @param blockMask bit {@code n} set if block {@code n} is kept; at least one
 * @param precision how its elements are stored
 */
public record BlockChoice(long blockMask, Precision precision) {
  /** Validates. */
  public BlockChoice {
    Objects.requireNonNull(precision, "precision");
    if (blockMask == 0) {
      throw new IllegalArgumentException("blockMask: a group keeps at least one block");
    }
  }

  /** The first {@code count} blocks, 1 to 64. */
  public static BlockChoice prefix(int count, Precision precision) {
    if (count < 1 || count > Long.SIZE) {
      throw new IllegalArgumentException("count: expected 1 to 64, got " + count);
    }
    return new BlockChoice(-1L >>> (Long.SIZE - count), precision);
  }

  /** Number of blocks kept. */
  public int keptBlocks() {
    return Long.bitCount(blockMask);
  }

  /** Whether block {@code n} is kept. */
  public boolean keeps(int block) {
    return (blockMask >>> block & 1) != 0;
  }

  /** Whether the kept blocks are the first ones. */
  public boolean isPrefix() {
    return (blockMask & blockMask + 1) == 0;
  }
}
