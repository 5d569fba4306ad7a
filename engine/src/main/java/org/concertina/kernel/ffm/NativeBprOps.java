package org.concertina.kernel.ffm;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.concertina.kernel.Ranges.checkFloats;
import static org.concertina.kernel.Ranges.checkRows;
import static org.concertina.kernel.ffm.NativeKernels.bind;
import static org.concertina.kernel.ffm.NativeKernels.checkAligned;
import static org.concertina.kernel.ffm.NativeKernels.checkWritable;
import static org.concertina.kernel.ffm.NativeKernels.unexpected;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import org.concertina.kernel.BprOps;

/** {@link BprOps} by native kernels. Thread-safe. */
final class NativeBprOps implements BprOps {
  private static final FunctionDescriptor STEPS =
      FunctionDescriptor.of(
          JAVA_DOUBLE,
          JAVA_FLOAT,
          JAVA_FLOAT,
          ADDRESS,
          JAVA_LONG,
          ADDRESS,
          JAVA_LONG,
          JAVA_LONG,
          ADDRESS,
          JAVA_LONG,
          ADDRESS,
          JAVA_LONG,
          JAVA_LONG,
          JAVA_LONG);

  private static final MethodHandle BPR = bind("cnct_bpr_f32", STEPS);

  private static final MethodHandle BPR_COSINE = bind("cnct_bpr_cosine_f32", STEPS);

  /** Whether this tier has the kernels. */
  static boolean available() {
    return BPR != null && BPR_COSINE != null;
  }

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
    checkSteps(
        user,
        userOffsetBytes,
        items,
        itemsOffsetBytes,
        itemStride,
        positives,
        positivesOffsetBytes,
        negatives,
        negativesOffsetBytes,
        count,
        n);
    try {
      return (double)
          BPR.invokeExact(
              learningRate,
              l2,
              user,
              userOffsetBytes,
              items,
              itemsOffsetBytes,
              itemStride,
              positives,
              positivesOffsetBytes,
              negatives,
              negativesOffsetBytes,
              (long) count,
              (long) n);
    } catch (Throwable e) {
      throw unexpected(e);
    }
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
    checkSteps(
        user,
        userOffsetBytes,
        items,
        itemsOffsetBytes,
        itemStride,
        positives,
        positivesOffsetBytes,
        negatives,
        negativesOffsetBytes,
        count,
        n);
    try {
      return (double)
          BPR_COSINE.invokeExact(
              learningRate,
              temperature,
              user,
              userOffsetBytes,
              items,
              itemsOffsetBytes,
              itemStride,
              positives,
              positivesOffsetBytes,
              negatives,
              negativesOffsetBytes,
              (long) count,
              (long) n);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  /** What both kinds of BPR steps need. */
  private static void checkSteps(
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
    checkAligned(user, userOffsetBytes);
    checkAligned(items, itemsOffsetBytes);
    checkAligned(positives, positivesOffsetBytes);
    checkAligned(negatives, negativesOffsetBytes);
    checkWritable(user);
    checkWritable(items);
  }
}
