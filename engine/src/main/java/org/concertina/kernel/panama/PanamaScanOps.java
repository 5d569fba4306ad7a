package org.concertina.kernel.panama;

import static org.concertina.kernel.Ranges.checkFloats;

import java.lang.foreign.MemorySegment;
import org.concertina.kernel.ScanOps;

/** {@link ScanOps} in the JDK Vector API. Checks ranges, then calls the kernel. Thread-safe. */
final class PanamaScanOps implements ScanOps {
  @Override
  public int indexAbove(float threshold, MemorySegment x, long xOffsetBytes, int from, int n) {
    checkFloats(x, xOffsetBytes, n);
    return ScanKernels.indexAbove(threshold, x, xOffsetBytes, from, n);
  }

  @Override
  public void maxima(
      MemorySegment x,
      long xOffsetBytes,
      int n,
      MemorySegment out,
      long outOffsetBytes,
      int count) {
    checkFloats(x, xOffsetBytes, n);
    checkFloats(out, outOffsetBytes, count);
    ScanKernels.maxima(x, xOffsetBytes, n, out, outOffsetBytes, count);
  }
}
