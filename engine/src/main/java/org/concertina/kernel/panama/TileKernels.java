package org.concertina.kernel.panama;

import static org.concertina.kernel.TileOps.TILE_ROWS;
import static org.concertina.kernel.panama.PanamaSpecies.ELEMENT;
import static org.concertina.kernel.panama.PanamaSpecies.F32;
import static org.concertina.kernel.panama.PanamaSpecies.LANES;
import static org.concertina.kernel.panama.PanamaSpecies.ORDER;
import static org.concertina.kernel.panama.PanamaSpecies.VECTOR_BYTES;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * Scores tiles of 16 rows for one query. A column is one vector of rows within a tile; four columns
 * at a time hide the latency of the multiply-add chain, which bit-exactness forbids to split.
 */
final class TileKernels {
  private static final int COLUMNS_PER_TILE = Math.max(1, TILE_ROWS / LANES);
  private static final int TILE_ROW_BYTES = TILE_ROWS * Float.BYTES;

  /** As many bytes as a vector has floats; the API has no shape below 64 bits. */
  private static final VectorSpecies<Byte> I8 =
      LANES == 16 ? ByteVector.SPECIES_128 : ByteVector.SPECIES_64;

  private TileKernels() {}

  private static long column(long base, int column, long tileBytes, int columnBytes) {
    int tile = column / COLUMNS_PER_TILE;
    return base + tile * tileBytes + (long) (column % COLUMNS_PER_TILE) * columnBytes;
  }

  static void scoreFp32(
      MemorySegment tiles,
      long tilesAt,
      int tileCount,
      int dims,
      MemorySegment query,
      long queryAt,
      MemorySegment out,
      long outAt) {
    long tileBytes = (long) dims * TILE_ROW_BYTES;
    int columns = tileCount * COLUMNS_PER_TILE;
    int bound = columns - columns % 4;
    int c = 0;
    for (; c < bound; c += 4) {
      long t0 = column(tilesAt, c, tileBytes, VECTOR_BYTES);
      long t1 = column(tilesAt, c + 1, tileBytes, VECTOR_BYTES);
      long t2 = column(tilesAt, c + 2, tileBytes, VECTOR_BYTES);
      long t3 = column(tilesAt, c + 3, tileBytes, VECTOR_BYTES);
      FloatVector s0 = FloatVector.zero(F32), s1 = FloatVector.zero(F32);
      FloatVector s2 = FloatVector.zero(F32), s3 = FloatVector.zero(F32);
      for (int k = 0; k < dims; k++) {
        FloatVector q =
            FloatVector.broadcast(F32, query.get(ELEMENT, queryAt + (long) k * Float.BYTES));
        long at = (long) k * TILE_ROW_BYTES;
        s0 = q.fma(FloatVector.fromMemorySegment(F32, tiles, t0 + at, ORDER), s0);
        s1 = q.fma(FloatVector.fromMemorySegment(F32, tiles, t1 + at, ORDER), s1);
        s2 = q.fma(FloatVector.fromMemorySegment(F32, tiles, t2 + at, ORDER), s2);
        s3 = q.fma(FloatVector.fromMemorySegment(F32, tiles, t3 + at, ORDER), s3);
      }
      long outColumn = outAt + (long) c * VECTOR_BYTES;
      s0.intoMemorySegment(out, outColumn, ORDER);
      s1.intoMemorySegment(out, outColumn + VECTOR_BYTES, ORDER);
      s2.intoMemorySegment(out, outColumn + 2L * VECTOR_BYTES, ORDER);
      s3.intoMemorySegment(out, outColumn + 3L * VECTOR_BYTES, ORDER);
    }
    for (; c < columns; c++) {
      long t0 = column(tilesAt, c, tileBytes, VECTOR_BYTES);
      FloatVector s0 = FloatVector.zero(F32);
      for (int k = 0; k < dims; k++) {
        FloatVector q =
            FloatVector.broadcast(F32, query.get(ELEMENT, queryAt + (long) k * Float.BYTES));
        s0 =
            q.fma(
                FloatVector.fromMemorySegment(F32, tiles, t0 + (long) k * TILE_ROW_BYTES, ORDER),
                s0);
      }
      s0.intoMemorySegment(out, outAt + (long) c * VECTOR_BYTES, ORDER);
    }
  }

  private static FloatVector codes(MemorySegment tiles, long at) {
    return (FloatVector)
        ByteVector.fromMemorySegment(I8, tiles, at, ORDER)
            .convertShape(VectorOperators.B2F, F32, 0);
  }

  static void scoreInt8(
      float scale,
      MemorySegment tiles,
      long tilesAt,
      int tileCount,
      int dims,
      MemorySegment query,
      long queryAt,
      MemorySegment out,
      long outAt) {
    if (LANES < 8) {
      scoreInt8Narrow(scale, tiles, tilesAt, tileCount, dims, query, queryAt, out, outAt);
      return;
    }
    long tileBytes = (long) dims * TILE_ROWS;
    int columns = tileCount * COLUMNS_PER_TILE;
    int bound = columns - columns % 4;
    int c = 0;
    for (; c < bound; c += 4) {
      long t0 = column(tilesAt, c, tileBytes, LANES);
      long t1 = column(tilesAt, c + 1, tileBytes, LANES);
      long t2 = column(tilesAt, c + 2, tileBytes, LANES);
      long t3 = column(tilesAt, c + 3, tileBytes, LANES);
      FloatVector s0 = FloatVector.zero(F32), s1 = FloatVector.zero(F32);
      FloatVector s2 = FloatVector.zero(F32), s3 = FloatVector.zero(F32);
      for (int k = 0; k < dims; k++) {
        FloatVector q =
            FloatVector.broadcast(F32, query.get(ELEMENT, queryAt + (long) k * Float.BYTES));
        long at = (long) k * TILE_ROWS;
        s0 = q.fma(codes(tiles, t0 + at), s0);
        s1 = q.fma(codes(tiles, t1 + at), s1);
        s2 = q.fma(codes(tiles, t2 + at), s2);
        s3 = q.fma(codes(tiles, t3 + at), s3);
      }
      long outColumn = outAt + (long) c * VECTOR_BYTES;
      s0.mul(scale).intoMemorySegment(out, outColumn, ORDER);
      s1.mul(scale).intoMemorySegment(out, outColumn + VECTOR_BYTES, ORDER);
      s2.mul(scale).intoMemorySegment(out, outColumn + 2L * VECTOR_BYTES, ORDER);
      s3.mul(scale).intoMemorySegment(out, outColumn + 3L * VECTOR_BYTES, ORDER);
    }
    for (; c < columns; c++) {
      long t0 = column(tilesAt, c, tileBytes, LANES);
      FloatVector s0 = FloatVector.zero(F32);
      for (int k = 0; k < dims; k++) {
        FloatVector q =
            FloatVector.broadcast(F32, query.get(ELEMENT, queryAt + (long) k * Float.BYTES));
        s0 = q.fma(codes(tiles, t0 + (long) k * TILE_ROWS), s0);
      }
      s0.mul(scale).intoMemorySegment(out, outAt + (long) c * VECTOR_BYTES, ORDER);
    }
  }

  /** Vectors of four floats have no byte vector to come from. */
  private static void scoreInt8Narrow(
      float scale,
      MemorySegment tiles,
      long tilesAt,
      int tileCount,
      int dims,
      MemorySegment query,
      long queryAt,
      MemorySegment out,
      long outAt) {
    for (int row = 0; row < tileCount * TILE_ROWS; row++) {
      long at = tilesAt + (long) (row / TILE_ROWS) * dims * TILE_ROWS + row % TILE_ROWS;
      float sum = 0;
      for (int k = 0; k < dims; k++) {
        byte code = tiles.get(ValueLayout.JAVA_BYTE, at + (long) k * TILE_ROWS);
        sum = Math.fma(query.get(ELEMENT, queryAt + (long) k * Float.BYTES), (float) code, sum);
      }
      out.set(ELEMENT, outAt + (long) row * Float.BYTES, sum * scale);
    }
  }
}
