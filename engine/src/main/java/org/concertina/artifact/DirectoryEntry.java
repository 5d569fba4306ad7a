package org.concertina.artifact;

import static org.concertina.artifact.ArtifactFormat.FLOAT;
import static org.concertina.artifact.ArtifactFormat.INT;
import static org.concertina.artifact.ArtifactFormat.LONG;

import java.lang.foreign.MemorySegment;
import org.concertina.block.ArtifactLayout;
import org.concertina.block.BlockChoice;
import org.concertina.block.BlockShape;
import org.concertina.block.Precision;

/**
 * A group's entry in the directory.
 *
 * @param rowsOffset from the start of the file
 * @param rowsBytes padding included
 */
record DirectoryEntry(
    int firstRow, int rows, BlockChoice choice, float scale, long rowsOffset, long rowsBytes) {
  static final int BYTES = ArtifactLayout.DIRECTORY_ENTRY_BYTES;

  private static final int ROWS_AT = 4;
  private static final int MASK_AT = 8;
  private static final int PRECISION_AT = 16;
  private static final int SCALE_AT = 20;
  private static final int OFFSET_AT = 24;
  private static final int BYTES_AT = 32;
  private static final int RESERVED_AT = 40;

  void write(MemorySegment to, long at) {
    to.set(INT, at, firstRow);
    to.set(INT, at + ROWS_AT, rows);
    to.set(LONG, at + MASK_AT, choice.blockMask());
    to.set(INT, at + PRECISION_AT, choice.precision().code());
    to.set(FLOAT, at + SCALE_AT, scale);
    to.set(LONG, at + OFFSET_AT, rowsOffset);
    to.set(LONG, at + BYTES_AT, rowsBytes);
  }

  /** Reads an entry and verifies what needs no other entry. */
  static DirectoryEntry read(
      MemorySegment from, long at, ArtifactHeader header, String name, Faults faults)
      throws ArtifactCorruptException {
    BlockShape shape = header.shape();
    long mask = from.get(LONG, at + MASK_AT);
    if (mask == 0 || (mask & ~shape.fullMask()) != 0) {
      throw faults.corrupt(
          name + " block mask",
          "a part of %x, not 0".formatted(shape.fullMask()),
          "%x".formatted(mask));
    }
    Precision precision = precision(from.get(INT, at + PRECISION_AT), header, name, faults);
    float scale = from.get(FLOAT, at + SCALE_AT);
    if (!(scale > 0 && scale <= Float.MAX_VALUE)) {
      throw faults.corrupt(name + " scale", "a finite number above 0", scale);
    }
    if (precision == Precision.INT4 && scale != 1) {
      throw faults.corrupt(name + " scale", "1 for int4", scale);
    }
    faults.expectZero(
        name + " reserved bytes",
        ArtifactFormat.firstNonZero(from, at + RESERVED_AT, BYTES - RESERVED_AT));
    return new DirectoryEntry(
        from.get(INT, at),
        from.get(INT, at + ROWS_AT),
        new BlockChoice(mask, precision),
        scale,
        from.get(LONG, at + OFFSET_AT),
        from.get(LONG, at + BYTES_AT));
  }

  private static Precision precision(int code, ArtifactHeader header, String name, Faults faults)
      throws ArtifactCorruptException {
    try {
      Precision precision = Precision.ofCode(code);
      if (ArtifactFormat.versionOf(precision) <= header.version()) {
        return precision;
      }
    } catch (IllegalArgumentException unknown) {
      ArtifactCorruptException corrupt =
          faults.corrupt(name + " precision code", "a known code", code);
      corrupt.initCause(unknown);
      throw corrupt;
    }
    throw faults.corrupt(
        name + " precision code", "a code of format version " + header.version(), code);
  }
}
