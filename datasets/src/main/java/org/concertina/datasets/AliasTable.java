package org.concertina.datasets;

/**
 * Draws an index with a given probability in constant time, by Walker's alias method in Vose's
 * form. Several tables may lie one behind the other in the same arrays. Immutable once filled.
 */
final class AliasTable {
  private static final double TWO_TO_32 = 0x1p32;

  private final int[] thresholds;
  private final int[] aliases;

  AliasTable(int capacity) {
    thresholds = new int[capacity];
    aliases = new int[capacity];
  }

  static AliasTable of(double[] weights) {
    AliasTable table = new AliasTable(weights.length);
    table.fill(0, weights.clone(), weights.length);
    return table;
  }

  /**
   * Makes the positions from {@code begin} a table of {@code size} indices.
   *
   * @param weights at least {@code size}, at least 0, of a positive sum; overwritten
   */
  void fill(int begin, double[] weights, int size) {
    double sum = 0;
    for (int i = 0; i < size; i++) {
      sum += weights[i];
    }
    int[] stack = new int[size];
    int small = 0;
    int large = size;
    for (int i = 0; i < size; i++) {
      weights[i] *= size / sum;
      stack[weights[i] < 1 ? small++ : --large] = i;
    }
    while (small > 0 && large < size) {
      int less = stack[--small];
      int more = stack[large];
      set(begin + less, weights[less], more);
      weights[more] -= 1 - weights[less];
      if (weights[more] < 1) {
        large++;
        stack[small++] = more;
      }
    }
    // What is left is 1 but for rounding.
    while (small > 0) {
      int full = stack[--small];
      set(begin + full, 1, full);
    }
    while (large < size) {
      int full = stack[large++];
      set(begin + full, 1, full);
    }
  }

  /** An index below {@code size} of the table at {@code begin}, by 64 random bits. */
  int draw(int begin, int size, long bits) {
    int index = (int) (((bits >>> 32) * size) >>> 32);
    boolean own = Integer.compareUnsigned((int) bits, thresholds[begin + index]) < 0;
    return own ? index : aliases[begin + index];
  }

  private void set(int position, double probability, int alias) {
    thresholds[position] = (int) Math.min((long) (probability * TWO_TO_32), 0xFFFF_FFFFL);
    aliases[position] = alias;
  }
}
