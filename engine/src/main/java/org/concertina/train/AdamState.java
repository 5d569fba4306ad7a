package org.concertina.train;

import java.lang.foreign.MemorySegment;
import org.concertina.kernel.AdamStep;
import org.concertina.kernel.VectorOps;
import org.concertina.memory.CappedArena;
import org.concertina.memory.FloatTable;

/**
 * First and second moments of lazy Adam, shaped like the model. Different rows may be updated by
 * different threads.
 *
 * @param userFirst first moments of the users
 * @param userSecond second moments of the users
 * @param itemFirst first moments of the items
 * @param itemSecond second moments of the items
 */
record AdamState(
    FloatTable userFirst, FloatTable userSecond, FloatTable itemFirst, FloatTable itemSecond) {

  static AdamState allocate(CappedArena arena, EmbeddingModel model) {
    long users = model.users().rows();
    long items = model.items().rows();
    int dim = model.items().dim();
    return new AdamState(
        FloatTable.allocate(arena, users, dim, "first moments of the users"),
        FloatTable.allocate(arena, users, dim, "second moments of the users"),
        FloatTable.allocate(arena, items, dim, "first moments of the items"),
        FloatTable.allocate(arena, items, dim, "second moments of the items"));
  }

  void updateUser(
      VectorOps ops, AdamStep step, FloatTable users, int user, MemorySegment g, long gOffset) {
    update(ops, step, users, userFirst, userSecond, user, g, gOffset, users.stride());
  }

  void updateItem(
      VectorOps ops, AdamStep step, FloatTable items, int item, MemorySegment g, long gOffset) {
    update(ops, step, items, itemFirst, itemSecond, item, g, gOffset, items.stride());
  }

  /** Moves the first {@code n} floats of a row. */
  static void update(
      VectorOps ops,
      AdamStep step,
      FloatTable weights,
      FloatTable first,
      FloatTable second,
      int row,
      MemorySegment gradient,
      long gradientOffset,
      int n) {
    long at = weights.rowOffsetBytes(row);
    ops.adamInPlace(
        step,
        weights.segment(),
        at,
        first.segment(),
        at,
        second.segment(),
        at,
        gradient,
        gradientOffset,
        n);
  }
}
