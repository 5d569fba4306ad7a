package org.concertina.baseline;

import java.util.Optional;
import org.concertina.memory.CappedArena;
import org.concertina.memory.FloatTable;

/**
 * Compositional hashing: item {@code i} is the sum of row {@code i / m} of one table and row {@code
 * i % m} of another (the quotient-remainder trick, Shi et al., KDD 2020).
 *
 * <p>Published, the two tables are trained. Here they are fitted to the trained rows by least
 * squares, one table after the other in turn, which is less than training them can reach.
 *
 * @param codes how elements of the two tables are stored
 */
public record QuotientRemainder(ScalarCodes codes) {
  /** What the method is called in records. */
  public static final String METHOD = "quotient-remainder";

  private static final int ROUNDS = 20;

  /** The most rows that fit a budget; nothing if no split of the items has few enough. */
  public Optional<Compressed> fit(SourceTable table, long budgetBytes, CappedArena arena) {
    long most = codes.fitting(budgetBytes - table.otherBytes() - codes.bytes(0)) / table.dim();
    int remainders = remainders(table.items(), most);
    if (remainders == 0) {
      return Optional.empty();
    }
    long rows = rows(table.items(), remainders);
    return Optional.of(
        new Compressed(
            METHOD,
            "%s, %,d rows for %,d items".formatted(codes, rows, table.items()),
            // Each of the two tables has its own scale.
            table.otherBytes() + codes.bytes(rows * table.dim()) + codes.bytes(0),
            compose(table, remainders, arena)));
  }

  private static long rows(int items, int remainders) {
    return Math.ceilDiv(items, remainders) + (long) remainders;
  }

  /** The largest number of remainders with at most so many rows in all; 0 if there is none. */
  static int remainders(int items, long mostRows) {
    for (int m = (int) Math.min(items, mostRows); m >= 1; m--) {
      if (rows(items, m) <= mostRows) {
        return m;
      }
    }
    return 0;
  }

  private FloatTable compose(SourceTable table, int remainders, CappedArena arena) {
    int items = table.items();
    int quotients = Math.ceilDiv(items, remainders);
    FloatTable composed = FloatTable.allocate(arena, items, table.dim(), "composed rows");
    float[] target = new float[items];
    float[][] byQuotient = new float[table.dim()][quotients];
    float[][] byRemainder = new float[table.dim()][remainders];
    float largestQuotient = 0;
    float largestRemainder = 0;
    for (int k = 0; k < table.dim(); k++) {
      for (int item = 0; item < items; item++) {
        target[item] = table.rows().get(item, k);
      }
      fit(target, byQuotient[k], byRemainder[k]);
      largestQuotient = Math.max(largestQuotient, largest(byQuotient[k]));
      largestRemainder = Math.max(largestRemainder, largest(byRemainder[k]));
    }
    for (int k = 0; k < table.dim(); k++) {
      for (int item = 0; item < items; item++) {
        float value =
            codes.restored(byQuotient[k][item / remainders], largestQuotient)
                + codes.restored(byRemainder[k][item % remainders], largestRemainder);
        composed.set(item, k, value);
      }
    }
    return composed;
  }

  private static float largest(float[] values) {
    float largest = 0;
    for (float value : values) {
      largest = Math.max(largest, Math.abs(value));
    }
    return largest;
  }

  /** Alternating least squares: with one table fixed, the best of the other are means. */
  static void fit(float[] target, float[] byQuotient, float[] byRemainder) {
    int remainders = byRemainder.length;
    for (int round = 0; round < ROUNDS; round++) {
      double[] sums = new double[byQuotient.length];
      int[] counts = new int[byQuotient.length];
      for (int item = 0; item < target.length; item++) {
        sums[item / remainders] += target[item] - byRemainder[item % remainders];
        counts[item / remainders]++;
      }
      setMeans(byQuotient, sums, counts);
      sums = new double[remainders];
      counts = new int[remainders];
      for (int item = 0; item < target.length; item++) {
        sums[item % remainders] += target[item] - byQuotient[item / remainders];
        counts[item % remainders]++;
      }
      setMeans(byRemainder, sums, counts);
    }
  }

  private static void setMeans(float[] values, double[] sums, int[] counts) {
    for (int i = 0; i < values.length; i++) {
      values[i] = counts[i] == 0 ? 0 : (float) (sums[i] / counts[i]);
    }
  }
}
