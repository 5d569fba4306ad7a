package org.concertina.kernel;

import java.lang.foreign.MemorySegment;
import java.util.Objects;

/** Range checks that every provider makes once at entry, before its unchecked-size inner loops. */
public final class Ranges {
  private Ranges() {}

  /** Checks that {@code n} floats from {@code offsetBytes} lie inside {@code segment}. */
  public static void checkFloats(MemorySegment segment, long offsetBytes, long n) {
    checkBytes(segment, offsetBytes, n * Float.BYTES);
  }

  /** Checks that {@code n} bytes from {@code offsetBytes} lie inside {@code segment}. */
  public static void checkBytes(MemorySegment segment, long offsetBytes, long n) {
    Objects.checkFromIndexSize(offsetBytes, n, segment.byteSize());
  }

  /** Floats spanned by {@code rows} rows of {@code cols} floats at a stride. */
  public static long spanFloats(long rows, long rowStride, long cols, long colStride) {
    return rows == 0 || cols == 0 ? 0 : (rows - 1) * rowStride + (cols - 1) * colStride + 1;
  }
}
