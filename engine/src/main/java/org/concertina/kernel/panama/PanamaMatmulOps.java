package org.concertina.kernel.panama;

import static org.concertina.kernel.Ranges.checkFloats;
import static org.concertina.kernel.Ranges.spanFloats;

import java.lang.foreign.MemorySegment;
import org.concertina.kernel.MatmulOps;

/** {@link MatmulOps} in the JDK Vector API. Checks ranges, then calls the kernel. Thread-safe. */
final class PanamaMatmulOps implements MatmulOps {
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
    MatmulKernels.matmulAdd(
        rows,
        cols,
        depth,
        a,
        aOffsetBytes,
        aRowStride * Float.BYTES,
        aDepthStride * Float.BYTES,
        b,
        bOffsetBytes,
        bRowStride * Float.BYTES,
        c,
        cOffsetBytes,
        cRowStride * Float.BYTES);
  }
}
