package org.concertina.artifact;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import org.concertina.block.GroupPrior;
import org.concertina.block.Precision;
import org.concertina.kernel.TileOps;

/** Verifies what a checksum cannot: padding that is zero, and codes within their range. */
final class RowSectionCheck {
  private static final ValueLayout.OfShort WORD =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

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
    int used = entry.rows() % TileOps.TILE_ROWS;
    if (used != 0) {
      long tile = entry.rowsOffset() + end - precision.tileBytes(dims);
      // Bytes of one row between two rows of the tile: an element, or a word of codes.
      int unit =
          switch (precision) {
            case FP32 -> Float.BYTES;
            case INT8 -> Byte.BYTES;
            case INT4, INT2 -> Short.BYTES;
          };
      long column = (long) TileOps.TILE_ROWS * unit;
      for (long at = tile; at < entry.rowsOffset() + end; at += column) {
        long from = at + (long) used * unit;
        faults.expectZero(name, ArtifactFormat.firstNonZero(bytes, from, at + column - from));
      }
    }
    if (precision.isUnitCodes()) {
      checkLastWords(bytes, entry, dims, name, faults);
    }
    faults.expectZero(
        name,
        ArtifactFormat.firstNonZero(bytes, entry.rowsOffset() + end, entry.rowsBytes() - end));
  }

  /** Bits behind the last dimension, which a kernel may take for a part of the norm. */
  private static void checkLastWords(
      MemorySegment bytes, DirectoryEntry entry, int dims, String name, Faults faults)
      throws ArtifactCorruptException {
    Precision precision = entry.choice().precision();
    long tileBytes = precision.tileBytes(dims);
    int unused = (int) precision.rowBytes(dims) * Byte.SIZE - dims * precision.bits();
    long lastWords = tileBytes - (long) TileOps.TILE_ROWS * Short.BYTES;
    for (long tile = 0; tile < entry.tileCount() && unused > 0; tile++) {
      long at = entry.rowsOffset() + tile * tileBytes + lastWords;
      for (int row = 0; row < TileOps.TILE_ROWS; row++) {
        int word = bytes.get(WORD, at + (long) row * Short.BYTES);
        faults.expectZero(name, (word & ((1 << unused) - 1)) == 0 ? -1 : at);
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
