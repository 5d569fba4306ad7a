package org.concertina.kernel.ffm;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/**
 * Memory that ends where an unreadable page begins, so that reading one byte too many kills the
 * process. Linux only; it owns its mapping until {@link #close}.
 */
final class GuardedMemory implements AutoCloseable {
  private static final int PROT_NONE = 0;
  private static final int PROT_READ_WRITE = 1 | 2;
  private static final int MAP_PRIVATE_ANONYMOUS = 0x02 | 0x20;
  private static final long PAGE_BYTES = 4096;

  private static final MethodHandle MMAP =
      bind(
          "mmap",
          FunctionDescriptor.of(
              ADDRESS, ADDRESS, JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG));
  private static final MethodHandle MPROTECT =
      bind("mprotect", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT));
  private static final MethodHandle MUNMAP =
      bind("munmap", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG));

  private final MemorySegment mapping;
  private final long readableBytes;

  GuardedMemory(long minimumBytes) {
    this.readableBytes = (minimumBytes + PAGE_BYTES - 1) / PAGE_BYTES * PAGE_BYTES;
    long bytes = readableBytes + PAGE_BYTES;
    try {
      MemorySegment address =
          (MemorySegment)
              MMAP.invokeExact(
                  MemorySegment.NULL, bytes, PROT_READ_WRITE, MAP_PRIVATE_ANONYMOUS, -1, 0L);
      check("mmap", address.address() == -1 ? -1 : 0);
      this.mapping = address.reinterpret(bytes);
      MemorySegment guard = mapping.asSlice(readableBytes);
      check("mprotect", (int) MPROTECT.invokeExact(guard, PAGE_BYTES, PROT_NONE));
    } catch (Throwable e) {
      throw new AssertionError(e);
    }
  }

  /** So many bytes, the last one flush against the guard page. */
  MemorySegment lastBytes(long bytes) {
    return mapping.asSlice(readableBytes - bytes, bytes);
  }

  @Override
  public void close() {
    try {
      check("munmap", (int) MUNMAP.invokeExact(mapping, mapping.byteSize()));
    } catch (Throwable e) {
      throw new AssertionError(e);
    }
  }

  private static void check(String function, int result) {
    if (result != 0) {
      throw new AssertionError(function + " failed");
    }
  }

  private static MethodHandle bind(String name, FunctionDescriptor descriptor) {
    Linker linker = Linker.nativeLinker();
    return linker.downcallHandle(linker.defaultLookup().findOrThrow(name), descriptor);
  }
}
