package org.concertina.block;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Random;
import org.concertina.kernel.VectorOps;
import org.concertina.kernel.VectorOpsProvider;
import org.concertina.kernel.WorkerPool;
import org.concertina.memory.CappedArena;
import org.concertina.memory.FloatTable;
import org.concertina.memory.MemoryCap;
import org.concertina.train.UnitRows;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UnitUserTest {
  private static final VectorOps OPS = VectorOpsProvider.get();

  /** Dims with and without padding, and less than a vector. */
  @ParameterizedTest
  @ValueSource(ints = {1, 3, 16, 20, 64, 100})
  void hasTheBitsOfAUnitRow(int dim) {
    Random random = new Random(dim);
    BlockShape shape = BlockShape.of(dim, 1);
    MemoryCap cap = MemoryCap.unlimited();
    try (CappedArena tables = CappedArena.unlimited();
        CappedArena arena = new CappedArena(cap);
        WorkerPool pool = new WorkerPool(1)) {
      FloatTable users = FloatTable.allocate(tables, 5, dim, "users");
      for (int u = 0; u < 4; u++) {
        for (int d = 0; d < dim; d++) {
          users.set(u, d, (float) (random.nextGaussian() * Math.pow(10, 8 * u - 8)));
        }
      }
      FloatTable unit = UnitRows.of(tables, OPS.rows(), pool, users);
      UnitUser scratch = new UnitUser(arena, OPS.rows(), shape);
      assertEquals(UnitUser.scratchBytes(shape), cap.usedBytes());
      float[] shifted = new float[dim + 1];
      for (int u = 0; u < 5; u++) {
        for (int d = 0; d < dim; d++) {
          shifted[d + 1] = users.get(u, d);
        }
        MemorySegment own = scratch.of(MemorySegment.ofArray(shifted), Float.BYTES);
        double squared = 0;
        for (int d = 0; d < dim; d++) {
          float value = own.getAtIndex(ValueLayout.JAVA_FLOAT, d);
          assertEquals(unit.get(u, d), value);
          squared += (double) value * value;
        }
        assertEquals(u < 4 ? 1 : 0, squared, 1e-5);
      }
    }
  }
}
