package org.concertina.artifact;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.concertina.block.GroupPrior;
import org.concertina.block.PackedElements;
import org.concertina.block.Precision;
import org.concertina.kernel.VectorOps;

/** Verifies what a checksum cannot: padding that is zero, and codes within their range. */
final class RowSectionCheck {
  private RowSectionCheck() {}

  /** Checks rows and prior of one group. */
  static void check(
      MemorySegment bytes, DirectoryEntry entry, ArtifactHeader header, int group, Faults faults)
      throws ArtifactCorruptException {
    checkPadding(bytes, entry, header, "padding of group " + group, faults);
    if (entry.priorBytes() > 0) {
      checkPrior(bytes, entry, "group " + group, faults);
    }
  }

  private static void checkPadding(
      MemorySegment bytes, DirectoryEntry entry, ArtifactHeader header, String name, Faults faults)
      throws ArtifactCorruptException {
    Precision precision = entry.choice().precision();
    int dims = header.shape().keptDims(entry.choice());
    long end = entry.tileCount() * precision.tileBytes(dims);
    int used = entry.rows() % VectorOps.TILE_ROWS;
    if (used != 0) {
      long tile = entry.rowsOffset() + end - precision.tileBytes(dims);
      // Bytes of one row between two rows of the tile: an element, or a word of four codes.
      int unit =
          switch (precision) {
            case FP32 -> Float.BYTES;
            case INT8 -> Byte.BYTES;
            case INT4 -> Short.BYTES;
          };
      long column = (long) VectorOps.TILE_ROWS * unit;
      for (long at = tile; at < entry.rowsOffset() + end; at += column) {
        long from = at + (long) used * unit;
        faults.expectZero(name, ArtifactFormat.firstNonZero(bytes, from, at + column - from));
      }
    }
    if (precision == Precision.INT4) {
      checkLastWords(bytes, entry, dims, name, faults);
    }
    faults.expectZero(
        name,
        ArtifactFormat.firstNonZero(bytes, entry.rowsOffset() + end, entry.rowsBytes() - end));
  }

  /** Codes behind the last dimension, which the kernel would take for a part of the norm. */
  private static void checkLastWords(
      MemorySegment bytes, DirectoryEntry entry, int dims, String name, Faults faults)
      throws ArtifactCorruptException {
    int padded = (int) Precision.INT4.rowBytes(dims) * 2;
    for (long tile = 0; tile < entry.tileCount() && dims < padded; tile++) {
      long at = entry.rowsOffset() + tile * Precision.INT4.tileBytes(dims);
      for (int row = 0; row < VectorOps.TILE_ROWS; row++) {
        for (int k = dims; k < padded; k++) {
          faults.expectZero(name, PackedElements.int4(bytes, at, row, k) == 0 ? -1 : at);
        }
      }
    }
  }

  private static void checkPrior(
      MemorySegment bytes, DirectoryEntry entry, String name, Faults faults)
      throws ArtifactCorruptException {
    String code = name + " prior code";
    long end = entry.priorOffset() + entry.rows();
    for (long at = entry.priorOffset(); at < end; at++) {
      faults.expectRange(
          code, -GroupPrior.MAX_CODE, GroupPrior.MAX_CODE, bytes.get(ValueLayout.JAVA_BYTE, at));
    }
    faults.expectZero(
        "padding of the prior of " + name,
        ArtifactFormat.firstNonZero(bytes, end, entry.priorBytes() - entry.rows()));
  }
}
