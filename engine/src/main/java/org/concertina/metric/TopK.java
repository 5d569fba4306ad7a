package org.concertina.metric;

import java.util.Objects;

/**
 * Selects the k best of a stream of scored ids: higher score first, equal scores by lower id.
 *
 * <p>Allocates nothing after construction. An offer below the threshold costs one comparison, any
 * other O(log k). Zero and negative zero are equal; negative infinity is a score like another; NaN
 * is never accepted. Not thread-safe.
 *
 * <p>An entry is one long, the score's bits in an order-preserving form above the complement of the
 * id, so that a single comparison of longs ranks by score and then by id.
 */
public final class TopK {
  private final long[] heap;
  private int limit;
  private int size;
  private boolean sorted;
  private float threshold = Float.NEGATIVE_INFINITY;

  /**
   * @param capacity the k of top-k, at least 1
   */
  public TopK(int capacity) {
    if (capacity < 1) {
      throw new IllegalArgumentException("capacity: expected >= 1, got " + capacity);
    }
    heap = new long[capacity];
    limit = capacity;
  }

  /** The largest k of top-k. */
  public int capacity() {
    return heap.length;
  }

  /** How many are selected, up to the capacity. */
  public int limit() {
    return limit;
  }

  /** Forgets everything and selects as many as there is capacity for. */
  public void reset() {
    reset(heap.length);
  }

  /**
   * Forgets everything and selects {@code k} from now on.
   *
   * @param k 1 to {@link #capacity}
   */
  public void reset(int k) {
    if (k < 1 || k > heap.length) {
      throw new IllegalArgumentException("k: expected 1 to " + heap.length + ", got " + k);
    }
    limit = k;
    size = 0;
    sorted = false;
    threshold = Float.NEGATIVE_INFINITY;
  }

  /**
   * Takes the id if it is among the best so far.
   *
   * @param id at least 0
   * @throws IllegalStateException if it would be taken but the selection is sorted already
   */
  public void offer(float score, int id) {
    if (score >= threshold) {
      take(entry(score, id));
    }
  }

  /**
   * The score that an offer must beat, or tie with a lower id, to be taken; negative infinity while
   * there is room.
   */
  public float threshold() {
    return threshold;
  }

  /** Number of ids held. */
  public int size() {
    return size;
  }

  /** Puts the best first, for {@link #id} and {@link #score}; {@link #reset} comes next. */
  public void sortInPlace() {
    if (sorted) {
      return;
    }
    for (int last = size - 1; last > 0; last--) {
      long worst = heap[0];
      long moved = heap[last];
      heap[last] = worst;
      siftDown(moved, last);
    }
    sorted = true;
  }

  /**
   * The id at a rank, 0 for the best.
   *
   * @throws IllegalStateException if {@link #sortInPlace} was not called
   */
  public int id(int rank) {
    return ~(int) ranked(rank);
  }

  /**
   * The score at a rank, 0 for the best.
   *
   * @throws IllegalStateException if {@link #sortInPlace} was not called
   */
  public float score(int rank) {
    return scoreOf(ranked(rank));
  }

  private long ranked(int rank) {
    Objects.checkIndex(rank, size);
    if (!sorted) {
      throw new IllegalStateException("ranks exist after sortInPlace()");
    }
    return heap[rank];
  }

  private void take(long entry) {
    if (sorted) {
      throw new IllegalStateException("the selection is sorted; reset() before another offer");
    }
    if (size < limit) {
      siftUp(entry, size++);
    } else if (entry > heap[0]) {
      siftDown(entry, size);
    } else {
      return;
    }
    if (size == limit) {
      threshold = scoreOf(heap[0]);
    }
  }

  private void siftUp(long entry, int hole) {
    int child = hole;
    while (child > 0) {
      int parent = (child - 1) >>> 1;
      if (heap[parent] <= entry) {
        break;
      }
      heap[child] = heap[parent];
      child = parent;
    }
    heap[child] = entry;
  }

  private void siftDown(long entry, int length) {
    int parent = 0;
    int half = length >>> 1;
    while (parent < half) {
      int child = 2 * parent + 1;
      if (child + 1 < length && heap[child + 1] < heap[child]) {
        child++;
      }
      if (entry <= heap[child]) {
        break;
      }
      heap[parent] = heap[child];
      parent = child;
    }
    heap[parent] = entry;
  }

  private static long entry(float score, int id) {
    int bits = Float.floatToRawIntBits(score + 0.0f); // -0.0f + 0.0f is 0.0f
    int ordered = bits ^ ((bits >> 31) & Integer.MAX_VALUE);
    return ((long) ordered << Integer.SIZE) | (~id & 0xffffffffL);
  }

  private static float scoreOf(long entry) {
    int ordered = (int) (entry >> Integer.SIZE);
    return Float.intBitsToFloat(ordered ^ ((ordered >> 31) & Integer.MAX_VALUE));
  }
}
