package org.concertina.judge;

import java.lang.foreign.MemorySegment;
import java.util.List;
import org.concertina.block.BlockChoice;
import org.concertina.block.BlockShape;
import org.concertina.block.RowOrder;
import org.concertina.interaction.InteractionMatrix;
import org.concertina.kernel.VectorOps;
import org.concertina.kernel.WorkerPool;
import org.concertina.memory.CappedArena;
import org.concertina.memory.FloatTable;
import org.concertina.metric.TopK;

/**
 * Makes {@link GroupList}s: packs the group as a device would, and selects the top-K of every
 * judged user.
 *
 * <p>Where users have floors and kernels screen, rows that cannot reach a user's floor are ruled
 * out first, and of complete lists after a group's first those that are far below a guess of the
 * K-th; else all rows are scored.
 */
final class GroupListBuilder {
  private static final int TILE_USERS = GroupScores.TILE_USERS;

  private final WorkerPool pool;
  private final JudgedUsers users;
  private final InteractionMatrix relevant;
  private final List<InteractionMatrix> excluded;
  private final int[] judged;
  private final PackedGroup packed;
  private final GroupScores.Panels panels;

  /** Null if kernels do not screen. */
  private final ScreenedGroup screened;

  private final RelevantRows relevantRows;
  private final Worker[] workers;
  private final ListStage stage;

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
    this.pool = pool;
    this.users = new JudgedUsers(arena, ops.rows(), pool, users, shape, judged, prior != null);
    this.relevant = relevant;
    this.excluded = excluded;
    this.judged = judged;
    int largest = order.groups().maxSize();
    this.packed = new PackedGroup(arena, pool, items, prior, shape, order);
    this.panels = new GroupScores.Panels(arena, packed, largest, shape.dim());
    this.screened =
        ops.screen().screens()
            ? new ScreenedGroup(arena, ops.screen(), pool, packed, largest, shape.dim())
            : null;
    this.relevantRows = new RelevantRows(order, relevant, excluded, judged);
    this.stage = new ListStage(arena, judged.length, k, TILE_USERS);
    this.workers = new Worker[pool.threads()];
    for (int w = 0; w < workers.length; w++) {
      workers[w] = new Worker(arena, ops, order, largest, shape.dim(), k);
    }
  }

  /**
   * Fills the stage with the lists of a group under a choice, until the next call.
   *
   * @param floors what entries have to reach, by judged user, NaN where none matters; null for
   *     complete lists
   * @param like the complete lists of the same group under another choice, which tell about where
   *     those of this one end; may be null
   */
  ListStage fill(int group, BlockChoice choice, float[] floors, GroupList like) {
    packed.pack(group, choice);
    boolean screens = (floors != null || like != null) && screened != null && screened.fill();
    if (!screens) {
      panels.transpose();
    }
    pool.run(
        stage.tiles(), (tile, worker) -> workers[worker].fillTile(tile, screens, floors, like));
    return stage;
  }

  /** Tells floors the scores of all relevant items of a group under a choice. */
  void scoreRelevant(int group, BlockChoice choice, Floors floors) {
    packed.pack(group, choice, relevantRows.distinct(group));
    workers[0].scoreRelevant(group, choice, floors);
  }

  private final class Worker {
    private final MemorySegment gathered;
    private final GroupScores scores;
    private final ScreenedUser screenedUser;
    private final TopK[] best = new TopK[TILE_USERS];
    private final RowSet[] leftOut = new RowSet[TILE_USERS];
    private final int[] ordinals = new int[TILE_USERS];
    private final float[] floorOf = new float[TILE_USERS];
    private final RowSet found;

    Worker(CappedArena arena, VectorOps ops, RowOrder order, int largest, int dim, int k) {
      gathered = arena.allocateFloats(dim, "judge: gathered user");
      scores = new GroupScores(arena, ops, packed, panels, largest, dim, k);
      screenedUser =
          screened == null
              ? null
              : new ScreenedUser(arena, ops.screen(), packed, screened, largest, dim);
      for (int i = 0; i < TILE_USERS; i++) {
        best[i] = new TopK(k);
        leftOut[i] = new RowSet(order, largest);
      }
      found = new RowSet(order, largest);
    }

    void fillTile(int tile, boolean screens, float[] floors, GroupList like) {
      stage.begin(tile);
      int asked = askTile(tile, floors);
      if (screens) {
        for (int i = 0; i < asked; i++) {
          users.gather(ordinals[i], packed.mask, gathered);
          if (floors == null) {
            offerLike(like, i);
          } else {
            screenedUser.offer(gathered, floorOf[i], leftOut[i], best[i]);
          }
        }
      } else {
        for (int i = 0; i < asked; i++) {
          users.gather(ordinals[i], packed.mask, gathered);
          scores.set(i, gathered);
        }
        scores.offer(asked, leftOut, floorOf, best);
      }
      for (int i = 0; i < asked; i++) {
        best[i].sortInPlace();
        found.clear();
        found.add(relevant, judged[ordinals[i]], packed.start, packed.size);
        stage.append(tile, ordinals[i], best[i], found, packed.start);
      }
    }

    /** Offers what reaches a guess of the K-th score, and all rows if those are fewer than K. */
    private void offerLike(GroupList like, int i) {
      float guess = like.guessOfLast(ordinals[i]);
      if (guess > Float.NEGATIVE_INFINITY) {
        screenedUser.offer(gathered, guess, leftOut[i], best[i]);
      }
      if (best[i].size() < best[i].limit()) {
        best[i].reset();
        screenedUser.offer(gathered, Float.NEGATIVE_INFINITY, leftOut[i], best[i]);
      }
    }

    /** Prepares for those users of a tile whose lists matter; returns how many they are. */
    private int askTile(int tile, float[] floors) {
      int asked = 0;
      int end = Math.min((tile + 1) * TILE_USERS, judged.length);
      for (int ordinal = tile * TILE_USERS; ordinal < end; ordinal++) {
        float floor = floors == null ? Float.NEGATIVE_INFINITY : floors[ordinal];
        if (!Float.isNaN(floor)) {
          ordinals[asked] = ordinal;
          floorOf[asked] = floor;
          best[asked].reset();
          leftOut[asked].clear();
          for (InteractionMatrix matrix : excluded) {
            leftOut[asked].add(matrix, judged[ordinal], packed.start, packed.size);
          }
          asked++;
        }
      }
      return asked;
    }

    void scoreRelevant(int group, BlockChoice choice, Floors floors) {
      int[] row = new int[1];
      float[] score = new float[1];
      for (int pair = 0; pair < relevantRows.count(group); pair++) {
        int ordinal = relevantRows.user(group, pair);
        users.gather(ordinal, packed.mask, gathered);
        row[0] = relevantRows.row(group, pair);
        packed.score(gathered, row, 1, score);
        floors.addRelevant(choice, ordinal, score[0]);
      }
    }
  }
}
