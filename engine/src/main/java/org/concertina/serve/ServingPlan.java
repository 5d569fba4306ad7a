package org.concertina.serve;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.concertina.artifact.Artifact;
import org.concertina.block.BlockChoice;
import org.concertina.block.BlockShape;
import org.concertina.block.ElasticConfig;
import org.concertina.block.Groups;
import org.concertina.block.PackedElements;
import org.concertina.block.Precision;
import org.concertina.kernel.ScreenOps;
import org.concertina.kernel.TileOps;
import org.concertina.memory.FloatTable;

/**
 * An artifact's directory in the arrays that a request walks: no object per group, no look-up per
 * request.
 *
 * <p>Immutable but for its bounds, the codes of its floats and the norms of its rows, which are
 * thread-safe. Groups with the same block mask share one gathered query. Dropped groups have row
 * numbers, but no rows.
 */
final class ServingPlan {
  static final int TILE_ROWS = TileOps.TILE_ROWS;

  final MemorySegment bytes;
  final BlockShape shape;
  final Groups ranges;
  final int items;
  final int groups;

  /** First row of every group, then the number of items. */
  final int[] starts;

  /** The groups whose rows are there, ascending. */
  final int[] kept;

  final int[] dims;
  final Precision[] precisions;
  final float[] scales;
  final long[] rowsOffsets;

  /** Whether items have a prior; the arrays of priors are empty otherwise. */
  final boolean hasPrior;

  final float[] priorScales;
  final float[] priorBases;

  /** Where each group's codes stand; -1 for a group that has one prior for all rows. */
  final long[] priorOffsets;

  final long[] masks;

  /** Where in the scratch each group's gathered query stands. */
  final long[] queryOffsets;

  /** Every block mask once, and where its gathered query stands. */
  final long[] distinctMasks;

  final long[] distinctOffsets;
  final long queryBytes;

  /** Whether a group's rows can be screened before they are scored, floats if they are coded. */
  final boolean[] screenable;

  /** The rows of floats in bytes; null until somebody has coded them, and never null again. */
  volatile FloatCodes floatCodes;

  /** Norms of rows to screen by; null until somebody has measured them, then never again. */
  volatile RowNorms rowNorms;

  final GroupBounds bounds;

  /**
   * Lays an artifact out.
   *
   * @param screen what rows will be screened by, if that is faster than to score them
   */
  ServingPlan(Artifact artifact, ScreenOps screen) {
    ranges = artifact.info().groups();
    ElasticConfig config = artifact.info().config();
    bytes = artifact.segment();
    shape = config.shape();
    items = ranges.items();
    groups = ranges.count();
    starts = ranges.starts();
    kept = IntStream.range(0, groups).filter(g -> !config.choice(g).isDropped()).toArray();
    dims = new int[groups];
    precisions = new Precision[groups];
    scales = new float[groups];
    rowsOffsets = new long[groups];
    hasPrior = artifact.info().hasPrior();
    priorScales = new float[hasPrior ? groups : 0];
    priorBases = new float[priorScales.length];
    priorOffsets = new long[priorScales.length];
    masks = new long[groups];
    screenable = new boolean[groups];
    queryOffsets = new long[groups];
    List<Long> distinct = new ArrayList<>();
    List<Long> offsets = new ArrayList<>();
    long next = 0;
    for (int g : kept) {
      BlockChoice choice = config.choice(g);
      dims[g] = shape.keptDims(choice);
      precisions[g] = choice.precision();
      scales[g] = artifact.scale(g);
      rowsOffsets[g] = artifact.rowsOffsetBytes(g);
      if (hasPrior) {
        priorScales[g] = artifact.prior(g).scale();
        priorBases[g] = artifact.prior(g).base();
        priorOffsets[g] = artifact.info().priors().isCoded(g) ? artifact.priorOffsetBytes(g) : -1;
      }
      masks[g] = choice.blockMask();
      screenable[g] = screen.screens() && dims[g] <= ScreenOps.MAX_SCREEN_DIMS;
      int known = distinct.indexOf(masks[g]);
      if (known < 0) {
        known = distinct.size();
        distinct.add(masks[g]);
        offsets.add(next);
        next += (long) FloatTable.strideFloats(dims[g]) * Float.BYTES;
      }
      queryOffsets[g] = offsets.get(known);
    }
    distinctMasks = distinct.stream().mapToLong(Long::longValue).toArray();
    distinctOffsets = offsets.stream().mapToLong(Long::longValue).toArray();
    queryBytes = next;
    bounds = new GroupBounds(this);
  }

  /** What a code of the group's rows counts when they are screened; 0 if they are not. */
  float screenScale(int group) {
    if (!screenable[group]) {
      return 0;
    }
    if (precisions[group] != Precision.FP32) {
      return scales[group];
    }
    FloatCodes coded = floatCodes;
    return coded == null ? 0 : coded.scale(group);
  }

  /** Norm of what screening leaves out of the group's rows at most. */
  double screenError(int group) {
    return precisions[group] == Precision.FP32 ? floatCodes.error(group) : 0;
  }

  /** Whether any group's rows can be screened. */
  boolean screensAny() {
    for (boolean group : screenable) {
      if (group) {
        return true;
      }
    }
    return false;
  }

  /** Whether there is a row of this number; there is none in a dropped group. */
  boolean isRow(int row) {
    return row >= 0 && row < items && (kept.length == groups || masks[groupOf(row)] != 0);
  }

  /** Returns the number of a row that is there. */
  int checkRow(int row) {
    if (!isRow(row)) {
      throw new IndexOutOfBoundsException(
          "row: expected 0 to %d, in a group that is kept, got %d".formatted(items - 1, row));
    }
    return row;
  }

  int groupOf(int row) {
    return ranges.groupOf(row);
  }

  /** Offset of the tile that holds a row of the group. */
  long tileOffset(int group, int row) {
    int tile = (row - starts[group]) / TILE_ROWS;
    return rowsOffsets[group] + tile * precisions[group].tileBytes(dims[group]);
  }

  int tileCount(int group) {
    return Math.ceilDiv(starts[group + 1] - starts[group], TILE_ROWS);
  }

  int rowInTile(int group, int row) {
    return (row - starts[group]) % TILE_ROWS;
  }

  /** Element {@code k} of a row as it is stored, without the group's scale or the row's norm. */
  float stored(int group, long tileAt, int rowInTile, int k) {
    return switch (precisions[group]) {
      case FP32 -> PackedElements.fp32(bytes, tileAt, rowInTile, k);
      case INT8 -> PackedElements.int8(bytes, tileAt, rowInTile, k);
      case INT4 -> PackedElements.int4(bytes, tileAt, rowInTile, k);
      case INT2 -> PackedElements.int2(bytes, tileAt, rowInTile, k);
    };
  }

  /** Tiles of the largest group. */
  int mostTiles() {
    return Math.ceilDiv(ranges.maxSize(), TILE_ROWS);
  }

  /** Bytes of a user's vector. */
  long vectorBytes() {
    return (long) shape.dim() * Float.BYTES;
  }

  void checkVector(MemorySegment vector, long offsetBytes) {
    Objects.checkFromIndexSize(offsetBytes, vectorBytes(), vector.byteSize());
  }

  /** The k of top-k, at most the number of rows. */
  int wanted(int k) {
    if (k < 1) {
      throw new IllegalArgumentException("k: expected >= 1, got " + k);
    }
    return Math.min(k, items);
  }

  static void checkRoom(long places, int[] outRows, float[] outScores) {
    if (outRows.length < places || outScores.length < places) {
      throw new IllegalArgumentException(
          "outRows, outScores: expected room for %d, got %d and %d"
              .formatted(places, outRows.length, outScores.length));
    }
  }
}
