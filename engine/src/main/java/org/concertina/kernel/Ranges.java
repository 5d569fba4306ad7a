package org.concertina.kernel;

import java.lang.foreign.MemorySegment;
import java.util.Objects;

/** Range checks that every provider makes once at entry, before its unchecked-size inner loops. */
public final class Ranges {
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
}
