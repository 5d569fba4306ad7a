package org.concertina.serve;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import org.concertina.block.Precision;
import org.concertina.block.ScreenBounds;
import org.concertina.kernel.TileOps;
import org.concertina.memory.CappedArena;

/**
 * The rows of fp32 groups once more, in signed bytes on one scale a group and in the same tiles:
 * what such rows are screened by, a quarter of their bytes. How far the bytes are from a row widens
 * the margin of screening, so that no result shows them.
 *
 * <p>Immutable and thread-safe; the memory belongs to the arena.
 */
final class FloatCodes {
  private static final int TILE_ROWS = TileOps.TILE_ROWS;

  private final ServingPlan plan;
  private final MemorySegment codes;
  private final long[] offsets;
  private final float[] scales;
  private final double[] errors;

  /** Takes {@link #bytes} and codes all rows. */
  FloatCodes(ServingPlan plan, CappedArena arena) {
    this.plan = plan;
    this.codes = arena.allocate(bytes(plan), "rows of floats in bytes");
    this.offsets = new long[plan.groups];
    this.scales = new float[plan.groups];
    this.errors = new double[plan.groups];
    long next = 0;
    for (int g : plan.kept) {
      if (isCoded(plan, g)) {
        offsets[g] = next;
        code(g);
        next += bytes(plan, g);
      }
    }
  }

  /** How many it takes; 0 if no group has floats that kernels screen. */
  static long bytes(ServingPlan plan) {
    long sum = 0;
    for (int g : plan.kept) {
      sum += isCoded(plan, g) ? bytes(plan, g) : 0;
    }
    return sum;
  }

  private static boolean isCoded(ServingPlan plan, int group) {
    return plan.screenable[group] && plan.precisions[group] == Precision.FP32;
  }

  private static long bytes(ServingPlan plan, int group) {
    return plan.tileCount(group) * Precision.INT8.tileBytes(plan.dims[group]);
  }

  private void code(int group) {
    long floats = bytes(plan, group);
    long from = plan.rowsOffsets[group];
    float largest = 0;
    for (long i = 0; i < floats; i++) {
      // NaN stays, and leaves the group without a scale.
      largest = Math.max(largest, Math.abs(element(from, i)));
    }
    float scale = largest / ScreenBounds.MAX_CODE;
    if (!(scale >= Float.MIN_NORMAL && scale <= Float.MAX_VALUE)) {
      return;
    }
    double[] squares = new double[TILE_ROWS];
    double most = 0;
    long ofTile = Precision.INT8.tileBytes(plan.dims[group]);
    for (long tile = 0; tile < floats; tile += ofTile) {
      Arrays.fill(squares, 0);
      for (long i = tile; i < tile + ofTile; i++) {
        float value = element(from, i);
        int code =
            Math.clamp(Math.round(value / scale), -ScreenBounds.MAX_CODE, ScreenBounds.MAX_CODE);
        codes.set(ValueLayout.JAVA_BYTE, offsets[group] + i, (byte) code);
        double error = value - (double) code * scale;
        squares[(int) (i % TILE_ROWS)] += error * error;
      }
      for (double squared : squares) {
        most = Math.max(most, squared);
      }
    }
    errors[group] = Math.sqrt(most);
    scales[group] = scale;
  }

  private float element(long from, long i) {
    return plan.bytes.get(ValueLayout.JAVA_FLOAT_UNALIGNED, from + i * Float.BYTES);
  }

  MemorySegment codes() {
    return codes;
  }

  /** Where the codes of the tile that holds a row of the group stand. */
  long tileOffset(int group, int row) {
    int tile = (row - plan.starts[group]) / TILE_ROWS;
    return offsets[group] + tile * Precision.INT8.tileBytes(plan.dims[group]);
  }

  /** What a code of the group counts; 0 if its rows are not there in bytes. */
  float scale(int group) {
    return scales[group];
  }

  /** Norm of what rounding took from the row of the group that it changed most. */
  double error(int group) {
    return errors[group];
  }
}
