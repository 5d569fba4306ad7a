package org.concertina.train;

import java.lang.foreign.MemorySegment;
import org.concertina.kernel.CounterRandom;
import org.concertina.memory.CappedArena;
import org.concertina.memory.FloatTable;

/**
 * User and item embeddings, {@code users x dim} and {@code items x dim}; items by popularity rank.
 *
 * <p>A view: the arena that allocated the tables owns them. Readers may share it; training writes
 * it.
 *
 * @param users user table
 * @param items item table, the block table
 */
public record EmbeddingModel(FloatTable users, FloatTable items) {
  private static final double INITIAL_DEVIATION = 0.1;

  /** Allocates zeroed tables. */
  public static EmbeddingModel allocate(CappedArena arena, int users, int items, int dim) {
    return new EmbeddingModel(
        FloatTable.allocate(arena, users, dim, "user embeddings"),
        FloatTable.allocate(arena, items, dim, "item embeddings"));
  }

  /** Fills both tables with normal noise of a seed. */
  void initialize(long seed) {
    fill(users, CounterRandom.key(seed, 1));
    fill(items, CounterRandom.key(seed, 2));
  }

  private static void fill(FloatTable table, long key) {
    for (long row = 0; row < table.rows(); row++) {
      for (int d = 0; d < table.dim(); d++) {
        double noise = CounterRandom.gaussian(key, row * table.dim() + d);
        table.set(row, d, (float) (INITIAL_DEVIATION * noise));
      }
    }
  }

  /** Copies the other model's values into this one. */
  void copyFrom(EmbeddingModel other) {
    MemorySegment.copy(other.users.segment(), 0, users.segment(), 0, users.segment().byteSize());
    MemorySegment.copy(other.items.segment(), 0, items.segment(), 0, items.segment().byteSize());
  }
}
