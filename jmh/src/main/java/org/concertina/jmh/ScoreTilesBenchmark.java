package org.concertina.jmh;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.concertina.kernel.ScreenOps;
import org.concertina.kernel.TileOps;
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

/** One query against all packed rows of a catalogue, in the layout of the device artifact. */
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
public class ScoreTilesBenchmark {
  /** Elements of the rows. */
  public enum Elements {
    /** Floats. */
    FP32,
    /** Signed bytes. */
    INT8,
    /** Four bits, normalised while they are scored. */
    INT4,
    /** Two bits, normalised while they are scored. */
    INT2
  }

  /** Rows of the catalogue: of 64 four-bit codes, they fit L1, L2, L3 and memory. */
  @Param({"256", "1024", "40981", "2000000"})
  public int rows;

  /** Elements that a row keeps. */
  @Param({"8", "64"})
  public int dims;

  /** Elements of the rows. */
  @Param public Elements elements;

  /** As {@link Providers} names them. */
  @Param({"scalar", "panama", "native"})
  public String provider;

  private CappedArena arena;
  private VectorOps ops;
  private int tileCount;
  private MemorySegment tiles;
  private MemorySegment query;
  private MemorySegment codes;
  private MemorySegment out;

  /** Fills the tiles and compares the scores with the scalar oracle. */
  @Setup(Level.Trial)
  public void setUp() {
    arena = CappedArena.unlimited();
    tileCount = (rows + TileOps.TILE_ROWS - 1) / TileOps.TILE_ROWS;
    SplittableRandom random = new SplittableRandom(3);
    long count = (long) tileCount * TileOps.TILE_ROWS * dims;
    tiles =
        switch (elements) {
          case FP32 -> arena.allocateFloats(count, "tiles");
          case INT8 -> arena.allocate(count, "tiles");
          case INT4 -> arena.allocate(tileCount * TileOps.int4TileBytes(dims), "tiles");
          case INT2 -> arena.allocate(tileCount * TileOps.int2TileBytes(dims), "tiles");
        };
    if (elements == Elements.FP32) {
      for (long i = 0; i < count; i++) {
        tiles.setAtIndex(ValueLayout.JAVA_FLOAT, i, (float) random.nextDouble(-1, 1));
      }
    } else {
      for (long i = 0; i < tiles.byteSize(); i++) {
        tiles.set(ValueLayout.JAVA_BYTE, i, (byte) random.nextInt());
      }
    }
    query = arena.allocateFloats(dims, "query");
    for (int k = 0; k < dims; k++) {
      query.setAtIndex(ValueLayout.JAVA_FLOAT, k, (float) random.nextDouble(-1, 1));
    }
    codes = arena.allocate(dims, "query in bytes");
    for (int k = 0; k < dims; k++) {
      codes.set(ValueLayout.JAVA_BYTE, k, (byte) random.nextInt(-127, 128));
    }
    out = arena.allocateFloats((long) tileCount * TileOps.TILE_ROWS, "scores");
    ops = ScalarVectorOps.create();
    float[] scores = score().toArray(ValueLayout.JAVA_FLOAT);
    float[] screened = screen().toArray(ValueLayout.JAVA_FLOAT);
    ops = Providers.of(provider);
    assertNear(scores, score(), 0);
    boolean unitCodes = elements == Elements.INT4 || elements == Elements.INT2;
    assertNear(screened, screen(), unitCodes ? ScreenOps.UNIT_SCREEN_ERROR : 0);
    System.out.println("provider " + ops.name() + (ops.screen().screens() ? ", screens" : ""));
  }

  private void assertNear(float[] expected, MemorySegment actual, double share) {
    for (int i = 0; i < expected.length; i++) {
      float score = actual.getAtIndex(ValueLayout.JAVA_FLOAT, i);
      if (!(Math.abs(score - expected[i]) <= Math.abs(expected[i]) * share)) {
        throw new AssertionError(
            "%s: score %d is %s, expected %s".formatted(ops.name(), i, score, expected[i]));
      }
    }
  }

  /** Scores all rows. */
  @Benchmark
  public MemorySegment score() {
    switch (elements) {
      case FP32 -> ops.tiles().scoreTilesFp32(tiles, 0, tileCount, dims, query, 0, out, 0);
      case INT8 -> ops.tiles().scoreTilesInt8(0.01f, tiles, 0, tileCount, dims, query, 0, out, 0);
      case INT4 -> ops.tiles().scoreTilesInt4(tiles, 0, tileCount, dims, query, 0, out, 0);
      case INT2 -> ops.tiles().scoreTilesInt2(tiles, 0, tileCount, dims, query, 0, out, 0);
    }
    return out;
  }

  /** Scores all rows by integer products; floats, which have none, exactly. */
  @Benchmark
  public MemorySegment screen() {
    switch (elements) {
      case FP32 -> score();
      case INT8 ->
          ops.screen()
              .screenTilesInt8(
                  0.01f, tiles, 0, tileCount, dims, codes, 0, out, -1, 0, 0, 0, out, 0);
      case INT4 ->
          ops.screen()
              .screenTilesInt4(
                  0.01f, tiles, 0, tileCount, dims, codes, 0, out, -1, 0, 0, 0, out, 0);
      case INT2 ->
          ops.screen()
              .screenTilesInt2(
                  0.01f, tiles, 0, tileCount, dims, codes, 0, out, -1, 0, 0, 0, out, 0);
    }
    return out;
  }

  /** Frees the tiles. */
  @TearDown(Level.Trial)
  public void tearDown() {
    arena.close();
  }
}
