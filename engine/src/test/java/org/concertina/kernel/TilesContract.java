package org.concertina.kernel;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.concertina.kernel.Samples.Kind;
import org.junit.jupiter.api.Test;

/** {@link VectorOps#scoreTilesFp32} and {@link VectorOps#scoreTilesInt8}. */
interface TilesContract extends OpsContract {
  @Test
  default void scoreTilesFp32IsBitExact() {
    Samples samples = new Samples(13);
    for (int tiles = 0; tiles <= 9; tiles++) {
      for (int dims : new int[] {0, 1, 2, 3, 8, 15, 16, 17, 64, 100, 207}) {
        int values = tiles * dims * VectorOps.TILE_ROWS;
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
    float[] expected = new float[tileCount * VectorOps.TILE_ROWS];
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
          .scoreTilesFp32(
              t.segment(), t.at(), tileCount, dims, q.segment(), q.at(), out.segment(), out.at());
      out.assertBits(expected, tileCount + " fp32 tiles of " + dims);
      t.assertBits(tiles, "tiles");
      q.assertBits(query, "query");
    }
  }

  private static int element(int row, int k, int dims) {
    int tile = row / VectorOps.TILE_ROWS;
    return (tile * dims + k) * VectorOps.TILE_ROWS + row % VectorOps.TILE_ROWS;
  }

  @Test
  default void scoreTilesInt8IsBitExact() {
    Samples samples = new Samples(15);
    for (int tiles = 0; tiles <= 9; tiles++) {
      for (int dims : new int[] {0, 1, 2, 3, 8, 15, 16, 17, 64, 100, 207}) {
        byte[] codes = samples.bytes(tiles * dims * VectorOps.TILE_ROWS);
        for (int offsetBytes : new int[] {0, 1, 3, 64}) {
          scoreInt8(1f / 127, tiles, dims, offsetBytes, codes, samples.floats(dims));
        }
        scoreInt8(1e-3f, tiles, dims, 0, codes, samples.mixed(dims));
        scoreInt8(Float.NaN, tiles, dims, 0, codes, samples.floats(dims));
      }
    }
    byte[] extremes = new byte[VectorOps.TILE_ROWS];
    for (int i = 0; i < extremes.length; i++) {
      extremes[i] = (byte) (i % 2 == 0 ? Byte.MIN_VALUE + i / 2 : Byte.MAX_VALUE - i / 2);
    }
    scoreInt8(0.25f, 1, 1, 0, extremes, new float[] {3f});
  }

  private void scoreInt8(
      float scale, int tileCount, int dims, int offsetBytes, byte[] codes, float[] query) {
    float[] expected = new float[tileCount * VectorOps.TILE_ROWS];
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
          .scoreTilesInt8(
              scale, t, offsetBytes, tileCount, dims, q.segment(), q.at(), out.segment(), out.at());
      out.assertBits(expected, tileCount + " int8 tiles of " + dims);
    }
  }
}
