package org.concertina.kernel.scalar;

import static org.concertina.kernel.Ranges.checkFloats;
import static org.concertina.kernel.Ranges.spanFloats;
import static org.concertina.kernel.scalar.Elements.at;
import static org.concertina.kernel.scalar.Elements.put;

import java.lang.foreign.MemorySegment;
import org.concertina.kernel.MatmulOps;

/** {@link MatmulOps} in plain Java. Thread-safe. */
final class ScalarMatmulOps implements MatmulOps {
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
    for (int row = 0; row < rows; row++) {
      for (int col = 0; col < cols; col++) {
        float sum = at(c, cOffsetBytes, row * cRowStride + col);
        for (int k = 0; k < depth; k++) {
          sum =
              Math.fma(
                  at(a, aOffsetBytes, row * aRowStride + k * aDepthStride),
                  at(b, bOffsetBytes, k * bRowStride + col),
                  sum);
        }
        put(c, cOffsetBytes, row * cRowStride + col, sum);
      }
    }
  }
}
