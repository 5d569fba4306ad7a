package org.concertina.kernel;

import java.lang.foreign.MemorySegment;

/**
 * Finds the packed rows that are worth an exact score by {@link TileOps}, by fast scores for a
 * query of bytes.
 *
 * <p>A row is reported as an entry of 64 bits, the bits of its fast score above its number, counted
 * from the first tile's first row: see {@link #row} and {@link #score}. Entries ascend by row, and
 * there is one for every row whose score is above the bar, those behind the last of a tile that is
 * not full among them. The score is {@code product + fma(priorScale, (float) prior, priorBase)},
 * where a kernel may fuse what is multiplied with what is added.
 */
public interface ScreenOps {
  /** The most dimensions that rows may have to be screened. */
  int MAX_SCREEN_DIMS = 1020;

  /** Bytes of an entry. */
  int ENTRY_BYTES = Long.BYTES;

  /** How far the product of a row of unit codes may be off, as a share of it. */
  double UNIT_SCREEN_ERROR = 0x1p-13;

  /**
   * Whether this is much faster than the exact scores, so that it pays to ask first which rows are
   * worth an exact score.
   */
  boolean screens();

  /**
   * The largest sum of products, either way, that a kernel holds. What it says of a row is right
   * where the norms of the row's codes and of the query multiply to no more; of two-bit codes,
   * where twice that does.
   */
  int maxSum();

  /** The largest code of a query for rows of bytes, either way: 127 or less. */
  int maxByteQuery();

  /** The row of an entry. */
  static int row(long entry) {
    return (int) entry;
  }

  /** The score of an entry. */
  static float score(long entry) {
    return Float.intBitsToFloat((int) (entry >> Integer.SIZE));
  }

  /**
   * Screens rows of bytes: {@code product = factor * (float) sum_k query[k] * code}. The sum is one
   * of integers and so exact.
   *
   * @param task norms are not looked at; receives the number of tiles that are done
   * @param out receives entries, at any alignment
   * @return how many
   * @throws IllegalArgumentException if rows have more than {@link #MAX_SCREEN_DIMS} dimensions
   */
  int screenTilesInt8(ScreenTask task, MemorySegment out, long outOffsetBytes);

  /**
   * Screens rows of four-bit codes: {@code product = factor * sum_k query[k] * code / sqrt(max(1,
   * sum_k code^2))}. The sums are of integers and so exact; a kernel may take the root from the
   * task's norms or compute it, and the product is within {@link #UNIT_SCREEN_ERROR} of its size.
   *
   * @see #screenTilesInt8
   */
  int screenTilesInt4(ScreenTask task, MemorySegment out, long outOffsetBytes);

  /**
   * As {@link #screenTilesInt4} for rows of two-bit codes; bits behind the last dimension must be
   * 0.
   */
  int screenTilesInt2(ScreenTask task, MemorySegment out, long outOffsetBytes);
}
