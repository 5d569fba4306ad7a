package org.concertina.metric;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.concertina.kernel.ScanOps;
import org.concertina.memory.CappedArena;

/**
 * Offers rows of scores to a {@link TopK}: those alone that have a chance, which changes no
 * selection.
 *
 * <p>Until a selection is full anything would enter it, and most of what enters is pushed out
 * again. So a long row that comes first is cut into residues: the k-th largest of their maxima is a
 * bound that at least k scores reach, and what is below it is passed over. Scratch of one thread,
 * owned by the arena; allocates nothing after construction.
 */
public final class ScoreScan {
  /** Maxima are taken so many at a time by the widest vectors, four of them. */
  private static final int MAXIMA_STEP = 64;

  /** Scores a maximum below which a bound costs more than it saves. */
  private static final int LEAST_SCORES = 3;

  private final ScanOps ops;
  private final MemorySegment maxima;
  private final float[] selected;

  /**
   * For selections of up to {@code capacity}.
   *
   * @param capacity at least 1
   */
  public ScoreScan(ScanOps ops, CappedArena arena, int capacity) {
    this.ops = ops;
    int count = Math.ceilDiv(2 * capacity, MAXIMA_STEP) * MAXIMA_STEP;
    this.maxima = arena.allocateFloats(count, "maxima of a score row");
    this.selected = new float[count];
  }

  /**
   * Offers {@code n} scores under the ids from {@code firstId} up.
   *
   * @param top of at most the capacity of this scan; ids that it has are below {@code firstId}
   */
  public void offer(TopK top, int firstId, MemorySegment scores, long offsetBytes, int n) {
    float bar = top.threshold();
    if (bar == Float.NEGATIVE_INFINITY && n >= LEAST_SCORES * selected.length) {
      bar = Math.nextDown(bound(top, scores, offsetBytes, n));
    }
    offerAbove(bar, top, firstId, scores, offsetBytes, n);
  }

  /** As {@link #offer}, but of scores that reach a floor alone. */
  public void offerFrom(
      float floor, TopK top, int firstId, MemorySegment scores, long offsetBytes, int n) {
    float bar = Math.max(top.threshold(), Math.nextDown(floor));
    offerAbove(bar, top, firstId, scores, offsetBytes, n);
  }

  private void offerAbove(
      float above, TopK top, int firstId, MemorySegment scores, long offsetBytes, int n) {
    float bar = above;
    int i = ops.indexAbove(bar, scores, offsetBytes, 0, n);
    while (i < n) {
      top.offer(
          scores.get(ValueLayout.JAVA_FLOAT, offsetBytes + (long) i * Float.BYTES), firstId + i);
      bar = Math.max(bar, top.threshold());
      i = ops.indexAbove(bar, scores, offsetBytes, i + 1, n);
    }
  }

  /** A score that as many of the {@code n} reach as the selection takes. */
  private float bound(TopK top, MemorySegment scores, long offsetBytes, int n) {
    int count = selected.length;
    ops.maxima(scores, offsetBytes, n, maxima, 0, count);
    MemorySegment.copy(maxima, ValueLayout.JAVA_FLOAT, 0, selected, 0, count);
    return select(selected, count - top.limit());
  }

  /**
   * The float at a place of the ascending order (C. A. R. Hoare, Algorithm 65: FIND, CACM 1961);
   * moves the others.
   */
  private static float select(float[] x, int place) {
    int low = 0;
    int high = x.length - 1;
    while (low < high) {
      float pivot = x[place];
      int i = low;
      int j = high;
      while (i <= j) {
        while (x[i] < pivot) {
          i++;
        }
        while (pivot < x[j]) {
          j--;
        }
        if (i <= j) {
          float swapped = x[i];
          x[i++] = x[j];
          x[j--] = swapped;
        }
      }
      if (j < place) {
        low = i;
      }
      if (place < i) {
        high = j;
      }
    }
    return x[place];
  }
}
