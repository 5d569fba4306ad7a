package org.concertina.kernel.ffm;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.concertina.kernel.ffm.NativeLibrary.Loaded;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every tier of the kernel against a double-precision loop. */
class DotRowsNativeTest {
  private static final int[] DIMS = {
    0, 1, 3, 4, 7, 8, 9, 15, 16, 17, 31, 32, 33, 63, 64, 65, 100, 127, 128, 207, 256, 300, 512, 1021
  };
  private static final int[] ROW_COUNTS = {0, 1, 2, 3, 4, 5, 7, 8, 65};
  private static final int[] OFFSETS = {0, 1, 3};

  private static final NativeKernels KERNELS = NativeKernels.find().orElseThrow();

  /** The ways into the kernel; each runs or the processor lacks it. */
  enum Entry {
    CHECKED("cnct_dot_rows_f32"),
    V1("cnct_dot_rows_f32_v1"),
    V3("cnct_dot_rows_f32_v3");

    private final MethodHandle handle;

    Entry(String symbol) {
      this.handle =
          Linker.nativeLinker()
              .downcallHandle(
                  library().symbols().findOrThrow(symbol),
                  FunctionDescriptor.ofVoid(
                      ADDRESS, JAVA_LONG, JAVA_LONG, ADDRESS, JAVA_LONG, ADDRESS));
    }

    void dotRows(
        MemorySegment rows,
        long rowCount,
        long stride,
        MemorySegment query,
        long dim,
        MemorySegment out) {
      assumeTrue(this != V3 || library().tier() >= 3, "this processor has no AVX2");
      if (this == CHECKED) {
        KERNELS.dotRows(rows, rowCount, stride, query, dim, out);
        return;
      }
      try {
        handle.invokeExact(rows, rowCount, stride, query, dim, out);
      } catch (Throwable e) {
        throw new AssertionError(e);
      }
    }
  }

  private static Loaded library() {
    return (Loaded) NativeLibrary.load();
  }

  @ParameterizedTest
  @EnumSource
  void agreesWithTheOracle(Entry entry) {
    try (Arena arena = Arena.ofConfined()) {
      SplittableRandom random = new SplittableRandom(42);
      for (int dim : DIMS) {
        for (int rowCount : ROW_COUNTS) {
          for (int offset : OFFSETS) {
            check(entry, arena, random, rowCount, dim + offset, dim, offset);
          }
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void readsNothingPastTheLastRow(Entry entry) {
    SplittableRandom random = new SplittableRandom(43);
    try (GuardedMemory rowPages = new GuardedMemory(5 * 70 * Float.BYTES);
        GuardedMemory queryPages = new GuardedMemory(70 * Float.BYTES);
        GuardedMemory outPages = new GuardedMemory(5 * Float.BYTES)) {
      for (int dim = 1; dim <= 70; dim++) {
        for (int rowCount = 1; rowCount <= 5; rowCount++) {
          MemorySegment rows = fill(rowPages.lastFloats((long) rowCount * dim), random);
          MemorySegment query = fill(queryPages.lastFloats(dim), random);
          MemorySegment out = outPages.lastFloats(rowCount);
          entry.dotRows(rows, rowCount, dim, query, dim, out);
          assertRows(rows, rowCount, dim, query, dim, out);
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void passesOnWhatIsNotANumber(Entry entry) {
    try (Arena arena = Arena.ofConfined()) {
      for (int dim : new int[] {1, 8, 17, 64}) {
        for (int at = 0; at < dim; at++) {
          MemorySegment rows = arena.allocate(JAVA_FLOAT, 5L * dim).fill((byte) 0);
          MemorySegment query = arena.allocate(JAVA_FLOAT, dim);
          for (int i = 0; i < dim; i++) {
            query.setAtIndex(JAVA_FLOAT, i, 1f);
          }
          rows.setAtIndex(JAVA_FLOAT, 2L * dim + at, Float.NaN);
          rows.setAtIndex(JAVA_FLOAT, 4L * dim + at, Float.POSITIVE_INFINITY);
          MemorySegment out = arena.allocate(JAVA_FLOAT, 5);
          entry.dotRows(rows, 5, dim, query, dim, out);
          assertEquals(0f, out.getAtIndex(JAVA_FLOAT, 0));
          assertTrue(Float.isNaN(out.getAtIndex(JAVA_FLOAT, 2)));
          assertEquals(Float.POSITIVE_INFINITY, out.getAtIndex(JAVA_FLOAT, 4));
        }
      }
    }
  }

  @Test
  void manyRowsCrossTheChunksOfOneCall() {
    try (Arena arena = Arena.ofConfined()) {
      SplittableRandom random = new SplittableRandom(44);
      check(Entry.CHECKED, arena, random, 5_000, 48, 33, 0);
      check(Entry.CHECKED, arena, random, 2, 100_000, 100_000, 0);
    }
  }

  @Test
  void wrongSizesNeverReachTheLibrary() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment rows = arena.allocate(JAVA_FLOAT, 4 * 8);
      MemorySegment query = arena.allocate(JAVA_FLOAT, 8);
      MemorySegment out = arena.allocate(JAVA_FLOAT, 4);
      MemorySegment heap = MemorySegment.ofArray(new float[32]);

      assertRefused(IndexOutOfBoundsException.class, rows, 5, 8, query, 8, arena.allocate(20));
      assertRefused(IndexOutOfBoundsException.class, rows, 4, 9, query, 8, out);
      assertRefused(IndexOutOfBoundsException.class, rows, 4, 8, query.asSlice(4), 8, out);
      assertRefused(IndexOutOfBoundsException.class, rows, 4, 8, query, 8, out.asSlice(4));
      assertRefused(IllegalArgumentException.class, rows, -1, 8, query, 8, out);
      assertRefused(IllegalArgumentException.class, rows, 4, 7, query, 8, out);
      assertRefused(IllegalArgumentException.class, rows, 4, 8, query, -1, out);
      assertRefused(IllegalArgumentException.class, heap, 4, 8, query, 8, out);
      assertRefused(IllegalArgumentException.class, rows, 4, 8, query, 8, out.asReadOnly());
      assertRefused(IllegalArgumentException.class, rows.asSlice(1), 1, 8, query, 1, out);
      assertRefused(ArithmeticException.class, rows, Long.MAX_VALUE, Long.MAX_VALUE, query, 8, out);
    }
  }

  @Test
  void closedMemoryIsRefused() {
    Arena arena = Arena.ofShared();
    MemorySegment rows = arena.allocate(JAVA_FLOAT, 64);
    arena.close();

    assertRefused(IllegalStateException.class, rows, 1, 16, rows, 16, rows);
  }

  @Test
  void threadsShareTheTable() throws InterruptedException, ExecutionException {
    int rowCount = 512;
    int dim = 100;
    try (Arena arena = Arena.ofShared();
        ExecutorService threads = Executors.newFixedThreadPool(2)) {
      SplittableRandom seeds = new SplittableRandom(45);
      MemorySegment rows = fill(arena.allocate(JAVA_FLOAT, (long) rowCount * dim), seeds);
      List<SplittableRandom> perThread =
          IntStream.range(0, 2).mapToObj(_ -> seeds.split()).toList();
      List<Future<?>> runs =
          perThread.stream()
              .<Future<?>>map(random -> threads.submit(() -> stress(rows, rowCount, dim, random)))
              .toList();
      for (Future<?> run : runs) {
        run.get();
      }
    }
  }

  private static void stress(MemorySegment rows, int rowCount, int dim, SplittableRandom random) {
    try (Arena own = Arena.ofConfined()) {
      MemorySegment query = own.allocate(JAVA_FLOAT, dim);
      MemorySegment out = own.allocate(JAVA_FLOAT, rowCount);
      for (int round = 0; round < 200; round++) {
        fill(query, random);
        KERNELS.dotRows(rows, rowCount, dim, query, dim, out);
        assertRows(rows, rowCount, dim, query, dim, out);
      }
    }
  }

  private static void check(
      Entry entry,
      Arena arena,
      SplittableRandom random,
      int rowCount,
      int stride,
      int dim,
      int offset) {
    MemorySegment rows = floats(arena, (long) rowCount * stride, offset, random);
    MemorySegment query = floats(arena, dim, offset, random);
    MemorySegment out = floats(arena, rowCount + 1L, offset, random);
    float sentinel = out.getAtIndex(JAVA_FLOAT, rowCount);
    entry.dotRows(rows, rowCount, stride, query, dim, out);
    assertRows(rows, rowCount, stride, query, dim, out);
    assertEquals(sentinel, out.getAtIndex(JAVA_FLOAT, rowCount), "float after the last result");
  }

  private static void assertRows(
      MemorySegment rows,
      int rowCount,
      int stride,
      MemorySegment query,
      int dim,
      MemorySegment out) {
    for (int r = 0; r < rowCount; r++) {
      double expected = 0;
      double work = 0;
      for (int i = 0; i < dim; i++) {
        double product =
            (double) rows.getAtIndex(JAVA_FLOAT, (long) r * stride + i)
                * query.getAtIndex(JAVA_FLOAT, i);
        expected += product;
        work += Math.abs(product);
      }
      assertEquals(expected, out.getAtIndex(JAVA_FLOAT, r), 1e-5 * Math.max(1, work), "dim " + dim);
    }
  }

  private static MemorySegment floats(
      Arena arena, long count, int offset, SplittableRandom random) {
    MemorySegment padded = arena.allocate((count + offset) * Float.BYTES, 64);
    return fill(padded.asSlice((long) offset * Float.BYTES), random);
  }

  private static MemorySegment fill(MemorySegment segment, SplittableRandom random) {
    for (long i = 0; i < segment.byteSize() / Float.BYTES; i++) {
      segment.setAtIndex(JAVA_FLOAT, i, (float) random.nextDouble(-1, 1));
    }
    return segment;
  }

  private static void assertRefused(
      Class<? extends RuntimeException> expected,
      MemorySegment rows,
      long rowCount,
      long stride,
      MemorySegment query,
      long dim,
      MemorySegment out) {
    assertThrows(expected, () -> KERNELS.dotRows(rows, rowCount, stride, query, dim, out));
  }
}
