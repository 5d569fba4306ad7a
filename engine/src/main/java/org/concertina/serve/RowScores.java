package org.concertina.serve;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.concertina.block.PackedElements;
import org.concertina.block.UnitCodes;
import org.concertina.kernel.TileOps;

/**
 * Exact scores of single rows with the bits that {@link TileOps} has for whole tiles: sums are
 * chains of fused multiply-adds in the order of the dimensions there too. A chain takes as long for
 * sixteen rows as for one, but rows that wait for their exact scores are mostly one of a tile.
 */
final class RowScores {
  private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT;

  private final ServingPlan plan;

  RowScores(ServingPlan plan) {
    this.plan = plan;
  }

  /** The score of a row of the group, its prior included if the query is for one. */
  float score(UserQuery query, int group, int row) {
    long tileAt = plan.tileOffset(group, row);
    int rowInTile = plan.rowInTile(group, row);
    int dims = plan.dims[group];
    long queryAt = query.queryAt(group);
    MemorySegment user = query.queries;
    float product =
        switch (plan.precisions[group]) {
          case FP32 -> fp32(user, queryAt, tileAt, rowInTile, dims);
          case INT8 -> int8(user, queryAt, tileAt, rowInTile, dims) * plan.scales[group];
          case INT4 -> int4(user, queryAt, tileAt, rowInTile, dims);
          case INT2 -> int2(user, queryAt, tileAt, rowInTile, dims);
        };
    return query.withPrior ? product + prior(group, row) : product;
  }

  private float prior(int group, int row) {
    long codes = plan.priorOffsets[group];
    int code =
        codes < 0 ? 0 : plan.bytes.get(ValueLayout.JAVA_BYTE, codes + row - plan.starts[group]);
    return Math.fma(plan.priorScales[group], (float) code, plan.priorBases[group]);
  }

  private float fp32(MemorySegment user, long queryAt, long tileAt, int row, int dims) {
    float sum = 0;
    for (int k = 0; k < dims; k++) {
      sum = Math.fma(at(user, queryAt, k), PackedElements.fp32(plan.bytes, tileAt, row, k), sum);
    }
    return sum;
  }

  private float int8(MemorySegment user, long queryAt, long tileAt, int row, int dims) {
    float sum = 0;
    for (int k = 0; k < dims; k++) {
      float code = PackedElements.int8(plan.bytes, tileAt, row, k);
      sum = Math.fma(at(user, queryAt, k), code, sum);
    }
    return sum;
  }

  private float int4(MemorySegment user, long queryAt, long tileAt, int row, int dims) {
    float sum = 0;
    float squared = 0;
    for (int k = 0; k < dims; k++) {
      float code = PackedElements.int4(plan.bytes, tileAt, row, k);
      sum = Math.fma(at(user, queryAt, k), code, sum);
      squared = Math.fma(code, code, squared);
    }
    return sum * UnitCodes.inverse(squared);
  }

  private float int2(MemorySegment user, long queryAt, long tileAt, int row, int dims) {
    float sum = 0;
    float squared = 0;
    for (int k = 0; k < dims; k++) {
      float code = PackedElements.int2(plan.bytes, tileAt, row, k);
      sum = Math.fma(at(user, queryAt, k), code, sum);
      squared = Math.fma(code, code, squared);
    }
    return sum * UnitCodes.inverse(squared);
  }

  private static float at(MemorySegment floats, long offsetBytes, int k) {
    return floats.get(FLOAT, offsetBytes + (long) k * Float.BYTES);
  }
}
