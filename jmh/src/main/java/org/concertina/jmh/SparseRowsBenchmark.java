package org.concertina.jmh;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.concertina.kernel.VectorOps;
import org.concertina.kernel.scalar.ScalarVectorOps;
import org.concertina.memory.CappedArena;
import org.concertina.memory.FloatTable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Sparse propagation at tables of rows from the first-level cache to memory; nanoseconds an entry,
 * which is a row of the table multiplied and added.
 *
 * <p>A call makes 32 rows of 32 entries each, which are any rows of the table; all calls together
 * touch each row some four times before they come round. {@link SparseBenchmark} takes the pairs of
 * a real log.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(
    value = 2,
    jvmArgsPrepend = {
      "--add-modules=jdk.incubator.vector",
      "--enable-native-access=ALL-UNNAMED",
      "-Xms1g",
      "-Xmx1g",
      "-XX:+AlwaysPreTouch"
    })
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class SparseRowsBenchmark {
  private static final int ROWS = 32;
  private static final int DEGREE = 32;

  /** Rows of the table: at 64 floats 16 KB, 262 KB, 10.5 MB and 256 MB. */
  @Param({"64", "1024", "40981", "1000000"})
  public int rows;

  /** Floats of a row. */
  @Param("64")
  public int dim;

  /** As {@link Providers} names them. */
  @Param({"scalar", "panama", "native"})
  public String provider;

  private VectorOps ops;
  private CappedArena arena;
  private int calls;
  private MemorySegment pointers;
  private MemorySegment indices;
  private MemorySegment weights;
  private FloatTable table;
  private FloatTable out;
  private MemorySegment zeros;
  private int next;

  /** Fills the table and compares some calls' rows with the scalar oracle. */
  @Setup(Level.Trial)
  public void setUp() {
    arena = CappedArena.unlimited();
    calls = Math.max(4, 4 * rows / (ROWS * DEGREE));
    long entries = (long) calls * ROWS * DEGREE;
    pointers = arena.allocateLongs((long) calls * ROWS + 1, "pointers");
    for (long row = 0; row <= (long) calls * ROWS; row++) {
      pointers.setAtIndex(ValueLayout.JAVA_LONG, row, row * DEGREE);
    }
    indices = arena.allocateInts(entries, "indices");
    weights = arena.allocateFloats(entries, "weights");
    SplittableRandom random = new SplittableRandom(1);
    for (long entry = 0; entry < entries; entry++) {
      indices.setAtIndex(ValueLayout.JAVA_INT, entry, random.nextInt(rows));
      weights.setAtIndex(ValueLayout.JAVA_FLOAT, entry, (float) random.nextDouble());
    }
    table = FloatTable.allocate(arena, rows, dim, "rows");
    for (int row = 0; row < rows; row++) {
      for (int d = 0; d < dim; d++) {
        table.set(row, d, (float) random.nextDouble(-1, 1));
      }
    }
    out = FloatTable.allocate(arena, ROWS, dim, "products");
    zeros = arena.allocateFloats(dim, "zeros");
    ops = Providers.of(provider);
    compare();
    System.out.printf("provider %s, huge pages %b%n", ops.name(), CappedArena.hugePages());
  }

  private void compare() {
    for (int call = 0; call < 3; call++) {
      multiply(ScalarVectorOps.create(), call);
      float[] expected = out.segment().toArray(ValueLayout.JAVA_FLOAT);
      out.segment().fill((byte) 0);
      multiply(ops, call);
      int differs = Arrays.mismatch(expected, out.segment().toArray(ValueLayout.JAVA_FLOAT));
      if (differs >= 0) {
        throw new AssertionError(
            "%s: float %d of call %d differs from the oracle".formatted(ops.name(), differs, call));
      }
    }
  }

  /** The next rows. */
  @Benchmark
  @OperationsPerInvocation(ROWS * DEGREE)
  public MemorySegment multiply() {
    int call = next;
    next = call + 1 == calls ? 0 : call + 1;
    multiply(ops, call);
    return out.segment();
  }

  private void multiply(VectorOps with, int call) {
    with.sparse()
        .sparseMatmul(
            ROWS,
            pointers,
            (long) call * ROWS * Long.BYTES,
            indices,
            weights,
            table.segment(),
            0,
            rows,
            table.stride(),
            0.25f,
            zeros,
            0,
            0,
            out.segment(),
            0,
            out.stride(),
            dim);
  }

  /** Frees everything. */
  @TearDown(Level.Trial)
  public void tearDown() {
    arena.close();
  }
}
