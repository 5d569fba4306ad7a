package org.concertina.serve;

import org.concertina.metric.TopK;

/**
 * Rows that screening could not rule out, waiting for their exact scores until the threshold is
 * nearly what it will be, as most of them no longer have a chance then.
 *
 * <p>What screening says of a row bounds its score from both sides. The k-th best of the lower
 * bounds, the floor, is a score that k rows reach: a row that comes after them and does not exceed
 * it is none of the best. Scratch of one thread.
 */
final class Candidates {
  private static final int CAPACITY = 512;

  private final int[] rows = new int[CAPACITY];
  private final float[] uppers = new float[CAPACITY];
  private int size;
  private TopK floors;

  /** For requests of up to {@code usual} rows; larger ones make room once. */
  Candidates(int usual) {
    floors = new TopK(usual);
  }

  /** Starts a request for {@code wanted} rows. */
  void begin(int wanted) {
    if (floors.capacity() < wanted) {
      floors = new TopK(wanted);
    }
    floors.reset(wanted);
    size = 0;
  }

  /** Appends a row, which is not left out, by the bounds of its score; rows ascend. */
  void add(int row, float lower, float upper) {
    rows[size] = row;
    uppers[size++] = upper;
    floors.offer(lower, row);
  }

  /** A score that as many rows reach as are wanted; negative infinity until there are so many. */
  float floor() {
    return floors.threshold();
  }

  boolean isFull() {
    return size == CAPACITY;
  }

  int size() {
    return size;
  }

  int row(int i) {
    return rows[i];
  }

  /** What the score of a row is not above. */
  float upper(int i) {
    return uppers[i];
  }

  /** Forgets the rows, which have their scores, but not the floor. */
  void clear() {
    size = 0;
  }
}
