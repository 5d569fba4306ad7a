package org.concertina.judge;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.List;
import org.concertina.block.BlockChoice;
import org.concertina.block.BlockShape;
import org.concertina.block.GroupPacker;
import org.concertina.block.Groups;
import org.concertina.block.Precision;
import org.concertina.block.RowOrder;
import org.concertina.interaction.InteractionMatrix;
import org.concertina.kernel.Transpose;
import org.concertina.kernel.VectorOps;
import org.concertina.kernel.WorkerPool;
import org.concertina.memory.CappedArena;
import org.concertina.memory.FloatTable;
import org.concertina.metric.TopK;

/**
 * Computes {@link GroupList}s: packs the group as a device would, scores every judged user, keeps
 * the top-K.
 */
final class GroupListBuilder {
  private static final int TILE_USERS = 48;
  private static final int PANEL_ROWS = 512;

  private final VectorOps ops;
  private final WorkerPool pool;
  private final FloatTable users;
  private final FloatTable items;
  private final BlockShape shape;
  private final RowOrder order;
  private final InteractionMatrix relevant;
  private final List<InteractionMatrix> excluded;
  private final int[] judged;
  private final int k;
  private final MemorySegment values;
  private final MemorySegment panels;
  private final MemorySegment factors;
  private final Worker[] workers;

  GroupListBuilder(
      CappedArena arena,
      VectorOps ops,
      WorkerPool pool,
      FloatTable users,
      FloatTable items,
      BlockShape shape,
      RowOrder order,
      InteractionMatrix relevant,
      List<InteractionMatrix> excluded,
      int[] judged,
      int k) {
    this.ops = ops;
    this.pool = pool;
    this.users = users;
    this.items = items;
    this.shape = shape;
    this.order = order;
    this.relevant = relevant;
    this.excluded = excluded;
    this.judged = judged;
    this.k = k;
    Groups groups = order.groups();
    int largest = 0;
    for (int g = 0; g < groups.count(); g++) {
      largest = Math.max(largest, groups.size(g));
    }
    long padded = (largest + PANEL_ROWS - 1L) / PANEL_ROWS * PANEL_ROWS;
    this.values = arena.allocateFloats((long) largest * shape.dim(), "judge: packed group");
    this.panels = arena.allocateFloats(padded * shape.dim(), "judge: group panels");
    this.factors = arena.allocateFloats(largest, "judge: factors of the packed rows");
    this.workers = new Worker[pool.threads()];
    for (int w = 0; w < workers.length; w++) {
      workers[w] = new Worker(arena);
    }
  }

  /** Fills a list for a group under a choice. */
  void fill(GroupList list, int group, BlockChoice choice) {
    Groups groups = order.groups();
    int start = groups.start(group);
    int size = groups.size(group);
    int kept = shape.keptDims(choice);
    float scale = GroupPacker.pack(items, shape, order, group, choice, values, 0);
    boolean byRow = choice.precision() == Precision.INT4;
    if (byRow) {
      GroupPacker.rowFactors(values, 0, size, kept, factors, 0);
    }
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
          w.fillTile(list, tile * TILE_USERS, start, size, choice.blockMask(), kept, scale, byRow);
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
    private final MemorySegment gathered;
    private final MemorySegment userTile;
    private final MemorySegment scores;
    private final TopK[] best = new TopK[TILE_USERS];
    private final int[] hitUsers = new int[TILE_USERS * k];
    private final byte[] hitPositions = new byte[TILE_USERS * k];
    private int hits;

    Worker(CappedArena arena) {
      gathered = arena.allocateFloats(shape.dim(), "judge: gathered user");
      userTile = arena.allocateFloats((long) shape.dim() * TILE_USERS, "judge: user tile");
      scores = arena.allocateFloats((long) TILE_USERS * PANEL_ROWS, "judge: score tile");
      for (int i = 0; i < TILE_USERS; i++) {
        best[i] = new TopK(k);
      }
    }

    void fillTile(
        GroupList list,
        int first,
        int start,
        int size,
        long mask,
        int kept,
        float scale,
        boolean byRow) {
      int count = Math.min(TILE_USERS, judged.length - first);
      for (int i = 0; i < count; i++) {
        best[i].reset();
        long user = users.rowOffsetBytes(judged[first + i]);
        GroupPacker.gatherUser(users.segment(), user, shape, mask, gathered, 0);
        Transpose.transpose(
            1, kept, gathered, 0, kept, userTile, (long) i * Float.BYTES, TILE_USERS);
      }
      for (int row = 0; row < size; row += PANEL_ROWS) {
        int width = Math.min(PANEL_ROWS, size - row);
        scores.fill((byte) 0);
        ops.matmulAdd(
            count,
            width,
            kept,
            userTile,
            0,
            1,
            TILE_USERS,
            panels,
            (long) row * kept * Float.BYTES,
            PANEL_ROWS,
            scores,
            0,
            PANEL_ROWS);
        for (int i = 0; i < count; i++) {
          long at = (long) i * PANEL_ROWS * Float.BYTES;
          if (byRow) {
            ops.multiplyInPlace(factors, (long) row * Float.BYTES, scores, at, width);
          } else if (scale != 1f) {
            ops.scaleInPlace(scale, scores, at, width);
          }
          for (InteractionMatrix matrix : excluded) {
            mask(matrix, judged[first + i], start, size, row, width, at);
          }
          select(best[i], start + row, width, at);
        }
      }
      hits = 0;
      for (int i = 0; i < count; i++) {
        write(list, first + i, best[i]);
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

    private void select(TopK top, int firstRow, int width, long at) {
      int i = ops.indexAbove(top.threshold(), scores, at, 0, width);
      while (i < width) {
        top.offer(scores.get(ValueLayout.JAVA_FLOAT, at + (long) i * Float.BYTES), firstRow + i);
        i = ops.indexAbove(top.threshold(), scores, at, i + 1, width);
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
