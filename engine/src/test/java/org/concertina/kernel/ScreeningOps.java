package org.concertina.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.concurrent.atomic.LongAdder;
import org.concertina.block.PackedElements;
import org.concertina.block.Precision;

/**
 * Kernels that screen, with the limits of those that hold small sums. Holds every task to what
 * {@link ScreenOps} and {@link ScreenTask} ask for: codes and sums within the limits, norms that
 * are the rows', and a bar for products that no row above the bar is below.
 */
public final class ScreeningOps implements ScreenOps {
  private final VectorOps jvm = VectorOpsProvider.get();
  private final ScreenOps plain = new IntegerScreen();

  private final LongAdder screened = new LongAdder();
  private final LongAdder reported = new LongAdder();

  /** Rows that were asked for. */
  public long screened() {
    return screened.sum();
  }

  /** Those of them that were above the bar. */
  public long reported() {
    return reported.sum();
  }

  /** All operations, these among them. */
  public VectorOps all() {
    return new VectorOps(
        "screening",
        jvm.vectorBits(),
        jvm.rows(),
        jvm.optimizers(),
        jvm.matmul(),
        jvm.sparse(),
        jvm.tiles(),
        this,
        jvm.scan(),
        jvm.bpr());
  }

  @Override
  public boolean screens() {
    return true;
  }

  @Override
  public int maxSum() {
    return Short.MAX_VALUE;
  }

  @Override
  public int maxByteQuery() {
    return 64;
  }

  @Override
  public int screenTilesInt8(ScreenTask task, MemorySegment out, long outOffsetBytes) {
    for (int k = 0; k < task.dims; k++) {
      assertTrue(Math.abs(queryCode(task, k)) <= maxByteQuery(), "code " + queryCode(task, k));
    }
    int entries = plain.screenTilesInt8(task, out, outOffsetBytes);
    return checked(task, Precision.INT8, out, outOffsetBytes, entries);
  }

  @Override
  public int screenTilesInt4(ScreenTask task, MemorySegment out, long outOffsetBytes) {
    int entries = plain.screenTilesInt4(task, out, outOffsetBytes);
    return checked(task, Precision.INT4, out, outOffsetBytes, entries);
  }

  @Override
  public int screenTilesInt2(ScreenTask task, MemorySegment out, long outOffsetBytes) {
    int entries = plain.screenTilesInt2(task, out, outOffsetBytes);
    return checked(task, Precision.INT2, out, outOffsetBytes, entries);
  }

  private static int queryCode(ScreenTask task, int k) {
    return task.query.get(ValueLayout.JAVA_BYTE, task.queryOffsetBytes + k);
  }

  private int checked(
      ScreenTask task, Precision precision, MemorySegment out, long outAt, int entries) {
    int rows = task.tilesDone * TileOps.TILE_ROWS;
    screened.add(rows);
    reported.add(entries);
    float[] products = new float[rows];
    for (int row = 0; row < rows; row++) {
      products[row] = product(task, precision, row);
    }
    for (int i = 0; i < entries; i++) {
      long entry = out.get(ValueLayout.JAVA_LONG_UNALIGNED, outAt + (long) i * ENTRY_BYTES);
      float product = products[ScreenOps.row(entry)];
      assertTrue(product > task.productBar, product + " below " + task.productBar);
    }
    return entries;
  }

  private float product(ScreenTask task, Precision precision, int row) {
    long tileAt = task.tilesOffsetBytes + row / TileOps.TILE_ROWS * precision.tileBytes(task.dims);
    int rowInTile = row % TileOps.TILE_ROWS;
    int sum = 0;
    int squared = 0;
    for (int k = 0; k < task.dims; k++) {
      int code =
          switch (precision) {
            case INT8 -> PackedElements.int8(task.tiles, tileAt, rowInTile, k);
            case INT4 -> PackedElements.int4(task.tiles, tileAt, rowInTile, k);
            default -> PackedElements.int2(task.tiles, tileAt, rowInTile, k);
          };
      sum += queryCode(task, k) * code;
      squared += code * code;
    }
    int held = precision == Precision.INT2 ? 2 * Math.abs(sum) : Math.abs(sum);
    assertTrue(held <= maxSum(), "a sum of " + sum);
    if (!precision.isUnitCodes()) {
      return task.factor * sum;
    }
    double inverse = 1 / Math.sqrt(Math.max(1, squared));
    if (task.normsOffsetBytes != ScreenTask.NONE && squared > 0) {
      long at = task.normsOffsetBytes + (long) row * Short.BYTES;
      double norm = task.norms.get(ValueLayout.JAVA_SHORT_UNALIGNED, at) * task.normScale;
      assertEquals(inverse, norm, inverse * UNIT_SCREEN_ERROR, "norm of row " + row);
    }
    return (float) (task.factor * sum * inverse);
  }
}
