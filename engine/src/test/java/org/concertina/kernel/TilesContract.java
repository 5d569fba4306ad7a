package org.concertina.kernel;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.concertina.kernel.Samples.Kind;
import org.junit.jupiter.api.Test;

/**
 * {@code scoreTilesFp32}, {@code scoreTilesInt8}, {@code scoreTilesInt4} and {@code
 * scoreTilesInt2}.
 */
interface TilesContract extends OpsContract {
  @Test
  default void scoreTilesFp32IsBitExact() {
    Samples samples = new Samples(13);
    for (int tiles = 0; tiles <= 9; tiles++) {
      for (int dims : new int[] {0, 1, 2, 3, 8, 15, 16, 17, 64, 100, 207}) {
        int values = tiles * dims * TileOps.TILE_ROWS;
        for (int offset : Samples.offsetsFloats()) {
          scoreFp32(tiles, dims, offset, samples.floats(values), samples.floats(dims));
        }
        for (Kind kind : Kind.values()) {
          scoreFp32(tiles, dims, 0, samples.floats(kind, values), samples.floats(dims));
        }
        scoreFp32(tiles, dims, 0, samples.mixed(values), samples.floats(dims));
        scoreFp32(tiles, dims, 0, samples.floats(values), samples.mixed(dims));
      }
    }
  }

  private void scoreFp32(int tileCount, int dims, int offset, float[] tiles, float[] query) {
    float[] expected = new float[tileCount * TileOps.TILE_ROWS];
    for (int row = 0; row < expected.length; row++) {
      for (int k = 0; k < dims; k++) {
        expected[row] = Math.fma(query[k], tiles[element(row, k, dims)], expected[row]);
      }
    }
    try (Arena arena = Arena.ofConfined()) {
      FloatRun t = FloatRun.of(arena, offset, tiles);
      FloatRun q = FloatRun.of(arena, (offset + 1) % 4, query);
      FloatRun out = FloatRun.of(arena, (offset + 2) % 4, new Samples(14).floats(expected.length));
      ops()
          .tiles()
          .scoreTilesFp32(
              t.segment(), t.at(), tileCount, dims, q.segment(), q.at(), out.segment(), out.at());
      out.assertBits(expected, tileCount + " fp32 tiles of " + dims);
      t.assertBits(tiles, "tiles");
      q.assertBits(query, "query");
    }
  }

  private static int element(int row, int k, int dims) {
    int tile = row / TileOps.TILE_ROWS;
    return (tile * dims + k) * TileOps.TILE_ROWS + row % TileOps.TILE_ROWS;
  }

  @Test
  default void scoreTilesInt8IsBitExact() {
    Samples samples = new Samples(15);
    for (int tiles = 0; tiles <= 9; tiles++) {
      for (int dims : new int[] {0, 1, 2, 3, 8, 15, 16, 17, 64, 100, 207}) {
        byte[] codes = samples.bytes(tiles * dims * TileOps.TILE_ROWS);
        for (int offsetBytes : new int[] {0, 1, 3, 64}) {
          scoreInt8(1f / 127, tiles, dims, offsetBytes, codes, samples.floats(dims));
        }
        scoreInt8(1e-3f, tiles, dims, 0, codes, samples.mixed(dims));
        scoreInt8(Float.NaN, tiles, dims, 0, codes, samples.floats(dims));
      }
    }
    byte[] extremes = new byte[TileOps.TILE_ROWS];
    for (int i = 0; i < extremes.length; i++) {
      extremes[i] = (byte) (i % 2 == 0 ? Byte.MIN_VALUE + i / 2 : Byte.MAX_VALUE - i / 2);
    }
    scoreInt8(0.25f, 1, 1, 0, extremes, new float[] {3f});
  }

  private void scoreInt8(
      float scale, int tileCount, int dims, int offsetBytes, byte[] codes, float[] query) {
    float[] expected = new float[tileCount * TileOps.TILE_ROWS];
    for (int row = 0; row < expected.length; row++) {
      for (int k = 0; k < dims; k++) {
        float code = codes[element(row, k, dims)];
        expected[row] = Math.fma(query[k], code, expected[row]);
      }
      expected[row] *= scale;
    }
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment t = arena.allocate(64 + offsetBytes + codes.length, 64);
      MemorySegment.copy(codes, 0, t, ValueLayout.JAVA_BYTE, offsetBytes, codes.length);
      FloatRun q = FloatRun.of(arena, offsetBytes % 4, query);
      FloatRun out = FloatRun.of(arena, 1, new Samples(16).floats(expected.length));
      ops()
          .tiles()
          .scoreTilesInt8(
              scale, t, offsetBytes, tileCount, dims, q.segment(), q.at(), out.segment(), out.at());
      out.assertBits(expected, tileCount + " int8 tiles of " + dims);
    }
  }

  @Test
  default void scoreTilesInt4IsBitExact() {
    Samples samples = new Samples(17);
    for (int tiles = 0; tiles <= 9; tiles++) {
      for (int dims : new int[] {0, 1, 2, 3, 4, 5, 6, 7, 8, 15, 16, 17, 64, 100, 207}) {
        int[] codes = new int[tiles * TileOps.TILE_ROWS * dims];
        for (int i = 0; i < codes.length; i++) {
          // Every fifth row is zero, and counts as one of norm 1.
          codes[i] = i / Math.max(1, dims) % 5 == 4 ? 0 : Math.round(7 * samples.uniform());
        }
        for (int offsetBytes : new int[] {0, 1, 3, 64}) {
          scoreInt4(tiles, dims, offsetBytes, codes, samples.floats(dims));
        }
        for (Kind kind : Kind.values()) {
          scoreInt4(tiles, dims, 0, codes, samples.floats(kind, dims));
        }
        scoreInt4(tiles, dims, 0, codes, samples.mixed(dims));
      }
    }
    int[] extremes = new int[TileOps.TILE_ROWS * 5];
    for (int i = 0; i < extremes.length; i++) {
      extremes[i] = i % 16 - 8;
    }
    scoreInt4(1, 5, 0, extremes, new float[] {3f, -1f, 0.5f, 2f, -7f});
  }

  /** The code of dimension {@code k} of a row is {@code codes[row * dims + k]}. */
  private void scoreInt4(int tileCount, int dims, int offsetBytes, int[] codes, float[] query) {
    float[] expected = new float[tileCount * TileOps.TILE_ROWS];
    long bytes = tileCount * TileOps.int4TileBytes(dims);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment t = arena.allocate(64 + offsetBytes + bytes, 64);
      for (int row = 0; row < expected.length; row++) {
        float squared = 0;
        for (int k = 0; k < dims; k++) {
          int code = codes[row * dims + k];
          expected[row] = Math.fma(query[k], (float) code, expected[row]);
          squared += code * code;
          setInt4(t, offsetBytes, row, k, dims, code);
        }
        expected[row] *= 1 / (float) Math.sqrt(Math.max(1, squared));
      }
      MemorySegment exact = t.asSlice(0, offsetBytes + bytes);
      FloatRun q = FloatRun.of(arena, offsetBytes % 4, query);
      FloatRun out = FloatRun.of(arena, 1, new Samples(18).floats(expected.length));
      ops()
          .tiles()
          .scoreTilesInt4(
              exact, offsetBytes, tileCount, dims, q.segment(), q.at(), out.segment(), out.at());
      out.assertBits(expected, tileCount + " int4 tiles of " + dims);
    }
  }

  @Test
  default void scoreTilesInt2IsBitExact() {
    Samples samples = new Samples(19);
    for (int tiles = 0; tiles <= 9; tiles++) {
      for (int dims : new int[] {0, 1, 2, 7, 8, 9, 15, 16, 17, 24, 64, 100, 207}) {
        for (int offsetBytes : new int[] {0, 1, 3, 64}) {
          scoreInt2(tiles, dims, offsetBytes, samples, samples.floats(dims));
        }
        for (Kind kind : Kind.values()) {
          scoreInt2(tiles, dims, 0, samples, samples.floats(kind, dims));
        }
        scoreInt2(tiles, dims, 0, samples, samples.mixed(dims));
      }
    }
  }

  /** Every bit is random, those behind the last dimension too, which count for nothing. */
  private void scoreInt2(int tileCount, int dims, int offsetBytes, Samples samples, float[] query) {
    float[] expected = new float[tileCount * TileOps.TILE_ROWS];
    int words = (dims + 7) / 8;
    byte[] codes = samples.bytes(tileCount * words * TileOps.TILE_ROWS * 2);
    for (int row = 0; row < expected.length; row++) {
      float squared = 0;
      for (int k = 0; k < dims; k++) {
        int tile = row / TileOps.TILE_ROWS;
        int word = (tile * words + k / 8) * TileOps.TILE_ROWS + row % TileOps.TILE_ROWS;
        int four = codes[2 * word + (k % 8 < 4 ? 1 : 0)];
        int code = new int[] {1, 3, -3, -1}[four >> (6 - 2 * (k % 4)) & 3];
        expected[row] = Math.fma(query[k], (float) code, expected[row]);
        squared += code * code;
      }
      expected[row] *= 1 / (float) Math.sqrt(Math.max(1, squared));
    }
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment t = arena.allocate(64 + offsetBytes + codes.length, 64);
      MemorySegment.copy(codes, 0, t, ValueLayout.JAVA_BYTE, offsetBytes, codes.length);
      MemorySegment exact = t.asSlice(0, offsetBytes + codes.length);
      FloatRun q = FloatRun.of(arena, offsetBytes % 4, query);
      FloatRun out = FloatRun.of(arena, 1, new Samples(20).floats(expected.length));
      ops()
          .tiles()
          .scoreTilesInt2(
              exact, offsetBytes, tileCount, dims, q.segment(), q.at(), out.segment(), out.at());
      out.assertBits(expected, tileCount + " int2 tiles of " + dims);
    }
  }

  /** Four dimensions are one word, the first in the top bits; its upper byte comes second. */
  static void setInt4(MemorySegment tiles, long offsetBytes, int row, int k, int dims, int code) {
    long words = (dims + 3L) / 4;
    long word =
        (row / TileOps.TILE_ROWS * words + k / 4) * TileOps.TILE_ROWS + row % TileOps.TILE_ROWS;
    long at = offsetBytes + 2 * word + (k % 4 < 2 ? 1 : 0);
    int bits = (code & 15) << (k % 2 == 0 ? 4 : 0);
    tiles.set(ValueLayout.JAVA_BYTE, at, (byte) (tiles.get(ValueLayout.JAVA_BYTE, at) | bits));
  }
}
