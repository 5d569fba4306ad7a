package org.concertina.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.function.IntUnaryOperator;
import org.concertina.block.PackedElements;
import org.concertina.block.Precision;

/** Tiles and a query within what kernels hold, and what plain loops say of them. */
final class ScreenCase {
  private static final float FACTOR = 0.003f;
  private static final float PRIOR_SCALE = 0.01f;
  private static final float PRIOR_BASE = -0.3f;

  /** Odd, as no alignment is asked for. */
  private static final int OFFSET = 3;

  private static final byte CANARY = 0x5a;

  private final ScreenOps ops;
  private final Precision precision;
  private final int tileCount;
  private final int dims;
  private final int rows;
  private final MemorySegment tiles;
  private final MemorySegment query;
  private final MemorySegment priors;
  private final MemorySegment norms;
  private final MemorySegment out;
  private final float[] products;
  private float normScale;

  /** Whether norms in shorts are as near as a task has to have them. */
  private boolean hasNorms = true;

  ScreenCase(Arena arena, ScreenOps ops, Precision precision, int tileCount, int dims) {
    this.ops = ops;
    this.precision = precision;
    this.tileCount = tileCount;
    this.dims = dims;
    this.rows = tileCount * TileOps.TILE_ROWS;
    this.tiles = allocate(arena, tileCount * precision.tileBytes(dims));
    this.query = allocate(arena, dims);
    this.priors = allocate(arena, rows);
    this.norms = allocate(arena, (long) rows * Short.BYTES);
    this.out = allocate(arena, (long) (rows + TileOps.TILE_ROWS) * ScreenOps.ENTRY_BYTES);
    this.products = new float[rows];
  }

  /** Ends where the operand ends. */
  private static MemorySegment allocate(Arena arena, long bytes) {
    return arena.allocate(64 + OFFSET + bytes, 64).asSlice(0, OFFSET + bytes);
  }

  /** What a sum of products may be at most. */
  double sumLimit() {
    return precision == Precision.INT2 ? ops.maxSum() / 2.0 : ops.maxSum();
  }

  /** What a code of the query may be at most. */
  int maxQuery() {
    return precision == Precision.INT8 ? ops.maxByteQuery() : 127;
  }

  /** Random codes, some rows of four bits zero, and a query as long as kernels allow. */
  void fill(Samples samples) {
    int[][] codes = new int[rows][dims];
    double longest = 1;
    for (int row = 0; row < rows; row++) {
      double squared = 0;
      for (int k = 0; k < dims; k++) {
        codes[row][k] =
            switch (precision) {
              case INT8 -> samples.below(255) - 127;
              case INT4 -> row % 5 == 4 ? 0 : samples.below(15) - 7;
              default -> 2 * samples.below(4) - 3;
            };
        squared += codes[row][k] * codes[row][k];
      }
      longest = Math.max(longest, Math.sqrt(squared));
    }
    double most = Math.pow(sumLimit() / longest, 2);
    int[] asked = new int[dims];
    for (int k = 0; k < dims; k++) {
      int code = Math.round(samples.uniform() * maxQuery());
      // What does not fit any more is left out, or taken for the smallest there is.
      asked[k] = most >= code * code ? code : most >= 1 ? 1 : 0;
      most -= asked[k] * asked[k];
    }
    set(codes, asked);
    for (int row = 0; row < rows; row++) {
      priors.set(ValueLayout.JAVA_BYTE, OFFSET + row, (byte) (samples.below(255) - 127));
    }
  }

  /** The same codes in every row. */
  void fill(IntUnaryOperator code, IntUnaryOperator asked) {
    int[][] codes = new int[rows][dims];
    int[] query = new int[dims];
    for (int k = 0; k < dims; k++) {
      query[k] = asked.applyAsInt(k);
      for (int[] row : codes) {
        row[k] = code.applyAsInt(k);
      }
    }
    set(codes, query);
  }

  private void set(int[][] codes, int[] asked) {
    double[] inverse = new double[rows];
    double most = 0;
    for (int row = 0; row < rows; row++) {
      long tileAt = OFFSET + row / TileOps.TILE_ROWS * precision.tileBytes(dims);
      int sum = 0;
      int squared = 0;
      for (int k = 0; k < dims; k++) {
        PackedElements.set(tiles, tileAt, row % TileOps.TILE_ROWS, k, precision, codes[row][k]);
        sum += asked[k] * codes[row][k];
        squared += codes[row][k] * codes[row][k];
      }
      inverse[row] = squared == 0 ? 0 : 1 / Math.sqrt(squared);
      most = Math.max(most, inverse[row]);
      boolean unit = precision.isUnitCodes();
      products[row] = unit ? (float) (FACTOR * sum * inverse[row]) : FACTOR * sum;
    }
    for (int k = 0; k < dims; k++) {
      query.set(ValueLayout.JAVA_BYTE, OFFSET + k, (byte) asked[k]);
    }
    normScale = most == 0 ? 1 : (float) (most / Short.MAX_VALUE);
    for (int row = 0; row < rows; row++) {
      short norm = (short) Math.min(Short.MAX_VALUE, Math.round(inverse[row] / normScale));
      hasNorms &= norm == 0 || norm > 0.501 / ScreenOps.UNIT_SCREEN_ERROR;
      norms.set(ValueLayout.JAVA_SHORT_UNALIGNED, OFFSET + 2L * row, norm);
    }
  }

  /** From one that all rows are above to one that none is, with priors and norms and without. */
  void checkAllBars() {
    float largest = 0;
    for (float product : products) {
      largest = Math.max(largest, Math.abs(product));
    }
    for (float share : new float[] {Float.NEGATIVE_INFINITY, -1, -0.5f, 0, 0.5f, 0.9f, 1, 1000}) {
      float bar = share == Float.NEGATIVE_INFINITY ? share : share * largest;
      for (int with = 0; with < 8; with++) {
        check(bar, (with & 1) != 0, (with & 2) != 0, (with & 4) != 0);
      }
    }
  }

  private void check(float bar, boolean withPriors, boolean withNorms, boolean withProductBar) {
    ScreenTask task = new ScreenTask();
    task.factor = FACTOR;
    task.tiles = tiles;
    task.tilesOffsetBytes = OFFSET;
    task.tileCount = tileCount;
    task.dims = dims;
    task.query = query;
    task.queryOffsetBytes = OFFSET;
    task.priors = priors;
    task.priorsOffsetBytes = withPriors ? OFFSET : ScreenTask.NONE;
    task.priorScale = PRIOR_SCALE;
    task.priorBase = PRIOR_BASE;
    task.norms = norms;
    task.normsOffsetBytes = withNorms && hasNorms ? OFFSET : ScreenTask.NONE;
    task.normScale = normScale;
    task.bar = bar;
    float largestPrior = PRIOR_BASE + (withPriors ? 127 * PRIOR_SCALE : 0);
    task.productBar =
        withProductBar ? bar - largestPrior - 1e-5f * (1 + Math.abs(bar)) : Float.NEGATIVE_INFINITY;
    task.capacity = rows + TileOps.TILE_ROWS;
    String what =
        "%s, %d x %d, bar %s, priors %s, norms %s"
            .formatted(precision, rows, dims, bar, withPriors, withNorms);
    int reported = screen(task);
    assertEquals(tileCount, task.tilesDone, what);
    assertEntries(reported, bar, withPriors, what);
    assertStopsWithoutRoom(task, reported, what);
  }

  private int screen(ScreenTask task) {
    out.fill(CANARY);
    return switch (precision) {
      case INT8 -> ops.screenTilesInt8(task, out, OFFSET);
      case INT4 -> ops.screenTilesInt4(task, out, OFFSET);
      default -> ops.screenTilesInt2(task, out, OFFSET);
    };
  }

  /** With room for a tile's rows alone, a kernel ends after the first tile of which it reports. */
  private void assertStopsWithoutRoom(ScreenTask task, int all, String what) {
    int tiles = all == 0 ? tileCount : ScreenOps.row(entry(0)) / TileOps.TILE_ROWS + 1;
    int expected = 0;
    while (expected < all && ScreenOps.row(entry(expected)) < tiles * TileOps.TILE_ROWS) {
      expected++;
    }
    task.capacity = TileOps.TILE_ROWS;
    assertEquals(expected, screen(task), what);
    assertEquals(tiles, task.tilesDone, what);
  }

  private void assertEntries(int reported, float bar, boolean withPriors, String what) {
    int next = 0;
    for (int row = 0; row < rows; row++) {
      int code = withPriors ? priors.get(ValueLayout.JAVA_BYTE, OFFSET + row) : 0;
      float prior = Math.fma(PRIOR_SCALE, (float) code, PRIOR_BASE);
      float expected = products[row] + prior;
      double share = precision.isUnitCodes() ? ScreenOps.UNIT_SCREEN_ERROR : 0;
      double rounding = 0x1p-22 * (Math.abs(products[row]) + Math.abs(prior));
      double tolerance = Math.abs(products[row]) * share + rounding;
      long entry = next < reported ? entry(next) : -1;
      if (next < reported && ScreenOps.row(entry) == row) {
        assertTrue(ScreenOps.score(entry) > bar, what + ", reported row " + row);
        FloatRun.assertNear(expected, ScreenOps.score(entry), tolerance, what, row);
        next++;
      } else {
        assertTrue(expected <= bar + tolerance, what + ", left out row " + row + ": " + expected);
      }
    }
    assertEquals(reported, next, what + ": rows that are there, ascending");
    for (long at = OFFSET + (long) reported * ScreenOps.ENTRY_BYTES; at < out.byteSize(); at++) {
      assertEquals(CANARY, out.get(ValueLayout.JAVA_BYTE, at), what + ": wrote behind the entries");
    }
  }

  private long entry(int i) {
    return out.get(ValueLayout.JAVA_LONG_UNALIGNED, OFFSET + (long) i * ScreenOps.ENTRY_BYTES);
  }
}
