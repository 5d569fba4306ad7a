package org.concertina.jmh;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import java.lang.foreign.MemorySegment;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.concertina.kernel.ffm.NativeKernels;
import org.concertina.memory.CappedArena;
import org.concertina.memory.FloatTable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** One query against every row of a table: the native kernel and a plain Java loop. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(
    value = 2,
    jvmArgsPrepend = {
      "--add-modules=jdk.incubator.vector",
      "--enable-native-access=ALL-UNNAMED",
      "-Xms2g",
      "-Xmx2g",
      "-XX:+AlwaysPreTouch"
    })
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class NativeDotRowsBenchmark {
  /** How the rows are scored. */
  public enum Variant {
    /** One float accumulator, in the order of the elements. */
    JAVA_LOOP,
    /** {@code cnct_dot_rows_f32}. */
    NATIVE
  }

  /** Floats of a row. */
  @Param({"32", "64", "207"})
  public int dim;

  /** Rows of the table. */
  @Param({"1000", "100000"})
  public int rows;

  /** Who computes. */
  @Param public Variant variant;

  private CappedArena arena;
  private FloatTable table;
  private FloatTable query;
  private FloatTable out;
  private NativeKernels kernels;

  /** Fills the table and checks the variant's results. */
  @Setup(Level.Trial)
  public void setUp() {
    System.out.println(NativeKernels.status());
    if (variant == Variant.NATIVE) {
      kernels =
          NativeKernels.find().orElseThrow(() -> new IllegalStateException(NativeKernels.status()));
    }
    arena = CappedArena.unlimited();
    SplittableRandom random = new SplittableRandom(42);
    table = randomTable(rows, random);
    query = randomTable(1, random);
    out = FloatTable.allocate(arena, 1, rows, "scores");
    dotRows();
    checkAgainstOracle();
  }

  /** Frees the table. */
  @TearDown(Level.Trial)
  public void tearDown() {
    arena.close();
  }

  /** Scores every row. */
  @Benchmark
  public MemorySegment dotRows() {
    if (variant == Variant.NATIVE) {
      kernels.dotRows(table.segment(), rows, table.stride(), query.segment(), dim, out.segment());
    } else {
      javaLoop(table.segment(), rows, table.stride(), query.segment(), dim, out.segment());
    }
    return out.segment();
  }

  private static void javaLoop(
      MemorySegment rows,
      int rowCount,
      int stride,
      MemorySegment query,
      int dim,
      MemorySegment out) {
    for (int r = 0; r < rowCount; r++) {
      long first = (long) r * stride;
      float sum = 0;
      for (int i = 0; i < dim; i++) {
        sum += rows.getAtIndex(JAVA_FLOAT, first + i) * query.getAtIndex(JAVA_FLOAT, i);
      }
      out.setAtIndex(JAVA_FLOAT, r, sum);
    }
  }

  private FloatTable randomTable(int rowCount, SplittableRandom random) {
    FloatTable filled = FloatTable.allocate(arena, rowCount, dim, "benchmark table");
    for (int r = 0; r < rowCount; r++) {
      for (int i = 0; i < dim; i++) {
        filled.set(r, i, (float) random.nextDouble(-1, 1));
      }
    }
    return filled;
  }

  private void checkAgainstOracle() {
    for (int r = 0; r < rows; r++) {
      double expected = 0;
      double work = 0;
      for (int i = 0; i < dim; i++) {
        double product = (double) table.get(r, i) * query.get(0, i);
        expected += product;
        work += Math.abs(product);
      }
      if (!(Math.abs(expected - out.get(0, r)) <= 1e-5 * Math.max(1, work))) {
        throw new IllegalStateException(
            "row " + r + ": expected " + expected + ", got " + out.get(0, r));
      }
    }
  }
}
