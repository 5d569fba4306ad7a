package org.concertina.judge;

import java.lang.foreign.MemorySegment;
import org.concertina.block.BlockShape;
import org.concertina.block.GroupPacker;
import org.concertina.block.UnitUser;
import org.concertina.kernel.RowOps;
import org.concertina.kernel.WorkerPool;
import org.concertina.memory.CappedArena;
import org.concertina.memory.FloatTable;

/**
 * The vectors that judged users are ranked by, in their order. Thread-safe; the arena owns them.
 */
final class JudgedUsers {
  private static final int TASK_USERS = 512;

  private final BlockShape shape;
  private final FloatTable vectors;

  /**
   * Copies them.
   *
   * @param unit whether they are divided by their norms, as they must be if items have a prior
   */
  JudgedUsers(
      CappedArena arena,
      RowOps ops,
      WorkerPool pool,
      FloatTable users,
      BlockShape shape,
      int[] judged,
      boolean unit) {
    this.shape = shape;
    this.vectors = FloatTable.allocate(arena, judged.length, shape.dim(), "judge: users");
    UnitUser[] units = new UnitUser[pool.threads()];
    for (int w = 0; unit && w < units.length; w++) {
      units[w] = new UnitUser(arena, ops, shape);
    }
    long bytes = (long) shape.dim() * Float.BYTES;
    pool.run(
        Math.ceilDiv(judged.length, TASK_USERS),
        (task, worker) -> {
          int end = Math.min(judged.length, (task + 1) * TASK_USERS);
          for (int ordinal = task * TASK_USERS; ordinal < end; ordinal++) {
            long at = users.rowOffsetBytes(judged[ordinal]);
            MemorySegment from = unit ? units[worker].of(users.segment(), at) : users.segment();
            MemorySegment.copy(
                from, unit ? 0 : at, vectors.segment(), vectors.rowOffsetBytes(ordinal), bytes);
          }
        });
  }

  /** Copies the chosen blocks of a judged user's vector side by side. */
  void gather(int ordinal, long blockMask, MemorySegment gathered) {
    GroupPacker.gatherUser(
        vectors.segment(), vectors.rowOffsetBytes(ordinal), shape, blockMask, gathered, 0);
  }
}
