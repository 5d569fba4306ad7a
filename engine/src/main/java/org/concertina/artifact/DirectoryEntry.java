package org.concertina.artifact;

import static org.concertina.artifact.ArtifactFormat.FLOAT;
import static org.concertina.artifact.ArtifactFormat.INT;
import static org.concertina.artifact.ArtifactFormat.LONG;

import java.lang.foreign.MemorySegment;
import org.concertina.block.ArtifactLayout;
import org.concertina.block.BlockChoice;
import org.concertina.block.BlockShape;
import org.concertina.block.GroupPrior;
import org.concertina.block.Precision;
import org.concertina.kernel.TileOps;

/**
 * A group's entry in the directory.
 *
 * @param rowsOffset from the start of the file
 * @param rowsBytes of the tiles, padding included
 * @param scale dot product to score; 1 for a dropped group, which has neither
 * @param prior how to decode the group's prior, null if items have none; zeros for a dropped group
 * @param priorOffset from the start of the file, 0 if items have no prior
 * @param priorBytes of the prior's codes, padding included; 0 if the group keeps none
 */
record DirectoryEntry(
    int firstRow,
    int rows,
    BlockChoice choice,
    float scale,
    long rowsOffset,
    long rowsBytes,
    GroupPrior prior,
    long priorOffset,
    long priorBytes) {
  static final int BYTES = ArtifactLayout.DIRECTORY_ENTRY_BYTES;

  private static final int ROWS_AT = 4;
  private static final int MASK_AT = 8;
  private static final int PRECISION_AT = 16;
  private static final int SCALE_AT = 20;
  private static final int OFFSET_AT = 24;
  private static final int BYTES_AT = 32;
  private static final int PRIOR_OFFSET_AT = 40;
  private static final int PRIOR_SCALE_AT = 48;
  private static final int PRIOR_BASE_AT = 52;
  private static final int RESERVED_AT = 56;

  /** Where reserved bytes begin in the entries of a file without a prior. */
  private static final int RESERVED_WITHOUT_PRIOR_AT = PRIOR_OFFSET_AT;

  void write(MemorySegment to, long at) {
    to.set(INT, at, firstRow);
    to.set(INT, at + ROWS_AT, rows);
    to.set(LONG, at + MASK_AT, choice.blockMask());
    to.set(INT, at + PRECISION_AT, code());
    to.set(FLOAT, at + SCALE_AT, scale);
    to.set(LONG, at + OFFSET_AT, rowsOffset);
    to.set(LONG, at + BYTES_AT, rowsBytes);
    if (prior != null) {
      to.set(LONG, at + PRIOR_OFFSET_AT, priorOffset);
      to.set(FLOAT, at + PRIOR_SCALE_AT, prior.scale());
      to.set(FLOAT, at + PRIOR_BASE_AT, prior.base());
    }
  }

  private int code() {
    return choice.isDropped() ? ArtifactFormat.DROPPED_CODE : choice.precision().code();
  }

  /** Reads an entry and verifies what needs no other entry. */
  static DirectoryEntry read(
      MemorySegment from, long at, ArtifactHeader header, String name, Faults faults)
      throws ArtifactCorruptException {
    BlockShape shape = header.shape();
    long mask = from.get(LONG, at + MASK_AT);
    boolean mayDrop = header.version() >= ArtifactFormat.DROPPED_VERSION;
    if ((mask == 0 && !mayDrop) || (mask & ~shape.fullMask()) != 0) {
      throw faults.corrupt(
          name + " block mask",
          "a part of %x%s".formatted(shape.fullMask(), mayDrop ? "" : ", not 0"),
          "%x".formatted(mask));
    }
    BlockChoice choice = choice(mask, from.get(INT, at + PRECISION_AT), header, name, faults);
    float scale = from.get(FLOAT, at + SCALE_AT);
    if (!(scale > 0 && scale <= Float.MAX_VALUE)) {
      throw faults.corrupt(name + " scale", "a finite number above 0", scale);
    }
    if ((choice.isDropped() || choice.precision().isUnitCodes()) && scale != 1) {
      throw faults.corrupt(name + " scale", "1 for int4, int2 and a dropped group", scale);
    }
    int reservedAt = header.hasPrior() ? RESERVED_AT : RESERVED_WITHOUT_PRIOR_AT;
    faults.expectZero(
        name + " reserved bytes",
        ArtifactFormat.firstNonZero(from, at + reservedAt, BYTES - reservedAt));
    int rows = from.get(INT, at + ROWS_AT);
    GroupPrior prior = header.hasPrior() ? prior(from, at, name, faults) : null;
    if (choice.isDropped() && prior != null && (prior.scale() != 0 || prior.base() != 0)) {
      throw faults.corrupt(name + " prior", "zeros for a dropped group", prior);
    }
    return new DirectoryEntry(
        from.get(INT, at),
        rows,
        choice,
        scale,
        from.get(LONG, at + OFFSET_AT),
        from.get(LONG, at + BYTES_AT),
        prior,
        from.get(LONG, at + PRIOR_OFFSET_AT),
        isCoded(prior, header) ? codesBytes(rows) : 0);
  }

  private static GroupPrior prior(MemorySegment from, long at, String name, Faults faults)
      throws ArtifactCorruptException {
    float scale = from.get(FLOAT, at + PRIOR_SCALE_AT);
    float base = from.get(FLOAT, at + PRIOR_BASE_AT);
    if (!GroupPrior.isSound(scale, base)) {
      throw faults.corrupt(
          name + " prior", "a scale and a base of finite priors", scale + " and " + base);
    }
    return new GroupPrior(scale, base);
  }

  /** A scale of 0 says that there are no codes, but once there were always some. */
  private static boolean isCoded(GroupPrior prior, ArtifactHeader header) {
    return prior != null
        && (prior.scale() != 0 || header.version() < ArtifactFormat.UNCODED_PRIORS_VERSION);
  }

  private static long codesBytes(int rows) {
    return ArtifactLayout.align(tileCount(rows) * TileOps.TILE_ROWS);
  }

  /** Tiles of 16 rows. */
  long tileCount() {
    return tileCount(rows);
  }

  private static long tileCount(int rows) {
    return Math.ceilDiv((long) rows, TileOps.TILE_ROWS);
  }

  private static BlockChoice choice(
      long mask, int code, ArtifactHeader header, String name, Faults faults)
      throws ArtifactCorruptException {
    if (mask != 0) {
      return new BlockChoice(mask, precision(code, header, name, faults));
    }
    faults.expectEqual(name + " precision code", ArtifactFormat.DROPPED_CODE, code);
    return BlockChoice.DROPPED;
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
