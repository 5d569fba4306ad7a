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
 * Scores tiles of 16 rows of four-bit codes for one query, four of them to one of the {@link
 * CodeWords}.
 */
final class Int4TileKernels {
  private Int4TileKernels() {}

  private static FloatVector top(IntVector words) {
    return (FloatVector)
        words.lanewise(VectorOperators.ASHR, 28).convertShape(VectorOperators.I2F, F32, 0);
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
    long tileBytes = TileOps.int4TileBytes(dims);
    int last = tileCount * COLUMNS_PER_TILE - 1;
    for (int c = 0; c <= last; c += 4) {
      // Beyond the last column the last one is scored again: cheaper than a second loop.
      int c1 = Math.min(c + 1, last), c2 = Math.min(c + 2, last), c3 = Math.min(c + 3, last);
      long t0 = column(tilesAt, c, tileBytes), t1 = column(tilesAt, c1, tileBytes);
      long t2 = column(tilesAt, c2, tileBytes), t3 = column(tilesAt, c3, tileBytes);
      FloatVector s0 = FloatVector.zero(F32), s1 = FloatVector.zero(F32);
      FloatVector s2 = FloatVector.zero(F32), s3 = FloatVector.zero(F32);
      FloatVector n0 = FloatVector.zero(F32), n1 = FloatVector.zero(F32);
      FloatVector n2 = FloatVector.zero(F32), n3 = FloatVector.zero(F32);
      for (int k = 0; k < dims; k += 4) {
        long at = (long) (k / 4) * WORD_ROW_BYTES;
        IntVector w0 = words(tiles, t0 + at), w1 = words(tiles, t1 + at);
        IntVector w2 = words(tiles, t2 + at), w3 = words(tiles, t3 + at);
        for (int j = k; j < k + 4; j++) {
          // Codes beyond the last dimension are zero, and so leave both sums as they are.
          float element = j < dims ? query.get(ELEMENT, queryAt + (long) j * Float.BYTES) : 0f;
          FloatVector q = FloatVector.broadcast(F32, element);
          FloatVector v0 = top(w0), v1 = top(w1), v2 = top(w2), v3 = top(w3);
          s0 = q.fma(v0, s0);
          s1 = q.fma(v1, s1);
          s2 = q.fma(v2, s2);
          s3 = q.fma(v3, s3);
          n0 = v0.fma(v0, n0);
          n1 = v1.fma(v1, n1);
          n2 = v2.fma(v2, n2);
          n3 = v3.fma(v3, n3);
          w0 = w0.lanewise(VectorOperators.LSHL, 4);
          w1 = w1.lanewise(VectorOperators.LSHL, 4);
          w2 = w2.lanewise(VectorOperators.LSHL, 4);
          w3 = w3.lanewise(VectorOperators.LSHL, 4);
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
  }
}
