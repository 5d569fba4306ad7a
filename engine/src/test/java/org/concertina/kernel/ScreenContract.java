package org.concertina.kernel;

import static org.junit.jupiter.api.Assertions.assertThrows;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import org.junit.jupiter.api.Test;

/** {@code screenTilesInt8}, {@code screenTilesInt4} and {@code screenTilesInt2}. */
interface ScreenContract extends OpsContract {
  List<Integer> DIMS = List.of(0, 1, 2, 3, 4, 5, 6, 7, 8, 11, 12, 15, 16, 17, 64, 100, 207, 1020);

  @Test
  default void screenTilesInt8IsBitExact() {
    Samples samples = new Samples(23);
    for (int tiles = 0; tiles <= 3; tiles++) {
      for (int dims : DIMS) {
        byte[] codes = samples.bytes(tiles * dims * TileOps.TILE_ROWS);
        screenInt8(0.003f, tiles, dims, 3, codes, query(samples, dims));
        screenInt8(-2f, tiles, dims, 0, codes, query(samples, dims));
      }
    }
    byte[] extremes = new byte[1020 * TileOps.TILE_ROWS];
    byte[] query = new byte[1020];
    for (int i = 0; i < extremes.length; i++) {
      extremes[i] = i % 2 == 0 ? Byte.MIN_VALUE : Byte.MAX_VALUE;
      query[i / TileOps.TILE_ROWS] = (byte) (i / TileOps.TILE_ROWS % 7 == 0 ? -127 : 127);
    }
    screenInt8(1f, 1, 1020, 0, extremes, query);
  }

  private static byte[] query(Samples samples, int dims) {
    byte[] query = samples.bytes(dims);
    for (int k = 0; k < dims; k++) {
      query[k] = (byte) Math.max(-127, query[k]);
    }
    return query;
  }

  private void screenInt8(
      float factor, int tileCount, int dims, int offsetBytes, byte[] codes, byte[] query) {
    float[] expected = new float[tileCount * TileOps.TILE_ROWS];
    for (int row = 0; row < expected.length; row++) {
      int sum = 0;
      for (int k = 0; k < dims; k++) {
        int tile = row / TileOps.TILE_ROWS;
        int element = (tile * dims + k) * TileOps.TILE_ROWS + row % TileOps.TILE_ROWS;
        sum += query[k] * codes[element];
      }
      expected[row] = factor * sum;
    }
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment t = bytes(arena, offsetBytes, codes);
      MemorySegment q = bytes(arena, offsetBytes + 1, query);
      FloatRun out = FloatRun.of(arena, 1, new Samples(24).floats(expected.length));
      ops()
          .screen()
          .screenTilesInt8(
              factor,
              t,
              offsetBytes,
              tileCount,
              dims,
              q,
              offsetBytes + 1,
              q,
              -1,
              0,
              0,
              0,
              out.segment(),
              out.at());
      out.assertBits(expected, tileCount + " screened int8 tiles of " + dims);
    }
  }

  private static MemorySegment bytes(Arena arena, int offsetBytes, byte[] content) {
    MemorySegment segment = arena.allocate(64 + offsetBytes + content.length, 64);
    MemorySegment.copy(content, 0, segment, ValueLayout.JAVA_BYTE, offsetBytes, content.length);
    return segment.asSlice(0, offsetBytes + content.length);
  }

  @Test
  default void screenTilesInt4IsNear() {
    Samples samples = new Samples(25);
    for (int tiles = 0; tiles <= 3; tiles++) {
      for (int dims : DIMS) {
        int[] codes = new int[tiles * TileOps.TILE_ROWS * dims];
        for (int i = 0; i < codes.length; i++) {
          // Every fifth row is zero, and counts as one of norm 1.
          codes[i] = i / Math.max(1, dims) % 5 == 4 ? 0 : Math.round(7 * samples.uniform());
        }
        screenInt4(0.003f, tiles, dims, 0, codes, query(samples, dims));
        screenInt4(-2f, tiles, dims, 3, codes, query(samples, dims));
      }
    }
    int[] extremes = new int[TileOps.TILE_ROWS * 5];
    for (int i = 0; i < extremes.length; i++) {
      extremes[i] = i % 16 - 8;
    }
    screenInt4(1, 1, 5, 0, extremes, new byte[] {127, -127, 0, 1, -127});
  }

  private void screenInt4(
      float factor, int tileCount, int dims, int offsetBytes, int[] codes, byte[] query) {
    float[] expected = new float[tileCount * TileOps.TILE_ROWS];
    long tileBytes = tileCount * TileOps.int4TileBytes(dims);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment t = arena.allocate(64 + offsetBytes + tileBytes, 64);
      for (int row = 0; row < expected.length; row++) {
        int sum = 0;
        int squared = 0;
        for (int k = 0; k < dims; k++) {
          int code = codes[row * dims + k];
          sum += query[k] * code;
          squared += code * code;
          TilesContract.setInt4(t, offsetBytes, row, k, dims, code);
        }
        expected[row] = factor * sum * (1 / (float) Math.sqrt(Math.max(1, squared)));
      }
      MemorySegment q = bytes(arena, 1, query);
      FloatRun out = FloatRun.of(arena, 1, new Samples(26).floats(expected.length));
      MemorySegment exact = t.asSlice(0, offsetBytes + tileBytes);
      ops()
          .screen()
          .screenTilesInt4(
              factor,
              exact,
              offsetBytes,
              tileCount,
              dims,
              q,
              1,
              q,
              -1,
              0,
              0,
              0,
              out.segment(),
              out.at());
      String what = tileCount + " screened int4 tiles of " + dims;
      assertUnitsNear(expected, out, what);
    }
  }

  private static void assertUnitsNear(float[] expected, FloatRun out, String what) {
    for (int row = 0; row < expected.length; row++) {
      double tolerance = Math.abs(expected[row]) * ScreenOps.UNIT_SCREEN_ERROR;
      FloatRun.assertNear(expected[row], out.get(row), tolerance, what, row);
    }
    out.assertCanaries(what);
  }

  @Test
  default void screenTilesInt2IsNear() {
    Samples samples = new Samples(27);
    for (int tiles = 0; tiles <= 3; tiles++) {
      for (int dims : DIMS) {
        screenInt2(0.003f, tiles, dims, 0, samples);
        screenInt2(-2f, tiles, dims, 3, samples);
      }
    }
  }

  private void screenInt2(float factor, int tileCount, int dims, int offsetBytes, Samples samples) {
    int rows = tileCount * TileOps.TILE_ROWS;
    int words = (dims + 7) / 8;
    byte[] query = query(samples, dims);
    byte[] bits = samples.bytes(rows * dims);
    byte[] tiles = new byte[rows * words * 2];
    float[] expected = new float[rows];
    for (int row = 0; row < rows; row++) {
      int sum = 0;
      int squared = 0;
      for (int k = 0; k < dims; k++) {
        int pair = bits[row * dims + k] & 3;
        int code = new int[] {1, 3, -3, -1}[pair];
        sum += query[k] * code;
        squared += code * code;
        int tile = row / TileOps.TILE_ROWS;
        int word = (tile * words + k / 8) * TileOps.TILE_ROWS + row % TileOps.TILE_ROWS;
        tiles[2 * word + (k % 8 < 4 ? 1 : 0)] |= (byte) (pair << (6 - 2 * (k % 4)));
      }
      expected[row] = factor * sum * (1 / (float) Math.sqrt(Math.max(1, squared)));
    }
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment t = bytes(arena, offsetBytes, tiles);
      MemorySegment q = bytes(arena, 1, query);
      FloatRun out = FloatRun.of(arena, 1, new Samples(28).floats(rows));
      ops()
          .screen()
          .screenTilesInt2(
              factor,
              t,
              offsetBytes,
              tileCount,
              dims,
              q,
              1,
              q,
              -1,
              0,
              0,
              0,
              out.segment(),
              out.at());
      String what = tileCount + " screened int2 tiles of " + dims;
      assertUnitsNear(expected, out, what);
    }
  }

  @Test
  default void rowsOfTooManyDimensionsAreNotScreened() {
    int dims = ScreenOps.MAX_SCREEN_DIMS + 1;
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment s = arena.allocate((long) dims * TileOps.TILE_ROWS, 64);
      assertThrows(
          IllegalArgumentException.class,
          () -> ops().screen().screenTilesInt8(1, s, 0, 1, dims, s, 0, s, -1, 0, 0, 0, s, 0));
      assertThrows(
          IllegalArgumentException.class,
          () -> ops().screen().screenTilesInt4(1, s, 0, 1, dims, s, 0, s, -1, 0, 0, 0, s, 0));
      assertThrows(
          IllegalArgumentException.class,
          () -> ops().screen().screenTilesInt2(1, s, 0, 1, dims, s, 0, s, -1, 0, 0, 0, s, 0));
    }
  }
}
