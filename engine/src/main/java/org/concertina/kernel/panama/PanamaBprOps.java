package org.concertina.kernel.panama;

import static org.concertina.kernel.Ranges.checkFloats;
import static org.concertina.kernel.Ranges.checkRows;

import java.lang.foreign.MemorySegment;
import org.concertina.kernel.BprOps;

/** {@link BprOps} in the JDK Vector API. Checks ranges, then calls the kernel. Thread-safe. */
final class PanamaBprOps implements BprOps {
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
    if (n == BprRegisterKernels.FLOATS) {
      return BprRegisterKernels.steps(
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
          count);
    }
    return BprKernels.steps(
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
    return BprCosineKernels.steps(
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
