package org.concertina.memory;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/**
 * Large anonymous mappings that ask Linux for 2 MB pages. Rows gathered from all over a table of
 * some megabytes miss the translation buffer on 4 KB pages at almost every row.
 *
 * <p>Only where the caller may make native calls ({@code --enable-native-access}) on 64-bit Linux;
 * elsewhere memory comes from the JDK as usual. Thread-safe.
 */
final class HugePages {
  static final long PAGE_BYTES = 2L << 20;

  /** Below this, rounding to pages would not pay. */
  static final long MIN_BYTES = 2 * PAGE_BYTES;

  private static final int PROT_READ_WRITE = 1 | 2;
  private static final int MAP_PRIVATE_ANONYMOUS = 0x02 | 0x20;
  private static final int MADV_HUGEPAGE = 14;
  private static final long MAP_FAILED = -1;

  /** Null if there are none. */
  private static final Calls CALLS = Calls.find();

  private record Calls(MethodHandle mmap, MethodHandle madvise, MethodHandle munmap) {
    static Calls find() {
      boolean linux = System.getProperty("os.name").equals("Linux");
      if (!linux
          || ValueLayout.ADDRESS.byteSize() != Long.BYTES
          || !HugePages.class.getModule().isNativeAccessEnabled()) {
        return null;
      }
      Linker linker = Linker.nativeLinker();
      SymbolLookup libc = linker.defaultLookup();
      FunctionDescriptor map =
          FunctionDescriptor.of(
              ValueLayout.JAVA_LONG,
              ValueLayout.JAVA_LONG,
              ValueLayout.JAVA_LONG,
              ValueLayout.JAVA_INT,
              ValueLayout.JAVA_INT,
              ValueLayout.JAVA_INT,
              ValueLayout.JAVA_LONG);
      FunctionDescriptor advise =
          FunctionDescriptor.of(
              ValueLayout.JAVA_INT,
              ValueLayout.JAVA_LONG,
              ValueLayout.JAVA_LONG,
              ValueLayout.JAVA_INT);
      FunctionDescriptor unmap =
          FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG);
      return new Calls(
          linker.downcallHandle(libc.findOrThrow("mmap"), map),
          linker.downcallHandle(libc.findOrThrow("madvise"), advise),
          linker.downcallHandle(libc.findOrThrow("munmap"), unmap));
    }
  }

  private HugePages() {}

  static boolean available() {
    return CALLS != null;
  }

  /**
   * Maps zeroed bytes that are unmapped when {@code arena} closes; they start at a large page.
   *
   * @return null if there are no large pages or the system gives no memory
   */
  static MemorySegment allocate(long bytes, Arena arena) {
    if (CALLS == null || bytes < MIN_BYTES) {
      return null;
    }
    try {
      long mappedBytes = Math.addExact(bytes, PAGE_BYTES);
      long mapped =
          (long)
              CALLS.mmap.invokeExact(
                  0L, mappedBytes, PROT_READ_WRITE, MAP_PRIVATE_ANONYMOUS, -1, 0L);
      if (mapped == MAP_FAILED) {
        return null;
      }
      long start = (mapped + PAGE_BYTES - 1) & -PAGE_BYTES;
      // A refusal leaves small pages. The tail that is no whole page stays on small ones, so that
      // no more memory is used than was asked for.
      int _ = (int) CALLS.madvise.invokeExact(start, bytes & -PAGE_BYTES, MADV_HUGEPAGE);
      return owned(start, bytes, arena, mapped, mappedBytes);
    } catch (RuntimeException | Error unexpected) {
      throw unexpected;
    } catch (Throwable impossible) { // the handles throw nothing checked
      throw new AssertionError(impossible);
    }
  }

  private static MemorySegment owned(
      long start, long bytes, Arena arena, long mapped, long mappedBytes) {
    boolean owned = false;
    try {
      MemorySegment segment =
          MemorySegment.ofAddress(start).reinterpret(bytes, arena, _ -> unmap(mapped, mappedBytes));
      owned = true;
      return segment;
    } finally {
      if (!owned) { // the arena is closed
        unmap(mapped, mappedBytes);
      }
    }
  }

  private static void unmap(long mapped, long mappedBytes) {
    try {
      int _ = (int) CALLS.munmap.invokeExact(mapped, mappedBytes);
    } catch (RuntimeException | Error unexpected) {
      throw unexpected;
    } catch (Throwable impossible) {
      throw new AssertionError(impossible);
    }
  }
}
