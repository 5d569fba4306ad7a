package org.concertina.memory;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Objects;

/**
 * A view of {@code rows x dim} floats off-heap, row-major.
 *
 * <p>Rows start at a multiple of 64 bytes when {@code dim >= 16} (the stride is padded to 16
 * floats, the padding is zero and kernels may rely on that); smaller rows are padded to a multiple
 * of 4 floats. The {@link CappedArena} that allocated it owns the memory. Threads may read together
 * and write different rows.
 */
public final class FloatTable {
  private final MemorySegment segment;
  private final long rows;
  private final int dim;
  private final int stride;

  private FloatTable(MemorySegment segment, long rows, int dim, int stride) {
    this.segment = segment;
    this.rows = rows;
    this.dim = dim;
    this.stride = stride;
  }

  /** Allocates a zeroed table; {@code rows >= 0}, {@code dim >= 1}. */
  public static FloatTable allocate(CappedArena arena, long rows, int dim, String purpose) {
    if (rows < 0 || dim < 1) {
      throw new IllegalArgumentException(
          "table: expected rows >= 0 and dim >= 1, got " + rows + " x " + dim);
    }
    int stride = strideFloats(dim);
    return new FloatTable(
        arena.allocateFloats(Math.multiplyExact(rows, stride), purpose), rows, dim, stride);
  }

  /** Floats from one row's start to the next for rows of {@code dim} floats. */
  public static int strideFloats(int dim) {
    int multiple = dim >= 16 ? 16 : 4;
    return Math.multiplyExact(Math.ceilDiv(dim, multiple), multiple);
  }

  /** The memory, {@code rows * stride} floats. */
  public MemorySegment segment() {
    return segment;
  }

  /** Number of rows. */
  public long rows() {
    return rows;
  }

  /** Floats of a row, without padding. */
  public int dim() {
    return dim;
  }

  /** Floats from one row's start to the next, padding included. */
  public int stride() {
    return stride;
  }

  /** Byte offset of a row in {@link #segment}. */
  public long rowOffsetBytes(long row) {
    return row * stride * Float.BYTES;
  }

  /** Reads one element; for tests and cold code. */
  public float get(long row, int column) {
    return segment.get(ValueLayout.JAVA_FLOAT, elementOffsetBytes(row, column));
  }

  /** Writes one element; for tests and cold code. */
  public void set(long row, int column, float value) {
    segment.set(ValueLayout.JAVA_FLOAT, elementOffsetBytes(row, column), value);
  }

  private long elementOffsetBytes(long row, int column) {
    Objects.checkIndex(row, rows);
    Objects.checkIndex(column, dim);
    return rowOffsetBytes(row) + (long) column * Float.BYTES;
  }
}
