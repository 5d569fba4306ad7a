package org.concertina.jmh;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.concertina.block.PackedElements;
import org.concertina.block.Precision;
import org.concertina.kernel.ScreenOps;
import org.concertina.kernel.ScreenTask;
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
  private MemorySegment out;
  private ScreenTask task;
  private MemorySegment entries;

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
        int bits = random.nextInt();
        tiles.set(
            ValueLayout.JAVA_BYTE, i, (byte) (elements == Elements.INT4 ? nibbles(bits) : bits));
      }
    }
    query = arena.allocateFloats(dims, "query");
    for (int k = 0; k < dims; k++) {
      query.setAtIndex(ValueLayout.JAVA_FLOAT, k, (float) random.nextDouble(-1, 1));
    }
    out = arena.allocateFloats((long) tileCount * TileOps.TILE_ROWS, "scores");
    entries =
        arena.allocate((tileCount + 1L) * TileOps.TILE_ROWS * ScreenOps.ENTRY_BYTES, "entries");
    task = newTask(random);
    ops = ScalarVectorOps.create();
    float[] scores = score().toArray(ValueLayout.JAVA_FLOAT);
    float[] screened = screenAll();
    ops = Providers.of(provider);
    assertNear(scores, score().toArray(ValueLayout.JAVA_FLOAT), 0);
    boolean unitCodes = elements == Elements.INT4 || elements == Elements.INT2;
    assertNear(screened, screenAll(), unitCodes ? ScreenOps.UNIT_SCREEN_ERROR : 0x1p-22);
    float[] ascending = screened.clone();
    Arrays.sort(ascending);
    task.bar =
        ascending.length == 0 ? 0 : ascending[ascending.length - 1 - ascending.length / 1000];
    task.productBar = task.bar - Math.abs(task.bar) * 0x1p-18f;
    System.out.println("provider " + ops.name() + (ops.screen().screens() ? ", screens" : ""));
  }

  /** Two codes of 4 to 7 or of -8 to -5: rows are about as long as each other, as packed ones. */
  private static int nibbles(int bits) {
    int signs = (bits >>> Byte.SIZE) & 0x88;
    return ((bits & 0x33) | 0x44) ^ (signs | (signs >>> 1));
  }

  /** Codes of a query about as short as kernels are asked with. */
  private ScreenTask newTask(SplittableRandom random) {
    MemorySegment codes = arena.allocate(dims, "query in bytes");
    int most = Math.min(64, (int) (Short.MAX_VALUE / (128.0 * dims)) + 1);
    for (int k = 0; k < dims; k++) {
      codes.set(ValueLayout.JAVA_BYTE, k, (byte) random.nextInt(-most, most + 1));
    }
    ScreenTask made = new ScreenTask();
    made.capacity = (tileCount + 1) * TileOps.TILE_ROWS;
    made.factor = 0.01f;
    made.tiles = tiles;
    made.tileCount = tileCount;
    made.dims = dims;
    made.query = codes;
    made.priors = tiles;
    made.norms = tiles;
    if (elements == Elements.INT4 || elements == Elements.INT2) {
      made.norms = norms();
      made.normsOffsetBytes = 0;
      made.normScale = normScale();
    }
    return made;
  }

  private MemorySegment norms() {
    Precision precision = Precision.valueOf(elements.name());
    int count = tileCount * TileOps.TILE_ROWS;
    MemorySegment norms = arena.allocate((long) count * Short.BYTES, "norms");
    for (int row = 0; row < count; row++) {
      long tileAt = row / TileOps.TILE_ROWS * precision.tileBytes(dims);
      float norm =
          PackedElements.inverseNorm(tiles, tileAt, row % TileOps.TILE_ROWS, dims, precision);
      norms.setAtIndex(ValueLayout.JAVA_SHORT, row, (short) Math.round(norm / normScale()));
    }
    return norms;
  }

  /** For the shortest rows that there may be, of codes of 4 or of 1. */
  private float normScale() {
    double shortest = Math.sqrt(dims) * (elements == Elements.INT4 ? 4 : 1);
    return (float) (1 / shortest / Short.MAX_VALUE);
  }

  private float[] screenAll() {
    task.bar = Float.NEGATIVE_INFINITY;
    task.productBar = Float.NEGATIVE_INFINITY;
    float[] scores = new float[screen()];
    for (int i = 0; i < scores.length; i++) {
      scores[i] = ScreenOps.score(entries.getAtIndex(ValueLayout.JAVA_LONG, i));
    }
    return scores;
  }

  private void assertNear(float[] expected, float[] actual, double share) {
    if (expected.length != actual.length) {
      throw new AssertionError(
          "%s: %d scores, expected %d".formatted(ops.name(), actual.length, expected.length));
    }
    for (int i = 0; i < expected.length; i++) {
      if (!(Math.abs(actual[i] - expected[i]) <= Math.abs(expected[i]) * share)) {
        throw new AssertionError(
            "%s: score %d is %s, expected %s".formatted(ops.name(), i, actual[i], expected[i]));
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

  /** Screens all rows by integer products, few of which are above the bar; floats have none. */
  @Benchmark
  public int screen() {
    return switch (elements) {
      case FP32 -> 0;
      case INT8 -> ops.screen().screenTilesInt8(task, entries, 0);
      case INT4 -> ops.screen().screenTilesInt4(task, entries, 0);
      case INT2 -> ops.screen().screenTilesInt2(task, entries, 0);
    };
  }

  /** Frees the tiles. */
  @TearDown(Level.Trial)
  public void tearDown() {
    arena.close();
  }
}
