package org.concertina.interaction;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import org.concertina.memory.CappedArena;

/**
 * The parsed pairs of one file under provisional indices, in file order, in off-heap chunks that
 * the arena owns. Not thread-safe.
 */
final class PairBuffer implements SplitParser.Sink {
  private static final int CHUNK_PAIRS = 1 << 16;

  private final CappedArena arena;
  private final IdIndex userIndex;
  private final IdIndex itemIndex;
  private final List<MemorySegment> chunks = new ArrayList<>();
  private MemorySegment last = MemorySegment.NULL;
  private int lastPairs = CHUNK_PAIRS;
  private long currentUser;

  PairBuffer(CappedArena arena, IdIndex userIndex, IdIndex itemIndex) {
    this.arena = arena;
    this.userIndex = userIndex;
    this.itemIndex = itemIndex;
  }

  /** Begins a line; the user enters the index even if no item follows. */
  @Override
  public void beginLine(int userId) {
    currentUser = (long) userIndex.indexOf(userId) << Integer.SIZE;
  }

  @Override
  public void addItem(int itemId) {
    if (lastPairs == CHUNK_PAIRS) {
      last = arena.allocateLongs(CHUNK_PAIRS, "parsed interactions");
      chunks.add(last);
      lastPairs = 0;
    }
    last.setAtIndex(ValueLayout.JAVA_LONG, lastPairs++, currentUser | itemIndex.indexOf(itemId));
  }

  long size() {
    return chunks.isEmpty() ? 0 : (chunks.size() - 1L) * CHUNK_PAIRS + lastPairs;
  }

  /** Chunks of pairs; all but the last are full. */
  int chunkCount() {
    return chunks.size();
  }

  int chunkPairs(int chunk) {
    return chunk == chunks.size() - 1 ? lastPairs : CHUNK_PAIRS;
  }

  /** A pair: the user's index in the upper 32 bits, the item's in the lower. */
  long pair(int chunk, int position) {
    return chunks.get(chunk).getAtIndex(ValueLayout.JAVA_LONG, position);
  }
}
