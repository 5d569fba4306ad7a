package org.concertina.kernel.scalar;

import static org.concertina.kernel.Ranges.checkFloats;
import static org.concertina.kernel.scalar.Elements.at;
import static org.concertina.kernel.scalar.Elements.put;

import java.lang.foreign.MemorySegment;
import org.concertina.kernel.ScanOps;

/** {@link ScanOps} in plain Java. Thread-safe. */
final class ScalarScanOps implements ScanOps {
  @Override
  public int indexAbove(float threshold, MemorySegment x, long xOffsetBytes, int from, int n) {
    checkFloats(x, xOffsetBytes, n);
    int i = from;
    while (i < n && !(at(x, xOffsetBytes, i) > threshold)) {
      i++;
    }
    return i;
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
    for (int j = 0; j < count; j++) {
      float largest = Float.NEGATIVE_INFINITY;
      for (int i = j; i < n; i += count) {
        float value = at(x, xOffsetBytes, i);
        largest = value > largest ? value : largest;
      }
      put(out, outOffsetBytes, j, largest);
    }
  }
}
