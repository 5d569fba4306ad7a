package org.concertina.kernel.ffm;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.Objects;
import java.util.Optional;
import org.concertina.kernel.ffm.NativeLibrary.Absent;
import org.concertina.kernel.ffm.NativeLibrary.Loaded;

/**
 * The native kernels, if their library is there.
 *
 * <p>Owns no memory; segments are off-heap and the caller's. Stateless, so any number of threads
 * may call. An empty call costs tens of nanoseconds: give it at least some 64 rows.
 */
public final class NativeKernels {
  /**
   * Floats that one critical call may read, since it holds up a safepoint while it runs: 256 KiB,
   * about 25 microseconds from memory.
   */
  private static final long FLOATS_PER_CALL = 1L << 16;

  private static final NativeLibrary.Result LIBRARY = NativeLibrary.load();

  private static final MethodHandle DOT_ROWS_F32 =
      bind(
          "cnct_dot_rows_f32",
          FunctionDescriptor.ofVoid(ADDRESS, JAVA_LONG, JAVA_LONG, ADDRESS, JAVA_LONG, ADDRESS));

  private static final Optional<NativeKernels> INSTANCE =
      LIBRARY instanceof Loaded ? Optional.of(new NativeKernels()) : Optional.empty();

  private NativeKernels() {}

  /** The kernels, or empty; {@link #status} has the reason. */
  public static Optional<NativeKernels> find() {
    return INSTANCE;
  }

  /** One line for logs: the library's path and tier, or why there is none. */
  public static String status() {
    return switch (LIBRARY) {
      case Loaded(var path, var tier, var _) -> "native kernels x86-64-v" + tier + " from " + path;
      case Absent(var reason) -> "no native kernels: " + reason;
    };
  }

  /**
   * {@code out[r] = dot(row r, query)} for every row.
   *
   * @param rows row {@code r} starts at float {@code r * rowStrideFloats}
   * @param rowCount at least 0
   * @param rowStrideFloats at least {@code dim}
   * @param query at least {@code dim} floats
   * @param dim floats of a row that count, at least 0
   * @param out at least {@code rowCount} floats, overlapping neither input
   */
  public void dotRows(
      MemorySegment rows,
      long rowCount,
      long rowStrideFloats,
      MemorySegment query,
      long dim,
      MemorySegment out) {
    if (rowCount < 0 || dim < 0 || rowStrideFloats < dim) {
      throw new IllegalArgumentException(
          "expected rowCount >= 0 and rowStrideFloats >= dim >= 0, got rowCount "
              + rowCount
              + ", rowStrideFloats "
              + rowStrideFloats
              + ", dim "
              + dim);
    }
    if (rowCount == 0) {
      return;
    }
    long rowFloats = Math.addExact(Math.multiplyExact(rowCount - 1, rowStrideFloats), dim);
    checkFloats("rows", rows, rowFloats);
    checkFloats("query", query, dim);
    checkFloats("out", out, rowCount);
    if (out.isReadOnly()) {
      throw new IllegalArgumentException("out: expected a writable segment");
    }
    long rowsPerCall = Math.max(1, FLOATS_PER_CALL / Math.max(1, dim));
    for (long first = 0; first < rowCount; first += rowsPerCall) {
      long count = Math.min(rowsPerCall, rowCount - first);
      invokeDotRows(
          rows.asSlice(first * rowStrideFloats * Float.BYTES),
          count,
          rowStrideFloats,
          query,
          dim,
          out.asSlice(first * Float.BYTES));
    }
  }

  private static void invokeDotRows(
      MemorySegment rows,
      long rowCount,
      long rowStrideFloats,
      MemorySegment query,
      long dim,
      MemorySegment out) {
    try {
      DOT_ROWS_F32.invokeExact(rows, rowCount, rowStrideFloats, query, dim, out);
    } catch (RuntimeException e) {
      // The segment's owner closed it, or it belongs to another thread.
      throw e;
    } catch (Throwable e) {
      throw new AssertionError("cnct_dot_rows_f32", e);
    }
  }

  private static void checkFloats(String name, MemorySegment segment, long floats) {
    if (!segment.isNative() || segment.address() % Float.BYTES != 0) {
      throw new IllegalArgumentException(name + ": expected an aligned off-heap segment");
    }
    Objects.checkFromIndexSize(0, Math.multiplyExact(floats, Float.BYTES), segment.byteSize());
  }

  private static MethodHandle bind(String name, FunctionDescriptor descriptor) {
    return switch (LIBRARY) {
      case Loaded(var _, var _, var symbols) ->
          Linker.nativeLinker()
              .downcallHandle(symbols.findOrThrow(name), descriptor, Linker.Option.critical(false));
      case Absent _ -> null;
    };
  }
}
