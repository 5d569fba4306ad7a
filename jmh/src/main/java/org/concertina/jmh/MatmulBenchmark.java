package org.concertina.jmh;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
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

/**
 * The three matrix products of a softmax tile: 48 pairs, 1,024 negatives. Microseconds a product;
 * GFLOP/s = 2 * 48 * 1024 * dim / ns.
 */
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
public class MatmulBenchmark {
  private static final int PAIRS = 48;
  private static final int NEGATIVES = 1024;

  /** Which product. */
  public enum Product {
    /** Scores: pairs x negatives, depth dim. */
    SCORES,
    /** Gradient of the users: pairs x dim, depth negatives. */
    USER_GRADIENT,
    /** Gradient of the negatives: negatives x dim, depth pairs. */
    NEGATIVE_GRADIENT
  }

  /** Floats of an embedding. */
  @Param({"64", "128", "207"})
  public int dim;

  /** Which product. */
  @Param public Product product;

  /** {@code native} has its own product for vectors of 256 bits. */
  @Param({"scalar", "panama", "native"})
  public String provider;

  private CappedArena arena;
  private VectorOps ops;
  private MemorySegment users;
  private MemorySegment negatives;
  private MemorySegment panel;
  private MemorySegment scores;
  private MemorySegment out;

  /** Fills the matrices and compares the product with the scalar oracle. */
  @Setup(Level.Trial)
  public void setUp() {
    arena = CappedArena.unlimited();
    SplittableRandom random = new SplittableRandom(1);
    users = matrix(PAIRS, random);
    negatives = matrix(NEGATIVES, random);
    panel = matrix(NEGATIVES, random);
    scores = arena.allocateFloats((long) PAIRS * NEGATIVES, "scores");
    fill(scores, random);
    out = arena.allocateFloats((long) NEGATIVES * Math.max(dim, PAIRS), "product");
    ops = ScalarVectorOps.create();
    multiply();
    float[] expected = out.toArray(ValueLayout.JAVA_FLOAT);
    ops = Providers.of(provider);
    out.fill((byte) 0);
    multiply();
    for (int i = 0; i < expected.length; i++) {
      if (expected[i] != out.getAtIndex(ValueLayout.JAVA_FLOAT, i)) {
        throw new AssertionError(ops.name() + ": differs from the oracle at " + i);
      }
    }
    System.out.println("provider " + ops.name());
  }

  private MemorySegment matrix(int rows, SplittableRandom random) {
    MemorySegment segment = arena.allocateFloats((long) rows * dim, "matrix");
    fill(segment, random);
    return segment;
  }

  private static void fill(MemorySegment segment, SplittableRandom random) {
    for (long i = 0; i < segment.byteSize() / Float.BYTES; i++) {
      segment.setAtIndex(ValueLayout.JAVA_FLOAT, i, (float) random.nextDouble(-1e-3, 1e-3));
    }
  }

  /** One product, added to the output. */
  @Benchmark
  public MemorySegment multiply() {
    switch (product) {
      case SCORES ->
          ops.matmul()
              .matmulAdd(
                  PAIRS, NEGATIVES, dim, users, 0, 1, PAIRS, panel, 0, NEGATIVES, out, 0,
                  NEGATIVES);
      case USER_GRADIENT ->
          ops.matmul()
              .matmulAdd(
                  PAIRS, dim, NEGATIVES, scores, 0, NEGATIVES, 1, negatives, 0, dim, out, 0, dim);
      case NEGATIVE_GRADIENT ->
          ops.matmul()
              .matmulAdd(
                  NEGATIVES, dim, PAIRS, scores, 0, 1, NEGATIVES, users, 0, dim, out, 0, dim);
    }
    return out;
  }

  /** Frees the matrices. */
  @TearDown(Level.Trial)
  public void tearDown() {
    arena.close();
  }
}
