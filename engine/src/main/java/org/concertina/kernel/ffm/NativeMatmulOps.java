package org.concertina.kernel.ffm;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.concertina.kernel.Ranges.checkFloats;
import static org.concertina.kernel.Ranges.spanFloats;
import static org.concertina.kernel.ffm.NativeKernels.bind;
import static org.concertina.kernel.ffm.NativeKernels.checkAligned;
import static org.concertina.kernel.ffm.NativeKernels.checkWritable;
import static org.concertina.kernel.ffm.NativeKernels.unexpected;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import org.concertina.kernel.MatmulOps;

/**
 * {@link MatmulOps} by vectors of 256 bits, of which the Vector API spends more instructions on
 * addresses than on products; by 512 bits it is as fast as any library. Thread-safe.
 */
final class NativeMatmulOps implements MatmulOps {
  private static final int WIDE_BITS = 512;

  private static final MethodHandle MATMUL_ADD =
      bind(
          "cnct_matmul_add_f32",
          FunctionDescriptor.ofVoid(
              JAVA_LONG, JAVA_LONG, JAVA_LONG, ADDRESS, JAVA_LONG, JAVA_LONG, JAVA_LONG, ADDRESS,
              JAVA_LONG, JAVA_LONG, ADDRESS, JAVA_LONG, JAVA_LONG));

  /**
   * Whether this tier has the kernel and it is faster.
   *
   * @param otherBits width of the vectors that another provider would take
   */
  static boolean pays(int otherBits) {
    return MATMUL_ADD != null && otherBits < WIDE_BITS;
  }

  @Override
  public void matmulAdd(
      int rows,
      int cols,
      int depth,
      MemorySegment a,
      long aOffsetBytes,
      long aRowStride,
      long aDepthStride,
      MemorySegment b,
      long bOffsetBytes,
      long bRowStride,
      MemorySegment c,
      long cOffsetBytes,
      long cRowStride) {
    checkFloats(a, aOffsetBytes, spanFloats(rows, aRowStride, depth, aDepthStride));
    checkFloats(b, bOffsetBytes, spanFloats(depth, bRowStride, cols, 1));
    checkFloats(c, cOffsetBytes, spanFloats(rows, cRowStride, cols, 1));
    checkAligned(a, aOffsetBytes);
    checkAligned(b, bOffsetBytes);
    checkAligned(c, cOffsetBytes);
    checkWritable(c);
    try {
      MATMUL_ADD.invokeExact(
          (long) rows,
          (long) cols,
          (long) depth,
          a,
          aOffsetBytes,
          aRowStride,
          aDepthStride,
          b,
          bOffsetBytes,
          bRowStride,
          c,
          cOffsetBytes,
          cRowStride);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }
}
