package org.concertina.jmh;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.SplittableRandom;
import org.concertina.interaction.InteractionMatrix;
import org.concertina.kernel.TileOps;
import org.concertina.kernel.VectorOps;
import org.concertina.memory.CappedArena;
import org.concertina.memory.FloatTable;

/**
 * Native kernels over the Vector API on a machine that does other work: one JVM, passes of both in
 * turn, the thread's CPU time. JMH measures wall time and wants an idle machine.
 *
 * <p>{@code java -cp jmh/target/benchmarks.jar org.concertina.jmh.CpuTimeComparison}, with the JVM
 * flags that the launcher gives; the data are {@link BprData}. Prints JSON, a record a line.
 */
public final class CpuTimeComparison {
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
  private static final int WARM_UP_PASSES = 20;
  private static final int PASSES = 60;

  private final VectorOps panama = Providers.of("panama");
  private final VectorOps natively = Providers.of("native");
  private final SplittableRandom random = new SplittableRandom(2);

  /** One pass with one provider. */
  private interface Pass {
    void run(VectorOps ops);
  }

  private CpuTimeComparison() {}

  /** Measures everything. */
  public static void main(String[] args) {
    CpuTimeComparison comparison = new CpuTimeComparison();
    try (BprData data = BprData.open()) {
      for (int dim : new int[] {64, 128}) {
        comparison.rows(data.train(), dim);
      }
    }
    for (int rows : new int[] {256, 1024, 40_981, 2_000_000}) {
      comparison.tiles(rows, 64);
    }
  }

  private void rows(InteractionMatrix train, int dim) {
    CappedArena arena = CappedArena.unlimited();
    FloatTable users = table(arena, train.users(), dim);
    FloatTable items = table(arena, train.items(), dim);
    MemorySegment weights = arena.allocateFloats(train.size(), "weights");
    MemorySegment zeros = arena.allocateFloats(dim, "zeros");
    MemorySegment negatives = arena.allocateInts(train.size(), "negatives");
    for (long p = 0; p < train.size(); p++) {
      weights.setAtIndex(ValueLayout.JAVA_FLOAT, p, (float) random.nextDouble());
      int item = random.nextInt(train.items());
      int other = item == train.itemAt(p) ? (item + 1) % train.items() : item;
      negatives.setAtIndex(ValueLayout.JAVA_INT, p, other);
    }
    compare(
        "sparseMatmul, all users",
        dim,
        1,
        ops ->
            ops.sparse()
                .sparseMatmul(
                    train.users(),
                    train.rowPointers(),
                    0,
                    train.itemIndices(),
                    weights,
                    items.segment(),
                    0,
                    items.rows(),
                    items.stride(),
                    0.25f,
                    zeros,
                    0,
                    0,
                    users.segment(),
                    0,
                    users.stride(),
                    dim));
    for (boolean cosine : new boolean[] {false, true}) {
      compare(
          cosine ? "bprCosineInPlace, all users" : "bprInPlace, all users",
          dim,
          1,
          ops -> steps(ops, train, users, items, negatives, cosine));
    }
    arena.close();
  }

  /** Users 7,919 apart, as good as shuffled: a prime that divides no number of users here. */
  private static void steps(
      VectorOps ops,
      InteractionMatrix train,
      FloatTable users,
      FloatTable items,
      MemorySegment negatives,
      boolean cosine) {
    MemorySegment u = users.segment();
    MemorySegment v = items.segment();
    MemorySegment p = train.itemIndices();
    int stride = items.stride();
    for (int k = 0; k < train.users(); k++) {
      int user = (int) (k * 7_919L % train.users());
      long uAt = users.rowOffsetBytes(user);
      long at = train.begin(user) * Integer.BYTES;
      int n = train.degree(user);
      int dim = users.dim();
      if (cosine) {
        ops.bpr().bprCosineInPlace(0.1f, 0.1f, u, uAt, v, 0, stride, p, at, negatives, at, n, dim);
      } else {
        ops.bpr().bprInPlace(0.05f, 0.01f, u, uAt, v, 0, stride, p, at, negatives, at, n, dim);
      }
    }
  }

  private void tiles(int rows, int dims) {
    CappedArena arena = CappedArena.unlimited();
    int count = (rows + TileOps.TILE_ROWS - 1) / TileOps.TILE_ROWS;
    MemorySegment tiles = arena.allocate(count * TileOps.int4TileBytes(dims), "tiles");
    for (long i = 0; i < tiles.byteSize(); i += Long.BYTES) {
      tiles.set(ValueLayout.JAVA_LONG, i, random.nextLong());
    }
    MemorySegment query = arena.allocateFloats(dims, "query");
    for (int k = 0; k < dims; k++) {
      query.setAtIndex(ValueLayout.JAVA_FLOAT, k, (float) random.nextDouble(-1, 1));
    }
    MemorySegment out = arena.allocateFloats((long) count * TileOps.TILE_ROWS, "scores");
    compare(
        "scoreTilesInt4, " + rows + " rows",
        dims,
        Math.max(1, 400_000 / rows),
        ops -> ops.tiles().scoreTilesInt4(tiles, 0, count, dims, query, 0, out, 0));
    arena.close();
  }

  private FloatTable table(CappedArena arena, int rows, int dim) {
    FloatTable table = FloatTable.allocate(arena, rows, dim, "embeddings");
    for (int row = 0; row < rows; row++) {
      for (int d = 0; d < dim; d++) {
        table.set(row, d, (float) (random.nextDouble() - 0.5));
      }
    }
    return table;
  }

  private void compare(String what, int dims, int calls, Pass pass) {
    long[] best = {Long.MAX_VALUE, Long.MAX_VALUE};
    long[] sum = new long[2];
    for (int i = -WARM_UP_PASSES; i < PASSES; i++) {
      for (int who = 0; who < 2; who++) {
        VectorOps ops = who == 0 ? panama : natively;
        long start = THREADS.getCurrentThreadCpuTime();
        for (int call = 0; call < calls; call++) {
          pass.run(ops);
        }
        long nanos = THREADS.getCurrentThreadCpuTime() - start;
        if (i >= 0) {
          best[who] = Math.min(best[who], nanos);
          sum[who] += nanos;
        }
      }
    }
    double unit = 1e3 * calls;
    System.out.printf(
        "{\"operation\":\"%s\",\"dims\":%d,\"%s\":%.2f,\"%s\":%.2f,\"unit\":\"us by CPU, best of"
            + " %d\",\"ratioOfBest\":%.2f,\"ratioOfMeans\":%.2f}%n",
        what,
        dims,
        panama.name(),
        best[0] / unit,
        natively.name(),
        best[1] / unit,
        PASSES,
        (double) best[0] / best[1],
        (double) sum[0] / sum[1]);
  }
}
