package org.concertina.block;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.concertina.kernel.RowOps;
import org.concertina.memory.CappedArena;
import org.concertina.memory.FloatTable;

/**
 * A user's vector divided by its norm, which is what must be scored when items have a prior: a
 * prior is added to a cosine, and a vector's length would change its weight.
 *
 * <p>The norm is that of the whole vector, whatever blocks a group keeps. The one definition that
 * judge and runtime share: the vector is padded with zeros as a row of a {@link FloatTable} is,
 * since the order of the kernel's sum depends on the length. Holds scratch memory that belongs to
 * the arena; for one thread. Allocates nothing after it is made.
 */
public final class UnitUser {
  private final RowOps ops;
  private final int padded;
  private final long vectorBytes;
  private final MemorySegment vector;
  private final MemorySegment unit;
  private final MemorySegment ones;

  /** Takes {@link #scratchBytes} from the arena. */
  public UnitUser(CappedArena arena, RowOps ops, BlockShape shape) {
    this.ops = ops;
    this.padded = FloatTable.strideFloats(shape.dim());
    this.vectorBytes = (long) shape.dim() * Float.BYTES;
    this.vector = arena.allocateFloats(padded, "padded user vector");
    this.unit = arena.allocateFloats(padded, "unit user vector");
    this.ones = arena.allocateFloats(padded, "mask of ones");
    for (int k = 0; k < padded; k++) {
      ones.setAtIndex(ValueLayout.JAVA_FLOAT, k, 1f);
    }
  }

  /** Bytes of scratch. */
  public static long scratchBytes(BlockShape shape) {
    return 3L * FloatTable.strideFloats(shape.dim()) * Float.BYTES;
  }

  /**
   * Normalises a vector; one that is shorter than {@link Float#MIN_NORMAL} becomes zero.
   *
   * @param user d floats from the offset on, at any alignment
   * @return d floats from its start on, until the next call
   */
  public MemorySegment of(MemorySegment user, long offsetBytes) {
    MemorySegment.copy(user, offsetBytes, vector, 0, vectorBytes);
    ops.normalizeMasked(vector, 0, ones, 0, unit, 0, padded);
    return unit;
  }
}
