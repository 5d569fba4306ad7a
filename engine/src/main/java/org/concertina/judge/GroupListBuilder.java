package org.concertina.judge;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.List;
import org.concertina.block.BlockChoice;
import org.concertina.block.BlockShape;
import org.concertina.block.GroupPacker;
import org.concertina.block.GroupPrior;
import org.concertina.block.Groups;
import org.concertina.block.RowOrder;
import org.concertina.block.UnitUser;
import org.concertina.interaction.InteractionMatrix;
import org.concertina.kernel.MatmulOps;
import org.concertina.kernel.RowOps;
import org.concertina.kernel.ScanOps;
import org.concertina.kernel.Transpose;
import org.concertina.kernel.VectorOps;
import org.concertina.kernel.WorkerPool;
import org.concertina.memory.CappedArena;
import org.concertina.memory.FloatTable;
import org.concertina.metric.ScoreScan;
import org.concertina.metric.TopK;

/**
 * Computes {@link GroupList}s: packs the group as a device would, scores every judged user, keeps
 * the top-K.
 */
final class GroupListBuilder {
  /** Their scores of a group of 2,000 rows, 100 kB, stay in the L2 cache until they are scanned. */
  private static final int TILE_USERS = 12;

  private static final int PANEL_ROWS = 512;

  /** Scores of so many rows wait for a selection: the more, the fewer of them enter it in vain. */
  private static final int SPAN_ROWS = 8 * PANEL_ROWS;

  private final RowOps rowOps;
  private final MatmulOps matmulOps;
  private final ScanOps scanOps;
  private final WorkerPool pool;
  private final FloatTable users;
  private final FloatTable items;
  private final MemorySegment prior;
  private final BlockShape shape;
  private final RowOrder order;
  private final InteractionMatrix relevant;
  private final List<InteractionMatrix> excluded;
  private final int[] judged;
  private final int k;
  private final MemorySegment values;
  private final MemorySegment panels;
  private final MemorySegment factors;
  private final MemorySegment codes;
  private final int spanRows;
  private final Worker[] workers;

  GroupListBuilder(
      CappedArena arena,
      VectorOps ops,
      WorkerPool pool,
      FloatTable users,
      FloatTable items,
      MemorySegment prior,
      BlockShape shape,
      RowOrder order,
      InteractionMatrix relevant,
      List<InteractionMatrix> excluded,
      int[] judged,
      int k) {
    this.rowOps = ops.rows();
    this.matmulOps = ops.matmul();
    this.scanOps = ops.scan();
    this.pool = pool;
    this.users = users;
    this.items = items;
    this.prior = prior;
    this.shape = shape;
    this.order = order;
    this.relevant = relevant;
    this.excluded = excluded;
    this.judged = judged;
    this.k = k;
    Groups groups = order.groups();
    int largest = groups.maxSize();
    long padded = (largest + PANEL_ROWS - 1L) / PANEL_ROWS * PANEL_ROWS;
    this.spanRows = (int) Math.min(padded, SPAN_ROWS);
    this.values = arena.allocateFloats((long) largest * shape.dim(), "judge: packed group");
    this.panels = arena.allocateFloats(padded * shape.dim(), "judge: group panels");
    this.factors = arena.allocateFloats(largest, "judge: factors of the packed rows");
    this.codes = prior == null ? null : arena.allocate(largest, "judge: prior of the group");
    this.workers = new Worker[pool.threads()];
    for (int w = 0; w < workers.length; w++) {
      workers[w] = new Worker(arena);
    }
  }

  /**
   * How the packed rows of a group become scores.
   *
   * @param scale factor of every dot product, unless rows have factors of their own
   * @param prior how {@link #codes} are decoded, or null
   */
  private record Packed(
      int start, int size, long mask, int kept, float scale, boolean byRow, GroupPrior prior) {}

  private Packed pack(int group, BlockChoice choice) {
    Groups groups = order.groups();
    int size = groups.size(group);
    int kept = shape.keptDims(choice);
    boolean byRow = choice.precision().isUnitCodes();
    pool.run(
        Math.ceilDiv(size, PANEL_ROWS),
        (panel, _) -> {
          int first = panel * PANEL_ROWS;
          int end = Math.min(size, first + PANEL_ROWS);
          GroupPacker.packRows(items, shape, order, group, choice, first, end, values, 0);
          if (byRow) {
            long at = (long) first * kept * Float.BYTES;
            long factorsAt = (long) first * Float.BYTES;
            GroupPacker.rowFactors(values, at, end - first, kept, factors, factorsAt);
          }
        });
    float scale = GroupPacker.scaleInPlace(choice.precision(), values, 0, (long) size * kept);
    GroupPrior decoding = prior == null ? null : GroupPrior.pack(prior, order, group, codes, 0);
    return new Packed(groups.start(group), size, choice.blockMask(), kept, scale, byRow, decoding);
  }

  /**
   * Fills a list for a group under a choice.
   *
   * @param floors what entries have to reach; null for a complete list
   */
  void fill(GroupList list, int group, BlockChoice choice, Floors floors) {
    Packed packed = pack(group, choice);
    int size = packed.size;
    int kept = packed.kept;
    for (int first = 0; first < size; first += PANEL_ROWS) {
      Transpose.transpose(
          Math.min(PANEL_ROWS, size - first),
          kept,
          values,
          (long) first * kept * Float.BYTES,
          kept,
          panels,
          (long) first * kept * Float.BYTES,
          PANEL_ROWS);
    }
    int tiles = (judged.length + TILE_USERS - 1) / TILE_USERS;
    int[][] hitUsers = new int[tiles][];
    byte[][] hitPositions = new byte[tiles][];
    pool.run(
        tiles,
        (tile, worker) -> {
          Worker w = workers[worker];
          w.fillTile(list, tile * TILE_USERS, packed, floors);
          hitUsers[tile] = Arrays.copyOf(w.hitUsers, w.hits);
          hitPositions[tile] = Arrays.copyOf(w.hitPositions, w.hits);
        });
    int total = 0;
    for (int[] part : hitUsers) {
      total += part.length;
    }
    int[] allUsers = new int[total];
    byte[] allPositions = new byte[total];
    int at = 0;
    for (int tile = 0; tile < tiles; tile++) {
      System.arraycopy(hitUsers[tile], 0, allUsers, at, hitUsers[tile].length);
      System.arraycopy(hitPositions[tile], 0, allPositions, at, hitPositions[tile].length);
      at += hitUsers[tile].length;
    }
    list.setHits(allUsers, allPositions);
  }

  private final class Worker {
    /** Null if items have no prior. */
    private final UnitUser unitUser;

    private final MemorySegment gathered;
    private final MemorySegment userTile;
    private final MemorySegment scores;
    private final ScoreScan scan;
    private final TopK[] best = new TopK[TILE_USERS];
    private final int[] hitUsers = new int[TILE_USERS * k];
    private final byte[] hitPositions = new byte[TILE_USERS * k];
    private int hits;

    Worker(CappedArena arena) {
      unitUser = prior == null ? null : new UnitUser(arena, rowOps, shape);
      gathered = arena.allocateFloats(shape.dim(), "judge: gathered user");
      userTile = arena.allocateFloats((long) shape.dim() * TILE_USERS, "judge: user tile");
      scores = arena.allocateFloats((long) TILE_USERS * spanRows, "judge: score tile");
      scan = new ScoreScan(scanOps, arena, k);
      for (int i = 0; i < TILE_USERS; i++) {
        best[i] = new TopK(k);
      }
    }

    void fillTile(GroupList list, int first, Packed packed, Floors floors) {
      int start = packed.start;
      int size = packed.size;
      int kept = packed.kept;
      int count = Math.min(TILE_USERS, judged.length - first);
      for (int i = 0; i < count; i++) {
        best[i].reset();
        gather(judged[first + i], packed.mask);
        Transpose.transpose(
            1, kept, gathered, 0, kept, userTile, (long) i * Float.BYTES, TILE_USERS);
      }
      for (int row = 0; row < size; row += spanRows) {
        int width = Math.min(spanRows, size - row);
        multiply(count, row, width, kept);
        for (int i = 0; i < count; i++) {
          long at = (long) i * spanRows * Float.BYTES;
          toScores(packed, row, width, at);
          for (InteractionMatrix matrix : excluded) {
            mask(matrix, judged[first + i], start, size, row, width, at);
          }
          float floor = floors == null ? Float.NEGATIVE_INFINITY : floors.of(first + i);
          if (floor == Float.NEGATIVE_INFINITY) {
            scan.offer(best[i], start + row, scores, at, width);
          } else {
            scan.offerFrom(floor, best[i], start + row, scores, at, width);
          }
        }
      }
      hits = 0;
      for (int i = 0; i < count; i++) {
        write(list, first + i, best[i]);
      }
    }

    private void multiply(int count, int firstRow, int rows, int kept) {
      scores.fill((byte) 0);
      for (int panel = 0; panel < rows; panel += PANEL_ROWS) {
        matmulOps.matmulAdd(
            count,
            Math.min(PANEL_ROWS, rows - panel),
            kept,
            userTile,
            0,
            1,
            TILE_USERS,
            panels,
            (long) (firstRow + panel) * kept * Float.BYTES,
            PANEL_ROWS,
            scores,
            (long) panel * Float.BYTES,
            spanRows);
      }
    }

    private void gather(int user, long mask) {
      long at = users.rowOffsetBytes(user);
      if (unitUser == null) {
        GroupPacker.gatherUser(users.segment(), at, shape, mask, gathered, 0);
      } else {
        GroupPacker.gatherUser(unitUser.of(users.segment(), at), 0, shape, mask, gathered, 0);
      }
    }

    private void toScores(Packed packed, int row, int width, long at) {
      if (packed.byRow) {
        rowOps.multiplyInPlace(factors, (long) row * Float.BYTES, scores, at, width);
      } else if (packed.scale != 1f) {
        rowOps.scaleInPlace(packed.scale, scores, at, width);
      }
      if (packed.prior != null) {
        rowOps.addCodesInPlace(
            packed.prior.scale(), packed.prior.base(), codes, row, scores, at, width);
      }
    }

    private void mask(
        InteractionMatrix matrix, int user, int start, int size, int row, int width, long at) {
      long end = matrix.end(user);
      for (long p = matrix.lowerBound(user, start); p < end; p++) {
        int item = matrix.itemAt(p);
        if (item >= start + size) {
          return;
        }
        int column = order.rowOfItem(item) - start - row;
        if (column >= 0 && column < width) {
          scores.set(
              ValueLayout.JAVA_FLOAT, at + (long) column * Float.BYTES, Float.NEGATIVE_INFINITY);
        }
      }
    }

    private void write(GroupList list, int ordinal, TopK top) {
      top.sortInPlace();
      int user = judged[ordinal];
      for (int position = 0; position < k; position++) {
        if (position >= top.size()) {
          list.set(ordinal, position, Float.NEGATIVE_INFINITY, -1);
          continue;
        }
        int row = top.id(position);
        list.set(ordinal, position, top.score(position), row);
        if (relevant.contains(user, order.itemAtRow(row))) {
          hitUsers[hits] = ordinal;
          hitPositions[hits++] = (byte) position;
        }
      }
    }
  }
}
