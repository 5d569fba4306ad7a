package org.concertina.block;

import static org.concertina.kernel.FloatRun.assertNear;
import static org.concertina.kernel.FloatRun.assertSameBits;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import org.concertina.kernel.FloatRun;
import org.concertina.kernel.Samples;
import org.concertina.kernel.TileOps;
import org.concertina.kernel.VectorOps;
import org.concertina.kernel.VectorOpsProvider;
import org.concertina.memory.CappedArena;
import org.concertina.memory.FloatTable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class GroupPackerTest {
  private static final BlockShape SHAPE = BlockShape.of(15, 5);
  private static final Groups GROUPS = Groups.ofStarts(0, 20, 57);
  private static final int GROUP = 1;
  private static final int ROWS = 37;
  private static final long MASK = 0b10110;

  private final CappedArena arena = CappedArena.unlimited();
  private final Samples samples = new Samples(21);
  private final RowOrder order = RowOrder.byId(GROUPS, ids());
  private final FloatTable items = table();

  @AfterEach
  void close() {
    arena.close();
  }

  /** Ids that descend, so that rows and items stand in opposite order. */
  private static int[] ids() {
    int[] ids = new int[GROUPS.items()];
    for (int i = 0; i < ids.length; i++) {
      ids[i] = 1_000 - i;
    }
    return ids;
  }

  private FloatTable table() {
    FloatTable table = FloatTable.allocate(arena, GROUPS.items(), SHAPE.dim(), "items");
    for (int item = 0; item < GROUPS.items(); item++) {
      for (int k = 0; k < SHAPE.dim(); k++) {
        table.set(item, k, samples.uniform());
      }
    }
    return table;
  }

  private float pack(BlockChoice choice, FloatRun values) {
    return GroupPacker.pack(items, SHAPE, order, GROUP, choice, values.segment(), values.at());
  }

  private FloatRun valuesOf(BlockChoice choice) {
    return FloatRun.of(Arena.ofAuto(), 1, samples.floats(ROWS * SHAPE.keptDims(choice)));
  }

  /** The kept floats of a row divided by their norm, in double. */
  private double[] unit(int row, BlockChoice choice) {
    double[] unit = new double[SHAPE.keptDims(choice)];
    int at = 0;
    double squared = 0;
    for (int k = 0; k < SHAPE.dim(); k++) {
      if (choice.keeps(k / SHAPE.blockDim())) {
        unit[at] = items.get(order.itemAtRow(GROUPS.start(GROUP) + row), k);
        squared += unit[at] * unit[at];
        at++;
      }
    }
    assertEquals(unit.length, at);
    for (int k = 0; k < unit.length && squared > 0; k++) {
      unit[k] /= Math.sqrt(squared);
    }
    return unit;
  }

  @Test
  void rowsAreRestrictedAndHaveUnitNorm() {
    for (long mask : new long[] {1, MASK, 0b11111}) {
      BlockChoice choice = new BlockChoice(mask, Precision.FP32);
      FloatRun values = valuesOf(choice);
      assertEquals(1f, pack(choice, values));
      int kept = SHAPE.keptDims(choice);
      for (int row = 0; row < ROWS; row++) {
        double[] expected = unit(row, choice);
        double squared = 0;
        for (int k = 0; k < kept; k++) {
          float value = values.get(row * kept + k);
          assertNear(expected[k], value, 2e-7, "row " + row, k);
          squared += (double) value * value;
        }
        assertNear(1, squared, 1e-6, "norm of row", row);
      }
      values.assertCanaries("pack");
    }
  }

  @Test
  void int8ErrorIsHalfAStepAtMost() {
    BlockChoice choice = new BlockChoice(MASK, Precision.INT8);
    FloatRun values = valuesOf(choice);
    float scale = pack(choice, values);
    int kept = SHAPE.keptDims(choice);
    float largest = 0;
    for (int row = 0; row < ROWS; row++) {
      double[] expected = unit(row, choice);
      for (int k = 0; k < kept; k++) {
        float code = values.get(row * kept + k);
        assertEquals(Math.rint(code), code, "a whole number");
        largest = Math.max(largest, Math.abs(code));
        assertNear(expected[k], scale * code, scale * 0.50001 + 2e-7, "row " + row, k);
      }
    }
    assertEquals(127f, largest, "the scale uses the whole range");
    values.assertCanaries("pack");
  }

  @Test
  void int4RowsPointWhereTheRowPoints() {
    BlockChoice choice = new BlockChoice(MASK, Precision.INT4);
    FloatRun values = valuesOf(choice);
    assertEquals(1f, pack(choice, values));
    int kept = SHAPE.keptDims(choice);
    MemorySegment factors = arena.allocateFloats(ROWS, "factors");
    GroupPacker.rowFactors(values.segment(), values.at(), ROWS, kept, factors, 0);
    for (int row = 0; row < ROWS; row++) {
      double[] expected = unit(row, choice);
      float factor = factors.getAtIndex(ValueLayout.JAVA_FLOAT, row);
      double cosine = 0;
      double norm = 0;
      double largest = 0;
      for (int k = 0; k < kept; k++) {
        float code = values.get(row * kept + k);
        assertEquals(Math.rint(code), code, "a whole number");
        assertTrue(Math.abs(code) <= 7, "within [-7, 7]");
        cosine += expected[k] * code * factor;
        norm += (double) code * factor * code * factor;
        largest = Math.max(largest, Math.abs(expected[k]));
      }
      assertNear(1, norm, 1e-6, "norm of row", row);
      assertTrue(cosine >= cosineWithLargestAtSeven(expected, largest) - 1e-6, "row " + row);
    }
    values.assertCanaries("pack");
  }

  /** What plain rounding would reach, with the scale that uses the whole range. */
  private static double cosineWithLargestAtSeven(double[] row, double largest) {
    double dot = 0;
    double squared = 0;
    for (double value : row) {
      double code = Math.rint(value * 7 / largest);
      dot += value * code;
      squared += code * code;
    }
    return dot / Math.sqrt(squared);
  }

  @Test
  void int2RowsAreTheTwoLevelsThatPointMostNearlyWhereTheRowPoints() {
    BlockChoice choice = new BlockChoice(MASK, Precision.INT2);
    FloatRun values = valuesOf(choice);
    assertEquals(1f, pack(choice, values));
    int kept = SHAPE.keptDims(choice);
    for (int row = 0; row < ROWS; row++) {
      double[] expected = unit(row, choice);
      double cosine = 0;
      double squared = 0;
      double ofSigns = 0;
      for (int k = 0; k < kept; k++) {
        float code = values.get(row * kept + k);
        assertTrue(Math.abs(code) == 1 || Math.abs(code) == 3, "code " + code);
        assertTrue(expected[k] == 0 || Math.signum(code) == Math.signum(expected[k]), "sign");
        cosine += expected[k] * code;
        squared += code * code;
        ofSigns += Math.abs(expected[k]);
      }
      assertTrue(cosine / Math.sqrt(squared) >= ofSigns / Math.sqrt(kept) - 1e-6, "row " + row);
    }
    values.assertCanaries("pack");
  }

  @Test
  void rowsThatAreNotFiniteAreNotHiddenByUnitCodes() {
    items.set(order.itemAtRow(GROUPS.start(GROUP) + 2), SHAPE.blockDim(), Float.NaN);
    for (Precision precision : List.of(Precision.INT4, Precision.INT2)) {
      BlockChoice choice = new BlockChoice(MASK, precision);
      FloatRun values = valuesOf(choice);
      pack(choice, values);
      assertTrue(Float.isNaN(values.get(2 * SHAPE.keptDims(choice))), precision.toString());
    }
  }

  @Test
  void zeroRowsStayZeroWhereThereIsAZero() {
    int item = order.itemAtRow(GROUPS.start(GROUP) + 3);
    for (int k = 0; k < SHAPE.dim(); k++) {
      // Only block 0 has a value, and it is not kept; the rest is zero, or too short to divide by.
      items.set(item, k, k < SHAPE.blockDim() ? 1f : 0f);
    }
    for (Precision precision : Precision.values()) {
      BlockChoice choice = new BlockChoice(MASK, precision);
      FloatRun values = valuesOf(choice);
      int kept = SHAPE.keptDims(choice);
      for (float tiny : new float[] {0f, Float.MIN_VALUE}) {
        items.set(item, SHAPE.blockDim(), tiny);
        pack(choice, values);
        for (int k = 0; k < kept; k++) {
          float expected = precision == Precision.INT2 ? 1f : 0f;
          assertSameBits(expected, values.get(3 * kept + k), precision + " zero row", k);
        }
      }
    }
  }

  @Test
  void groupOfZerosHasAScale() {
    items.segment().fill((byte) 0);
    BlockChoice choice = new BlockChoice(MASK, Precision.INT8);
    FloatRun values = valuesOf(choice);
    assertEquals(1f, pack(choice, values));
    values.assertBits(new float[values.size()], "zeros");
  }

  @Test
  void verySmallAndLargeRowsHaveUnitNorm() {
    BlockChoice choice = new BlockChoice(MASK, Precision.FP32);
    int kept = SHAPE.keptDims(choice);
    for (float factor : new float[] {1e-36f, 1e-20f, 1e20f, 1e37f}) {
      int item = order.itemAtRow(GROUPS.start(GROUP));
      for (int k = 0; k < SHAPE.dim(); k++) {
        items.set(item, k, (k + 1) * factor / SHAPE.dim());
      }
      FloatRun values = valuesOf(choice);
      pack(choice, values);
      double squared = 0;
      for (int k = 0; k < kept; k++) {
        squared += (double) values.get(k) * values.get(k);
      }
      assertNear(1, squared, 1e-5, "norm at " + factor, 0);
    }
  }

  @Test
  void tableMustHaveTheShape() {
    BlockChoice choice = new BlockChoice(MASK, Precision.FP32);
    FloatRun values = valuesOf(choice);
    FloatTable narrow = FloatTable.allocate(arena, GROUPS.items(), 14, "narrow");
    FloatTable small = FloatTable.allocate(arena, GROUPS.items() - 1, SHAPE.dim(), "small");
    for (FloatTable table : new FloatTable[] {narrow, small}) {
      assertThrows(
          IllegalArgumentException.class,
          () ->
              GroupPacker.pack(table, SHAPE, order, GROUP, choice, values.segment(), values.at()));
    }
  }

  @Test
  void usersAreGatheredSideBySide() {
    FloatRun user = FloatRun.of(Arena.ofAuto(), 1, samples.floats(SHAPE.dim()));
    for (long mask : new long[] {1, 0b10000, MASK, 0b11111}) {
      int kept = Long.bitCount(mask) * SHAPE.blockDim();
      float[] expected = new float[kept];
      int at = 0;
      for (int k = 0; k < SHAPE.dim(); k++) {
        if ((mask >>> (k / SHAPE.blockDim()) & 1) != 0) {
          expected[at++] = user.get(k);
        }
      }
      FloatRun gathered = FloatRun.of(Arena.ofAuto(), 3, new float[kept]);
      GroupPacker.gatherUser(
          user.segment(), user.at(), SHAPE, mask, gathered.segment(), gathered.at());
      gathered.assertBits(expected, "gathered " + mask);
    }
  }

  /** Judge (matrix product), device (tiles) and a loop over the definition give the same bits. */
  @Test
  void tilesMatrixProductAndLoopAgreeToTheBit() {
    VectorOps ops = VectorOpsProvider.get();
    for (Precision precision : Precision.values()) {
      BlockChoice choice = new BlockChoice(MASK, precision);
      int dims = SHAPE.keptDims(choice);
      FloatRun values = valuesOf(choice);
      float scale = pack(choice, values);
      FloatRun query = FloatRun.of(Arena.ofAuto(), 0, samples.floats(dims));

      MemorySegment product = arena.allocateFloats(ROWS, "product");
      ops.matmul()
          .matmulAdd(
              ROWS,
              1,
              dims,
              values.segment(),
              values.at(),
              dims,
              1,
              query.segment(),
              query.at(),
              1,
              product,
              0,
              1);
      MemorySegment transposed = arena.allocateFloats(ROWS, "product of the transposed");
      MemorySegment columns = arena.allocateFloats((long) ROWS * dims, "columns");
      for (int i = 0; i < ROWS * dims; i++) {
        columns.setAtIndex(
            ValueLayout.JAVA_FLOAT, (long) (i % dims) * ROWS + i / dims, values.get(i));
      }
      ops.matmul()
          .matmulAdd(
              1,
              ROWS,
              dims,
              query.segment(),
              query.at(),
              dims,
              1,
              columns,
              0,
              ROWS,
              transposed,
              0,
              ROWS);
      MemorySegment factors = arena.allocateFloats(ROWS, "factors").fill((byte) 0);
      GroupPacker.rowFactors(values.segment(), values.at(), ROWS, dims, factors, 0);
      MemorySegment tiles = scoreTiles(ops, precision, scale, values, dims, query);

      for (int row = 0; row < ROWS; row++) {
        float sum = 0;
        for (int k = 0; k < dims; k++) {
          sum = Math.fma(query.get(k), values.get(row * dims + k), sum);
        }
        String what = precision + " score of row";
        assertSameBits(sum, product.getAtIndex(ValueLayout.JAVA_FLOAT, row), what, row);
        assertSameBits(sum, transposed.getAtIndex(ValueLayout.JAVA_FLOAT, row), what, row);
        float factor =
            precision.isUnitCodes() ? factors.getAtIndex(ValueLayout.JAVA_FLOAT, row) : scale;
        assertSameBits(sum * factor, tiles.getAtIndex(ValueLayout.JAVA_FLOAT, row), what, row);
      }
    }
  }

  private MemorySegment scoreTiles(
      VectorOps ops, Precision precision, float scale, FloatRun values, int dims, FloatRun query) {
    int tileCount = Math.ceilDiv(ROWS, TileOps.TILE_ROWS);
    int padded = tileCount * TileOps.TILE_ROWS;
    MemorySegment tiles = arena.allocateFloats((long) padded * dims, "tiles");
    for (int i = 0; i < ROWS * dims; i++) {
      int row = i / dims;
      long tile = row / TileOps.TILE_ROWS * precision.tileBytes(dims);
      int inTile = row % TileOps.TILE_ROWS;
      PackedElements.set(tiles, tile, inTile, i % dims, precision, values.get(i));
      float read =
          switch (precision) {
            case FP32 -> PackedElements.fp32(tiles, tile, inTile, i % dims);
            case INT8 -> PackedElements.int8(tiles, tile, inTile, i % dims);
            case INT4 -> PackedElements.int4(tiles, tile, inTile, i % dims);
            case INT2 -> PackedElements.int2(tiles, tile, inTile, i % dims);
          };
      assertEquals(values.get(i) + 0f, read + 0f, "element " + i);
    }
    MemorySegment out = arena.allocateFloats(padded, "scores");
    MemorySegment q = query.segment();
    switch (precision) {
      case FP32 -> ops.tiles().scoreTilesFp32(tiles, 0, tileCount, dims, q, query.at(), out, 0);
      case INT8 ->
          ops.tiles().scoreTilesInt8(scale, tiles, 0, tileCount, dims, q, query.at(), out, 0);
      case INT4 -> ops.tiles().scoreTilesInt4(tiles, 0, tileCount, dims, q, query.at(), out, 0);
      case INT2 -> ops.tiles().scoreTilesInt2(tiles, 0, tileCount, dims, q, query.at(), out, 0);
    }
    // Two bits have no zero, so their padding scores something that nobody asks for.
    for (int row = ROWS; row < padded && precision != Precision.INT2; row++) {
      assertTrue(out.getAtIndex(ValueLayout.JAVA_FLOAT, row) == 0f, "padding scores zero");
    }
    return out;
  }
}
