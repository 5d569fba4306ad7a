package org.concertina.block;

/**
 * How a row is cut into blocks: {@code dim = blocks * blockDim}.
 *
 * @param blocks N, blocks of a row, 1 to 64
 * @param blockDim b, floats of a block, at least 1
 */
public record BlockShape(int blocks, int blockDim) {
  /** Validates. */
  public BlockShape {
    if (blocks < 1 || blocks > Long.SIZE) {
      throw new IllegalArgumentException("blocks: expected 1 to 64, got " + blocks);
    }
    if (blockDim < 1) {
      throw new IllegalArgumentException("blockDim: expected >= 1, got " + blockDim);
    }
    if (blockDim > Integer.MAX_VALUE / blocks) {
      throw new IllegalArgumentException(
          "dim: expected at most 2^31 - 1, got " + (long) blocks * blockDim);
    }
  }

  /**
   * Cuts {@code dim} floats into {@code blocks} blocks.
   *
   * @throws IllegalArgumentException if they do not divide
   */
  public static BlockShape of(int dim, int blocks) {
    if (blocks < 1 || dim < 1 || dim % blocks != 0) {
      throw new IllegalArgumentException(
          "dim: expected a multiple of blocks = " + blocks + ", got " + dim);
    }
    return new BlockShape(blocks, dim / blocks);
  }

  /** d, floats of a row. */
  public int dim() {
    return blocks * blockDim;
  }

  /** Mask of all blocks. */
  public long fullMask() {
    return -1L >>> (Long.SIZE - blocks);
  }

  /** Floats that a choice keeps of a row. */
  public int keptDims(BlockChoice choice) {
    return choice.keptBlocks() * blockDim;
  }
}
