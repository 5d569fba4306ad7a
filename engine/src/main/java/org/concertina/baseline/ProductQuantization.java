package org.concertina.baseline;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.concertina.kernel.CounterRandom;
import org.concertina.kernel.WorkerPool;
import org.concertina.memory.CappedArena;
import org.concertina.memory.FloatTable;

/**
 * Product quantisation (Jégou et al., TPAMI 2011): rows are cut into chunks, and of a chunk the
 * number of the nearest of its {@code 2^bits} centroids is kept. Codebooks are floats and counted.
 *
 * @param chunks of a row; divides its floats
 * @param bits of a code, 4 or 8
 * @param seed of the first centroids
 */
public record ProductQuantization(int chunks, int bits, long seed) {
  /** What the method is called in records. */
  public static final String METHOD = "product-quantization";

  private static final int ROUNDS = 15;

  /** Validates. */
  public ProductQuantization {
    if (chunks < 1 || (bits != 4 && bits != 8)) {
      throw new IllegalArgumentException(
          "product quantisation: expected chunks >= 1 and 4 or 8 bits, got %d and %d"
              .formatted(chunks, bits));
    }
  }

  /** Bytes of the compressed table. */
  public long fileBytes(SourceTable table) {
    return table.otherBytes()
        + table.items() * (long) Math.ceilDiv(chunks * bits, Byte.SIZE)
        + (long) centroids(table) * table.dim() * Float.BYTES;
  }

  /** Fewer items than codes need no more centroids than items. */
  private int centroids(SourceTable table) {
    return Math.min(1 << bits, table.items());
  }

  /** Compresses; the same for any number of threads. */
  public Compressed compress(SourceTable table, CappedArena arena, WorkerPool pool) {
    if (table.dim() % chunks != 0) {
      throw new IllegalArgumentException(
          "chunks: expected a divisor of %d, got %d".formatted(table.dim(), chunks));
    }
    FloatTable restored = FloatTable.allocate(arena, table.items(), table.dim(), "quantised rows");
    pool.run(chunks, (chunk, worker) -> new Chunk(table, chunk).quantizeInto(restored));
    return new Compressed(
        METHOD, "%d codes of %d bits a row".formatted(chunks, bits), fileBytes(table), restored);
  }

  /** One chunk of all rows and its centroids, which lie dimension by dimension. */
  private final class Chunk {
    private final SourceTable table;
    private final int first;
    private final int dims;
    private final int count;
    private final float[][] centroids;
    private final int[] codes;
    private final int number;

    Chunk(SourceTable table, int chunk) {
      this.table = table;
      this.number = chunk;
      this.dims = table.dim() / chunks;
      this.first = chunk * dims;
      this.count = centroids(table);
      this.centroids = new float[dims][count];
      this.codes = new int[table.items()];
    }

    void quantizeInto(FloatTable restored) {
      start();
      assign();
      for (int round = 0; round < ROUNDS; round++) {
        moveToMeans();
        if (!assign()) {
          break;
        }
      }
      for (int item = 0; item < table.items(); item++) {
        for (int k = 0; k < dims; k++) {
          restored.set(item, first + k, centroids[k][codes[item]]);
        }
      }
    }

    /** Different items, drawn at random. */
    private void start() {
      long key = CounterRandom.key(CounterRandom.key(seed, number), count);
      int[] drawn = IntStream.range(0, table.items()).toArray();
      for (int c = 0; c < count; c++) {
        int other = c + (int) CounterRandom.below(key, c, table.items() - c);
        int item = drawn[other];
        drawn[other] = drawn[c];
        drawn[c] = item;
        for (int k = 0; k < dims; k++) {
          centroids[k][c] = table.rows().get(item, first + k);
        }
      }
    }

    /** Whether any item has another centroid now. */
    private boolean assign() {
      boolean changed = false;
      float[] distances = new float[count];
      for (int item = 0; item < table.items(); item++) {
        Arrays.fill(distances, 0);
        for (int k = 0; k < dims; k++) {
          float value = table.rows().get(item, first + k);
          float[] own = centroids[k];
          for (int c = 0; c < distances.length; c++) {
            float off = own[c] - value;
            distances[c] += off * off;
          }
        }
        int nearest = 0;
        for (int c = 1; c < distances.length; c++) {
          nearest = distances[c] < distances[nearest] ? c : nearest;
        }
        changed |= codes[item] != nearest;
        codes[item] = nearest;
      }
      return changed;
    }

    /** A centroid that no item has stays where it is. */
    private void moveToMeans() {
      int[] members = new int[count];
      double[][] sums = new double[dims][count];
      for (int item = 0; item < table.items(); item++) {
        members[codes[item]]++;
        for (int k = 0; k < dims; k++) {
          sums[k][codes[item]] += table.rows().get(item, first + k);
        }
      }
      for (int c = 0; c < count; c++) {
        for (int k = 0; members[c] > 0 && k < dims; k++) {
          centroids[k][c] = (float) (sums[k][c] / members[c]);
        }
      }
    }
  }
}
