package org.concertina.kernel.panama;

import static org.concertina.kernel.panama.CodeWords.COLUMNS_PER_TILE;
import static org.concertina.kernel.panama.CodeWords.WORD_ROW_BYTES;
import static org.concertina.kernel.panama.CodeWords.column;
import static org.concertina.kernel.panama.CodeWords.words;
import static org.concertina.kernel.panama.PanamaSpecies.ELEMENT;
import static org.concertina.kernel.panama.PanamaSpecies.F32;
import static org.concertina.kernel.panama.PanamaSpecies.ORDER;
import static org.concertina.kernel.panama.PanamaSpecies.VECTOR_BYTES;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import org.concertina.kernel.TileOps;

/**
 * Scores tiles of 16 rows of two-bit codes for one query, eight of them to one of the {@link
 * CodeWords}; the number in the top two bits is doubled and one more.
 */
final class Int2TileKernels {
  private Int2TileKernels() {}

  /**
   * {@code 2 t + 1} of the number in the top two bits, doubled by a shift that stops a bit early.
   */
  private static FloatVector top(IntVector words) {
    return (FloatVector)
        words
            .lanewise(VectorOperators.ASHR, 29)
            .lanewise(VectorOperators.OR, 1)
            .convertShape(VectorOperators.I2F, F32, 0);
  }

  static void score(
      MemorySegment tiles,
      long tilesAt,
      int tileCount,
      int dims,
      MemorySegment query,
      long queryAt,
      MemorySegment out,
      long outAt) {
    long tileBytes = TileOps.int2TileBytes(dims);
    int last = tileCount * COLUMNS_PER_TILE - 1;
    int c = 0;
    for (; c + 3 <= last; c += 4) {
      int c1 = c + 1, c2 = c + 2, c3 = c + 3;
      long t0 = column(tilesAt, c, tileBytes), t1 = column(tilesAt, c1, tileBytes);
      long t2 = column(tilesAt, c2, tileBytes), t3 = column(tilesAt, c3, tileBytes);
      FloatVector s0 = FloatVector.zero(F32), s1 = FloatVector.zero(F32);
      FloatVector s2 = FloatVector.zero(F32), s3 = FloatVector.zero(F32);
      FloatVector n0 = FloatVector.zero(F32), n1 = FloatVector.zero(F32);
      FloatVector n2 = FloatVector.zero(F32), n3 = FloatVector.zero(F32);
      for (int k = 0; k < dims; k += 8) {
        long at = (long) (k / 8) * WORD_ROW_BYTES;
        IntVector w0 = words(tiles, t0 + at), w1 = words(tiles, t1 + at);
        IntVector w2 = words(tiles, t2 + at), w3 = words(tiles, t3 + at);
        for (int j = k; j < Math.min(k + 8, dims); j++) {
          FloatVector q =
              FloatVector.broadcast(F32, query.get(ELEMENT, queryAt + (long) j * Float.BYTES));
          FloatVector v0 = top(w0), v1 = top(w1), v2 = top(w2), v3 = top(w3);
          s0 = q.fma(v0, s0);
          s1 = q.fma(v1, s1);
          s2 = q.fma(v2, s2);
          s3 = q.fma(v3, s3);
          n0 = v0.fma(v0, n0);
          n1 = v1.fma(v1, n1);
          n2 = v2.fma(v2, n2);
          n3 = v3.fma(v3, n3);
          w0 = w0.lanewise(VectorOperators.LSHL, 2);
          w1 = w1.lanewise(VectorOperators.LSHL, 2);
          w2 = w2.lanewise(VectorOperators.LSHL, 2);
          w3 = w3.lanewise(VectorOperators.LSHL, 2);
        }
      }
      FloatVector one = FloatVector.broadcast(F32, 1f);
      s0.mul(one.div(n0.max(one).sqrt()))
          .intoMemorySegment(out, outAt + (long) c * VECTOR_BYTES, ORDER);
      s1.mul(one.div(n1.max(one).sqrt()))
          .intoMemorySegment(out, outAt + (long) c1 * VECTOR_BYTES, ORDER);
      s2.mul(one.div(n2.max(one).sqrt()))
          .intoMemorySegment(out, outAt + (long) c2 * VECTOR_BYTES, ORDER);
      s3.mul(one.div(n3.max(one).sqrt()))
          .intoMemorySegment(out, outAt + (long) c3 * VECTOR_BYTES, ORDER);
    }
    // One by one, as screening mostly asks for a single tile.
    for (; c <= last; c++) {
      long tileAt = column(tilesAt, c, tileBytes);
      scoreColumn(tiles, tileAt, dims, query, queryAt, out, outAt + (long) c * VECTOR_BYTES);
    }
  }

  private static void scoreColumn(
      MemorySegment tiles,
      long tileAt,
      int dims,
      MemorySegment query,
      long queryAt,
      MemorySegment out,
      long outAt) {
    FloatVector sum = FloatVector.zero(F32);
    FloatVector squared = FloatVector.zero(F32);
    for (int k = 0; k < dims; k += 8) {
      IntVector word = words(tiles, tileAt + (long) (k / 8) * WORD_ROW_BYTES);
      for (int j = k; j < Math.min(k + 8, dims); j++) {
        FloatVector q =
            FloatVector.broadcast(F32, query.get(ELEMENT, queryAt + (long) j * Float.BYTES));
        FloatVector code = top(word);
        sum = q.fma(code, sum);
        squared = code.fma(code, squared);
        word = word.lanewise(VectorOperators.LSHL, 2);
      }
    }
    FloatVector one = FloatVector.broadcast(F32, 1f);
    sum.mul(one.div(squared.max(one).sqrt())).intoMemorySegment(out, outAt, ORDER);
  }
}
