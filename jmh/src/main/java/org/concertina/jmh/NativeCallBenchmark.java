package org.concertina.jmh;

import java.lang.foreign.MemorySegment;
import java.util.concurrent.TimeUnit;
import org.concertina.kernel.VectorOps;
import org.concertina.memory.CappedArena;
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

/** Operations that have nothing to do: what checks and the way into native code cost. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(
    value = 2,
    jvmArgsPrepend = {
      "--add-modules=jdk.incubator.vector",
      "--enable-native-access=ALL-UNNAMED",
      "-Xms1g",
      "-Xmx1g"
    })
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class NativeCallBenchmark {
  private static final int DIMS = 64;

  /** As {@link Providers} names them. */
  @Param({"panama", "native"})
  public String provider;

  private VectorOps ops;
  private CappedArena arena;
  private MemorySegment rows;

  /** Allocates. */
  @Setup(Level.Trial)
  public void setUp() {
    ops = Providers.of(provider);
    System.out.println("provider " + ops.name());
    arena = CappedArena.unlimited();
    rows = arena.allocate(8L * DIMS * Float.BYTES, "rows");
  }

  /** No tiles. */
  @Benchmark
  public void noTiles() {
    ops.tiles().scoreTilesInt4(rows, 0, 0, DIMS, rows, 0, rows, 0);
  }

  /** No triples. */
  @Benchmark
  public double noTriples() {
    return ops.bpr().bprInPlace(0.1f, 0, rows, 0, rows, 256, DIMS, rows, 0, rows, 0, 0, DIMS);
  }

  /** Frees the rows. */
  @TearDown(Level.Trial)
  public void tearDown() {
    arena.close();
  }
}
