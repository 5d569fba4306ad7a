package org.concertina.block;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.concertina.kernel.Norms;
import org.concertina.memory.FloatTable;

/**
 * Makes the rows that a device keeps: restricted to the chosen blocks, divided by the norm of what
 * is left, and quantised.
 *
 * <p>The one definition that judge, full ranking and artifact share, so that they agree to the last
 * bit. Thread-safe.
 */
public final class GroupPacker {
  private static final ValueLayout.OfFloat F32 = ValueLayout.JAVA_FLOAT;
  private static final float INT8_MAX = 127f;

  private GroupPacker() {}

  /**
   * Packs the rows of a group.
   *
   * @param items item embeddings, by item index
   * @param values receives {@code size(group) x keptDims} floats, row-major: unit-norm values for
   *     fp32, whole numbers in [-127, 127] for int8, in [-7, 7] for int4, odd ones in [-3, 3] for
   *     int2
   * @return the scale that turns a dot product with {@code values} into the score; for int4 and
   *     int2 it is 1, and every row has a factor of its own, see {@link #rowFactors}
   */
  public static float pack(
      FloatTable items,
      BlockShape shape,
      RowOrder order,
      int group,
      BlockChoice choice,
      MemorySegment values,
      long valuesOffsetBytes) {
    if (items.dim() != shape.dim() || items.rows() < order.groups().items()) {
      throw new IllegalArgumentException(
          "items: expected at least %d x %d, got %d x %d"
              .formatted(order.groups().items(), shape.dim(), items.rows(), items.dim()));
    }
    int size = order.groups().size(group);
    packRows(items, shape, order, group, choice, 0, size, values, valuesOffsetBytes);
    return scaleInPlace(
        choice.precision(), values, valuesOffsetBytes, (long) size * shape.keptDims(choice));
  }

  /**
   * The part of {@link #pack} that needs to know one row alone, so that threads may share a group.
   *
   * @param firstRow of the group, from 0
   * @param endRow after the last
   * @param values of the whole group
   */
  public static void packRows(
      FloatTable items,
      BlockShape shape,
      RowOrder order,
      int group,
      BlockChoice choice,
      int firstRow,
      int endRow,
      MemorySegment values,
      long valuesOffsetBytes) {
    int kept = shape.keptDims(choice);
    int start = order.groups().start(group);
    for (int row = firstRow; row < endRow; row++) {
      long at = valuesOffsetBytes + (long) row * kept * Float.BYTES;
      packRow(items, shape, order.itemAtRow(start + row), choice.blockMask(), values, at);
      switch (choice.precision()) {
        case INT4 -> UnitCodes.quantizeInPlace(values, at, kept);
        case INT2 -> NarrowCodes.packTwoBitsInPlace(values, at, kept);
        default -> {}
      }
    }
  }

  /**
   * The part of {@link #pack} that comes after all rows: puts those of int8 on one scale.
   *
   * @param count elements of the group
   * @return the scale; 1 for other precisions
   */
  public static float scaleInPlace(
      Precision precision, MemorySegment values, long valuesOffsetBytes, long count) {
    return precision == Precision.INT8 ? quantize(values, valuesOffsetBytes, count) : 1f;
  }

  /**
   * What turns dot products with the rows of a group of unit codes into scores: the inverse norms
   * of the rows' codes.
   *
   * @param values what {@link #pack} made of {@code rows} rows of {@code dims} elements
   * @param factors receives {@code rows} floats
   */
  public static void rowFactors(
      MemorySegment values,
      long valuesOffsetBytes,
      int rows,
      int dims,
      MemorySegment factors,
      long factorsOffsetBytes) {
    for (int row = 0; row < rows; row++) {
      long at = valuesOffsetBytes + (long) row * dims * Float.BYTES;
      factors.set(
          F32,
          factorsOffsetBytes + (long) row * Float.BYTES,
          UnitCodes.inverseNorm(values, at, dims));
    }
  }

  private static void packRow(
      FloatTable items, BlockShape shape, int item, long mask, MemorySegment out, long outOffset) {
    MemorySegment table = items.segment();
    long rowOffset = items.rowOffsetBytes(item);
    int blockDim = shape.blockDim();
    double squared = 0;
    long to = outOffset;
    for (long left = mask; left != 0; left &= left - 1) {
      long from = rowOffset + (long) Long.numberOfTrailingZeros(left) * blockDim * Float.BYTES;
      for (int k = 0; k < blockDim; k++) {
        float value = table.get(F32, from + (long) k * Float.BYTES);
        out.set(F32, to, value);
        squared += (double) value * value;
        to += Float.BYTES;
      }
    }
    float inverse = Norms.inverse(squared);
    for (long offset = outOffset; offset < to; offset += Float.BYTES) {
      out.set(F32, offset, out.get(F32, offset) * inverse);
    }
  }

  private static float quantize(MemorySegment values, long offsetBytes, long count) {
    float largest = 0;
    for (long i = 0; i < count; i++) {
      largest = Math.max(largest, Math.abs(values.get(F32, offsetBytes + i * Float.BYTES)));
    }
    if (largest == 0) {
      return 1f;
    }
    float scale = largest / INT8_MAX;
    for (long i = 0; i < count; i++) {
      long at = offsetBytes + i * Float.BYTES;
      values.set(F32, at, (float) Math.rint(values.get(F32, at) / scale));
    }
    return scale;
  }

  /**
   * Copies the chosen blocks of a user vector side by side.
   *
   * @param gathered receives {@code keptDims} floats
   */
  public static void gatherUser(
      MemorySegment user,
      long userOffsetBytes,
      BlockShape shape,
      long blockMask,
      MemorySegment gathered,
      long gatheredOffsetBytes) {
    long blockBytes = (long) shape.blockDim() * Float.BYTES;
    if ((blockMask & (blockMask + 1)) == 0) {
      long bytes = Long.bitCount(blockMask) * blockBytes;
      MemorySegment.copy(user, userOffsetBytes, gathered, gatheredOffsetBytes, bytes);
      return;
    }
    long to = gatheredOffsetBytes;
    for (long left = blockMask; left != 0; left &= left - 1) {
      long from = userOffsetBytes + Long.numberOfTrailingZeros(left) * blockBytes;
      MemorySegment.copy(user, from, gathered, to, blockBytes);
      to += blockBytes;
    }
  }
}
