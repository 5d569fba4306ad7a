package org.concertina.baseline;

import java.util.Arrays;
import java.util.Optional;
import org.concertina.memory.CappedArena;
import org.concertina.memory.FloatTable;

/**
 * Keeps the elements of the largest magnitude in the whole table (Han et al., NeurIPS 2015); every
 * row keeps its largest at least.
 *
 * <p>Which elements a row keeps is stored as a bit an element or as a count and an index an
 * element, whichever lets more elements fit.
 *
 * @param codes how a kept element is stored
 */
public record MagnitudePruning(ScalarCodes codes) {
  /** What the method is called in records. */
  public static final String METHOD = "magnitude-pruning";

  /** The most elements that fit a budget; nothing if not even one a row does. */
  public Optional<Compressed> fit(SourceTable table, long budgetBytes, CappedArena arena) {
    long all = (long) table.items() * table.dim();
    long kept =
        Math.min(all, Math.max(withBitmaps(table, budgetBytes), withIndices(table, budgetBytes)));
    if (kept < table.items()) {
      return Optional.empty();
    }
    return Optional.of(
        new Compressed(
            METHOD,
            "%s, %.2f elements a row".formatted(codes, (double) kept / table.items()),
            bytes(table, kept),
            prune(table, kept, arena)));
  }

  /** Bytes of a table that keeps so many elements. */
  long bytes(SourceTable table, long kept) {
    long where = Math.min(bitmapBytes(table), table.items() + kept * indexBytes(table));
    return table.otherBytes() + where + codes.bytes(kept);
  }

  private long withBitmaps(SourceTable table, long budgetBytes) {
    return codes.fitting(budgetBytes - table.otherBytes() - bitmapBytes(table));
  }

  private long withIndices(SourceTable table, long budgetBytes) {
    long left = budgetBytes - table.otherBytes() - table.items() - codes.bytes(0);
    return Math.floorDiv(left, codes.bytes(1) - codes.bytes(0) + indexBytes(table));
  }

  private static long bitmapBytes(SourceTable table) {
    return (long) table.items() * Math.ceilDiv(table.dim(), Byte.SIZE);
  }

  private static int indexBytes(SourceTable table) {
    return table.dim() <= 1 << Byte.SIZE ? 1 : 2;
  }

  private FloatTable prune(SourceTable table, long kept, CappedArena arena) {
    FloatTable rows = table.rows();
    FloatTable pruned = FloatTable.allocate(arena, table.items(), table.dim(), "pruned rows");
    // The largest of a row stays in any case, so the others compete for what is left.
    float[] others = new float[Math.toIntExact((long) table.items() * (table.dim() - 1))];
    int count = 0;
    for (int item = 0; item < table.items(); item++) {
      int first = largest(rows, item);
      pruned.set(item, first, rows.get(item, first));
      for (int k = 0; k < table.dim(); k++) {
        if (k != first) {
          others[count++] = Math.abs(rows.get(item, k));
        }
      }
    }
    int left = Math.toIntExact(kept - table.items());
    if (left > 0) {
      Arrays.sort(others);
      float threshold = others[others.length - left];
      long above = Arrays.stream(toDoubles(others)).filter(v -> v > threshold).count();
      keepFrom(rows, pruned, threshold, left - above);
    }
    restore(pruned);
    return pruned;
  }

  private static double[] toDoubles(float[] values) {
    double[] wide = new double[values.length];
    Arrays.setAll(wide, i -> values[i]);
    return wide;
  }

  private static void keepFrom(FloatTable rows, FloatTable pruned, float threshold, long equal) {
    long ties = equal;
    for (int item = 0; item < rows.rows(); item++) {
      int first = largest(rows, item);
      for (int k = 0; k < rows.dim(); k++) {
        float magnitude = Math.abs(rows.get(item, k));
        boolean tie = magnitude == threshold && ties > 0 && k != first;
        if (magnitude > threshold || tie) {
          pruned.set(item, k, rows.get(item, k));
          ties -= tie ? 1 : 0;
        }
      }
    }
  }

  private static int largest(FloatTable rows, int item) {
    int largest = 0;
    for (int k = 1; k < rows.dim(); k++) {
      if (Math.abs(rows.get(item, k)) > Math.abs(rows.get(item, largest))) {
        largest = k;
      }
    }
    return largest;
  }

  private void restore(FloatTable pruned) {
    float most = 0;
    for (int item = 0; item < pruned.rows(); item++) {
      most = Math.max(most, Math.abs(pruned.get(item, largest(pruned, item))));
    }
    for (int item = 0; item < pruned.rows(); item++) {
      for (int k = 0; k < pruned.dim(); k++) {
        pruned.set(item, k, codes.restored(pruned.get(item, k), most));
      }
    }
  }
}
