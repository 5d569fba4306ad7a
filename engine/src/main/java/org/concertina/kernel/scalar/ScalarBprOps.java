package org.concertina.kernel.scalar;

import static org.concertina.kernel.Ranges.checkFloats;
import static org.concertina.kernel.Ranges.checkRows;

import java.lang.foreign.MemorySegment;
import org.concertina.kernel.BprOps;

/** {@link BprOps} in plain Java. Thread-safe. */
final class ScalarBprOps implements BprOps {
  @Override
  public double bprInPlace(
      float learningRate,
      float l2,
      MemorySegment user,
      long userOffsetBytes,
      MemorySegment items,
      long itemsOffsetBytes,
      long itemStride,
      MemorySegment positives,
      long positivesOffsetBytes,
      MemorySegment negatives,
      long negativesOffsetBytes,
      int count,
      int n) {
    checkFloats(user, userOffsetBytes, n);
    checkRows(positives, positivesOffsetBytes, count, items, itemsOffsetBytes, itemStride, n);
    checkRows(negatives, negativesOffsetBytes, count, items, itemsOffsetBytes, itemStride, n);
    return ScalarBpr.steps(
        learningRate,
        l2,
        user,
        userOffsetBytes,
        items,
        itemsOffsetBytes,
        itemStride * Float.BYTES,
        positives,
        positivesOffsetBytes,
        negatives,
        negativesOffsetBytes,
        count,
        n);
  }

  @Override
  public double bprCosineInPlace(
      float learningRate,
      float temperature,
      MemorySegment user,
      long userOffsetBytes,
      MemorySegment items,
      long itemsOffsetBytes,
      long itemStride,
      MemorySegment positives,
      long positivesOffsetBytes,
      MemorySegment negatives,
      long negativesOffsetBytes,
      int count,
      int n) {
    checkFloats(user, userOffsetBytes, n);
    checkRows(positives, positivesOffsetBytes, count, items, itemsOffsetBytes, itemStride, n);
    checkRows(negatives, negativesOffsetBytes, count, items, itemsOffsetBytes, itemStride, n);
    return ScalarBpr.cosineSteps(
        learningRate,
        temperature,
        user,
        userOffsetBytes,
        items,
        itemsOffsetBytes,
        itemStride * Float.BYTES,
        positives,
        positivesOffsetBytes,
        negatives,
        negativesOffsetBytes,
        count,
        n);
  }
}
