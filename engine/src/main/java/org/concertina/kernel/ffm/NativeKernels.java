package org.concertina.kernel.ffm;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import org.concertina.kernel.ffm.NativeLibrary.Absent;
import org.concertina.kernel.ffm.NativeLibrary.Loaded;

/**
 * What all families of native kernels share: the library, and checks before a call.
 *
 * <p>A family binds its functions, each behind a method that checks every size. It owns no memory;
 * segments are off-heap and the caller's, and cannot be closed while a function runs. Stateless, so
 * any number of threads may call. The calls are ordinary ones: a function may run for milliseconds
 * without holding up a safepoint. Offsets are arguments: a slice would be an allocation.
 */
final class NativeKernels {
  private static final NativeLibrary.Result LIBRARY = NativeLibrary.load();

  private NativeKernels() {}

  /** What came of looking for the library. */
  static NativeLibrary.Result library() {
    return LIBRARY;
  }

  /**
   * The function of this tier or the highest below, or null if none has it. Handles belong in
   * static finals, which the compiler inlines.
   */
  static MethodHandle bind(String name, FunctionDescriptor descriptor) {
    return switch (LIBRARY) {
      case Loaded loaded ->
          loaded
              .kernel(name)
              .map(address -> Linker.nativeLinker().downcallHandle(address, descriptor))
              .orElse(null);
      case Absent _ -> null;
    };
  }

  /** Throws unless the byte is aligned so. */
  static void checkAligned(MemorySegment segment, long offsetBytes, long alignment) {
    if ((segment.address() + offsetBytes) % alignment != 0) {
      throw new IllegalArgumentException(
          "native kernels: expected memory aligned to %d bytes, got byte %d of %s"
              .formatted(alignment, offsetBytes, segment));
    }
  }

  /** Throws unless the floats are aligned as such. */
  static void checkAligned(MemorySegment floats, long offsetBytes) {
    checkAligned(floats, offsetBytes, Float.BYTES);
  }

  /** Throws if the segment is read-only. */
  static void checkWritable(MemorySegment segment) {
    if (segment.isReadOnly()) {
      throw new UnsupportedOperationException("expected a writable segment, got " + segment);
    }
  }

  /** A segment that its owner closed, or of another thread, or on the heap; else a bug of ours. */
  static RuntimeException unexpected(Throwable e) {
    if (e instanceof RuntimeException refused) {
      return refused;
    }
    throw new AssertionError("a native kernel threw", e);
  }
}
