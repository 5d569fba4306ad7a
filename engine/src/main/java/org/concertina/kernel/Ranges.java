package org.concertina.kernel;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Objects;

/** Range checks that every provider makes once at entry, before its unchecked-size inner loops. */
public final class Ranges {
  private static final ValueLayout.OfInt INDEX = ValueLayout.JAVA_INT_UNALIGNED;

  private static final ValueLayout.OfLong POINTER = ValueLayout.JAVA_LONG_UNALIGNED;

  private Ranges() {}

  /** Checks that {@code n} floats from {@code offsetBytes} lie inside {@code segment}. */
  public static void checkFloats(MemorySegment segment, long offsetBytes, long n) {
    checkBytes(segment, offsetBytes, Math.multiplyExact(n, Float.BYTES));
  }

  /** Checks that {@code n} bytes from {@code offsetBytes} lie inside {@code segment}. */
  public static void checkBytes(MemorySegment segment, long offsetBytes, long n) {
    Objects.checkFromIndexSize(offsetBytes, n, segment.byteSize());
  }

  /**
   * Checks a task of screening.
   *
   * @param tileBytes of one tile
   * @throws IllegalArgumentException if there are too many dimensions, or sizes are negative
   */
  public static void checkScreen(
      ScreenTask task, long tileBytes, MemorySegment out, long outOffsetBytes) {
    int dims = task.dims;
    if (task.tileCount < 0 || dims < 0 || dims > ScreenOps.MAX_SCREEN_DIMS) {
      throw new IllegalArgumentException(
          "tileCount, dims: expected >= 0 and 0 to %d, got %d and %d"
              .formatted(ScreenOps.MAX_SCREEN_DIMS, task.tileCount, dims));
    }
    long rows = (long) task.tileCount * TileOps.TILE_ROWS;
    checkBytes(task.tiles, task.tilesOffsetBytes, task.tileCount * tileBytes);
    checkBytes(task.query, task.queryOffsetBytes, dims);
    if (task.priorsOffsetBytes != ScreenTask.NONE) {
      checkBytes(task.priors, task.priorsOffsetBytes, rows);
    }
    if (task.normsOffsetBytes != ScreenTask.NONE) {
      checkBytes(task.norms, task.normsOffsetBytes, rows * Short.BYTES);
    }
    if (task.capacity < TileOps.TILE_ROWS) {
      throw new IllegalArgumentException(
          "capacity: expected at least %d, got %d".formatted(TileOps.TILE_ROWS, task.capacity));
    }
    checkBytes(out, outOffsetBytes, (long) task.capacity * ScreenOps.ENTRY_BYTES);
  }

  /**
   * Floats spanned by {@code rows} rows of {@code cols} floats at strides.
   *
   * @throws IndexOutOfBoundsException if a size or stride is negative
   */
  public static long spanFloats(long rows, long rowStride, long cols, long colStride) {
    if ((rows | rowStride | cols | colStride) < 0) {
      throw new IndexOutOfBoundsException(
          "matrix: expected sizes and strides >= 0, got %d x %d at strides %d, %d"
              .formatted(rows, cols, rowStride, colStride));
    }
    if (rows == 0 || cols == 0) {
      return 0;
    }
    long rowSpan = Math.multiplyExact(rows - 1, rowStride);
    long colSpan = Math.multiplyExact(cols - 1, colStride);
    return Math.addExact(Math.addExact(rowSpan, colSpan), 1);
  }

  /**
   * Checks that rows of {@code n} floats at these indices lie inside {@code table}.
   *
   * @param indices {@code count} ints
   * @param rowStride floats from one row's start to the next
   */
  public static void checkRows(
      MemorySegment indices,
      long indicesOffsetBytes,
      int count,
      MemorySegment table,
      long tableOffsetBytes,
      long rowStride,
      int n) {
    checkFloats(indices, indicesOffsetBytes, count);
    checkFloats(table, tableOffsetBytes, spanFloats(1, rowStride, n, 1));
    long floats = (table.byteSize() - tableOffsetBytes) / Float.BYTES;
    long rows = rowStride == 0 ? Long.MAX_VALUE : (floats - n) / rowStride + 1;
    // One comparison at the end: a loop without exits is vectorised. As unsigned, -1 is large.
    int largest = Integer.MIN_VALUE;
    for (int k = 0; k < count; k++) {
      int index = indices.get(INDEX, indicesOffsetBytes + (long) k * Integer.BYTES);
      largest = Math.max(largest, index ^ Integer.MIN_VALUE);
    }
    if (count > 0) {
      Objects.checkIndex(Integer.toUnsignedLong(largest ^ Integer.MIN_VALUE), rows);
    }
  }

  /** Checks everything but the table and the indices of a sparse product. */
  public static void checkSparse(
      int rows,
      MemorySegment pointers,
      long pointersOffsetBytes,
      MemorySegment indices,
      MemorySegment weights,
      MemorySegment base,
      long baseOffsetBytes,
      long baseRowStride,
      MemorySegment out,
      long outOffsetBytes,
      long outRowStride,
      int n) {
    checkBytes(pointers, pointersOffsetBytes, (rows + 1L) * Long.BYTES);
    checkFloats(base, baseOffsetBytes, spanFloats(rows, baseRowStride, n, 1));
    checkFloats(out, outOffsetBytes, spanFloats(rows, outRowStride, n, 1));
    long previous = 0;
    for (int r = 0; r <= rows; r++) {
      long pointer = pointers.get(POINTER, pointersOffsetBytes + (long) r * Long.BYTES);
      if (pointer < previous) {
        throw new IndexOutOfBoundsException(
            "pointer %d: expected at least %d, got %d".formatted(r, previous, pointer));
      }
      previous = pointer;
    }
    long entries = Math.min(indices.byteSize(), weights.byteSize()) / Float.BYTES;
    if (previous > entries) {
      throw new IndexOutOfBoundsException(
          "pointer %d: expected at most %d entries, got %d".formatted(rows, entries, previous));
    }
  }
}
