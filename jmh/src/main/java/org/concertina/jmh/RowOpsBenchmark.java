package org.concertina.jmh;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.concertina.kernel.AdamStep;
import org.concertina.kernel.VectorOps;
import org.concertina.kernel.scalar.ScalarVectorOps;
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

/** Operations over one row, nanoseconds a call. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
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
public class RowOpsBenchmark {
  private static final AdamStep STEP = AdamStep.at(100, 1e-6, 0);

  /** Floats of a row. */
  @Param({"16", "64", "128", "207", "1024"})
  public int dim;

  /** As {@link Providers} names them. */
  @Param({"scalar", "panama", "native"})
  public String provider;

  private CappedArena arena;
  private VectorOps ops;
  private MemorySegment x;
  private MemorySegment y;
  private MemorySegment mask;
  private MemorySegment first;
  private MemorySegment second;
  private MemorySegment accumulator;
  private MemorySegment codes;
  private long rowBytes;

  /** Fills the rows and compares the dot product with the scalar oracle. */
  @Setup(Level.Trial)
  public void setUp() {
    ops = Providers.of(provider);
    System.out.println("provider " + ops.name());
    arena = CappedArena.unlimited();
    rowBytes = (dim * 4L + 63) / 64 * 64;
    SplittableRandom random = new SplittableRandom(2);
    x = row(random, -1, 1);
    y = row(random, -1, 1);
    mask = row(random, 1, 1.0000001);
    first = row(random, 0, 1e-3);
    second = row(random, 0, 1e-3);
    accumulator = arena.allocateFloats(1, "accumulator");
    codes = arena.allocate(rowBytes, "codes");
    float expected = ScalarVectorOps.create().rows().dot(x, 0, y, 0, dim);
    if (Math.abs(expected - dot()) > 1e-5 * dim) {
      throw new AssertionError(ops.name() + ": dot differs from the oracle");
    }
  }

  private MemorySegment row(SplittableRandom random, double from, double to) {
    MemorySegment segment = arena.allocate(rowBytes, "row");
    for (int i = 0; i < dim; i++) {
      segment.setAtIndex(ValueLayout.JAVA_FLOAT, i, (float) random.nextDouble(from, to));
    }
    return segment;
  }

  /** Dot product. */
  @Benchmark
  public float dot() {
    return ops.rows().dot(x, 0, y, 0, dim);
  }

  /** Multiply and add. */
  @Benchmark
  public MemorySegment axpy() {
    ops.rows().axpyInPlace(1e-9f, x, 0, y, 0, dim);
    return y;
  }

  /** Decoded bytes added. */
  @Benchmark
  public MemorySegment addCodes() {
    ops.rows().addCodesInPlace(1e-9f, 1e-9f, codes, 0, y, 0, dim);
    return y;
  }

  /** Exponentials and their sum. */
  @Benchmark
  public float expSum() {
    return ops.rows().expSumInPlace(0.1f, 1f, first, 0, dim);
  }

  /** Masked normalisation. */
  @Benchmark
  public float normalize() {
    return ops.rows().normalizeMasked(x, 0, mask, 0, second, 0, dim);
  }

  /** Adam's step. */
  @Benchmark
  public MemorySegment adam() {
    ops.optimizers().adamInPlace(STEP, y, 0, first, 0, second, 0, x, 0, dim);
    return y;
  }

  /** Row-wise Adagrad's step. */
  @Benchmark
  public MemorySegment adagrad() {
    ops.optimizers().adagradInPlace(1e-6f, 1e-8f, 0, y, 0, accumulator, 0, x, 0, dim);
    return y;
  }

  /** Scan that finds nothing. */
  @Benchmark
  public int indexAbove() {
    return ops.scan().indexAbove(2f, x, 0, 0, dim);
  }

  /** Maxima of 16 residues, into a row that nothing else reads. */
  @Benchmark
  public MemorySegment maxima() {
    ops.scan().maxima(x, 0, dim, second, 0, Math.min(16, dim));
    return second;
  }

  /** Frees the rows. */
  @TearDown(Level.Trial)
  public void tearDown() {
    arena.close();
  }
}
