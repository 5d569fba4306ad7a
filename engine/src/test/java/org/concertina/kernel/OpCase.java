package org.concertina.kernel;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.IntBuffer;
import java.util.List;

/**
 * One call of an operation with operands of exactly the size it needs.
 *
 * @param name the operation
 * @param operandBytes what each operand needs
 * @param call makes the call
 */
public record OpCase(String name, List<Integer> operandBytes, Call call) {
  private static final AdamStep STEP = AdamStep.at(3, 0.01, 0.1);
  private static final int ROWS = 13;

  /** Two vectors, one vector and a tail at any width. */
  private static final int COLS = 61;

  private static final int TILES = 3;

  private static final int[] INDICES = {3, ROWS - 1, 0, 3};
  private static final MemorySegment INDEX_SEGMENT =
      Arena.ofAuto().allocateFrom(ValueLayout.JAVA_INT, INDICES);
  private static final MemorySegment POINTER_SEGMENT =
      Arena.ofAuto().allocateFrom(ValueLayout.JAVA_LONG, 0, 3, INDICES.length);
  private static final MemorySegment WEIGHT_SEGMENT =
      Arena.ofAuto().allocateFrom(ValueLayout.JAVA_FLOAT, 1f, 2f, 3f, 4f);
  private static final MemorySegment POSITIVES = MemorySegment.ofBuffer(direct(0, 3, 1));
  private static final MemorySegment NEGATIVES = MemorySegment.ofBuffer(direct(2, 2, 3));

  private static IntBuffer direct(int... values) {
    ByteBuffer bytes = ByteBuffer.allocateDirect(values.length * Integer.BYTES);
    return bytes.order(ByteOrder.nativeOrder()).asIntBuffer().put(values).flip();
  }

  /** Calls the operation on operands that start at byte offsets. */
  public interface Call {
    /** Returns what the operation returns, or 0. */
    float run(VectorOps ops, MemorySegment[] s, long[] at);
  }

  /** All operations over rows of {@code n} floats. */
  public static List<OpCase> all(int n) {
    int row = n * Float.BYTES;
    int tileFloats = TILES * TileOps.TILE_ROWS;
    return List.of(
        new OpCase(
            "dot", List.of(row, row), (ops, s, at) -> ops.rows().dot(s[0], at[0], s[1], at[1], n)),
        new OpCase(
            "axpy",
            List.of(row, row),
            (ops, s, at) -> {
              ops.rows().axpyInPlace(0.5f, s[0], at[0], s[1], at[1], n);
              return 0;
            }),
        new OpCase(
            "sparseMatmul",
            List.of(ROWS * row, 2 * row),
            (ops, s, at) -> {
              ops.sparse()
                  .sparseMatmul(
                      2,
                      POINTER_SEGMENT,
                      0,
                      INDEX_SEGMENT,
                      WEIGHT_SEGMENT,
                      s[0],
                      at[0],
                      ROWS,
                      n,
                      0.5f,
                      s[1],
                      at[1],
                      n,
                      s[1],
                      at[1],
                      n,
                      n);
              return 0;
            }),
        new OpCase(
            "addWeightedRows",
            List.of(ROWS * row, INDICES.length * Float.BYTES, row),
            (ops, s, at) -> {
              ops.sparse()
                  .addWeightedRows(
                      INDICES.length,
                      INDEX_SEGMENT,
                      0,
                      s[1],
                      at[1],
                      s[0],
                      at[0],
                      ROWS,
                      n,
                      s[2],
                      at[2],
                      n);
              return 0;
            }),
        new OpCase(
            "rectifiedDot",
            List.of(row, row),
            (ops, s, at) -> ops.rows().rectifiedDot(s[0], at[0], s[1], at[1], n)),
        new OpCase(
            "scale",
            List.of(row),
            (ops, s, at) -> {
              ops.rows().scaleInPlace(0.5f, s[0], at[0], n);
              return 0;
            }),
        new OpCase(
            "multiply",
            List.of(row, row),
            (ops, s, at) -> {
              ops.rows().multiplyInPlace(s[0], at[0], s[1], at[1], n);
              return 0;
            }),
        new OpCase(
            "addCodes",
            List.of(n, row),
            (ops, s, at) -> {
              ops.rows().addCodesInPlace(0.5f, -1f, s[0], at[0], s[1], at[1], n);
              return 0;
            }),
        new OpCase(
            "indexAbove",
            List.of(row),
            (ops, s, at) -> ops.scan().indexAbove(1e9f, s[0], at[0], 0, n)),
        new OpCase(
            "maxima",
            List.of(row, COLS * Float.BYTES),
            (ops, s, at) -> {
              ops.scan().maxima(s[0], at[0], n, s[1], at[1], COLS);
              return 0;
            }),
        new OpCase(
            "hingeSum",
            List.of(row),
            (ops, s, at) -> ops.rows().hingeSumInPlace(0.1f, s[0], at[0], n)),
        new OpCase(
            "bpr",
            List.of(row, 4 * row),
            (ops, s, at) ->
                (float)
                    ops.bpr()
                        .bprInPlace(
                            0.01f, 0, s[0], at[0], s[1], at[1], n, POSITIVES, 0, NEGATIVES, 0, 3,
                            n)),
        new OpCase(
            "bprCosine",
            List.of(row, 4 * row),
            (ops, s, at) ->
                (float)
                    ops.bpr()
                        .bprCosineInPlace(
                            0.01f, 1, s[0], at[0], s[1], at[1], n, POSITIVES, 0, NEGATIVES, 0, 3,
                            n)),
        new OpCase(
            "matmul",
            List.of(ROWS * row, n * COLS * Float.BYTES, ROWS * COLS * Float.BYTES),
            (ops, s, at) -> {
              ops.matmul()
                  .matmulAdd(
                      ROWS, COLS, n, s[0], at[0], n, 1, s[1], at[1], COLS, s[2], at[2], COLS);
              return 0;
            }),
        new OpCase(
            "matmul, transposed",
            List.of(ROWS * row, n * COLS * Float.BYTES, ROWS * COLS * Float.BYTES),
            (ops, s, at) -> {
              ops.matmul()
                  .matmulAdd(
                      ROWS, COLS, n, s[0], at[0], 1, ROWS, s[1], at[1], COLS, s[2], at[2], COLS);
              return 0;
            }),
        new OpCase(
            "expSum",
            List.of(row),
            (ops, s, at) -> ops.rows().expSumInPlace(1.5f, 0.5f, s[0], at[0], n)),
        new OpCase(
            "normalizeMasked",
            List.of(row, row, row),
            (ops, s, at) -> ops.rows().normalizeMasked(s[0], at[0], s[1], at[1], s[2], at[2], n)),
        new OpCase(
            "normalizeMaskedBackward",
            List.of(row, row, row, row),
            (ops, s, at) -> {
              ops.rows()
                  .normalizeMaskedBackward(
                      2f, s[0], at[0], s[1], at[1], s[2], at[2], s[3], at[3], n);
              return 0;
            }),
        new OpCase(
            "adam",
            List.of(row, row, row, row),
            (ops, s, at) -> {
              ops.optimizers()
                  .adamInPlace(STEP, s[0], at[0], s[1], at[1], s[2], at[2], s[3], at[3], n);
              return 0;
            }),
        new OpCase(
            "adagrad",
            List.of(row, Float.BYTES, row),
            (ops, s, at) -> {
              ops.optimizers()
                  .adagradInPlace(0.01f, 1e-8f, 0.1f, s[0], at[0], s[1], at[1], s[2], at[2], n);
              return 0;
            }),
        new OpCase(
            "scoreTilesFp32",
            List.of(tileFloats * row, row, tileFloats * Float.BYTES),
            (ops, s, at) -> {
              ops.tiles().scoreTilesFp32(s[0], at[0], TILES, n, s[1], at[1], s[2], at[2]);
              return 0;
            }),
        new OpCase(
            "scoreTilesInt8",
            List.of(tileFloats * n, row, tileFloats * Float.BYTES),
            (ops, s, at) -> {
              ops.tiles().scoreTilesInt8(0.1f, s[0], at[0], TILES, n, s[1], at[1], s[2], at[2]);
              return 0;
            }),
        new OpCase(
            "scoreTilesInt4",
            List.of(TILES * (int) TileOps.int4TileBytes(n), row, tileFloats * Float.BYTES),
            (ops, s, at) -> {
              ops.tiles().scoreTilesInt4(s[0], at[0], TILES, n, s[1], at[1], s[2], at[2]);
              return 0;
            }),
        new OpCase(
            "scoreTilesInt2",
            List.of(TILES * (int) TileOps.int2TileBytes(n), row, tileFloats * Float.BYTES),
            (ops, s, at) -> {
              ops.tiles().scoreTilesInt2(s[0], at[0], TILES, n, s[1], at[1], s[2], at[2]);
              return 0;
            }),
        screen("screenTilesInt8", tileFloats * n, n, ScreenOps::screenTilesInt8),
        screen(
            "screenTilesInt4",
            TILES * (int) TileOps.int4TileBytes(n),
            n,
            ScreenOps::screenTilesInt4),
        screen(
            "screenTilesInt2",
            TILES * (int) TileOps.int2TileBytes(n),
            n,
            ScreenOps::screenTilesInt2));
  }

  private interface Screen {
    int run(ScreenOps ops, ScreenTask task, MemorySegment out, long outOffsetBytes);
  }

  /** Operands are tiles, query, entries, priors and norms. */
  private static OpCase screen(String name, int tileBytes, int dims, Screen screen) {
    int rows = TILES * TileOps.TILE_ROWS;
    ScreenTask task = new ScreenTask();
    return new OpCase(
        name,
        List.of(tileBytes, dims, rows * ScreenOps.ENTRY_BYTES, rows, rows * Short.BYTES),
        (ops, s, at) -> {
          task.factor = 0.5f;
          task.tiles = s[0];
          task.tilesOffsetBytes = at[0];
          task.tileCount = TILES;
          task.dims = dims;
          task.query = s[1];
          task.queryOffsetBytes = at[1];
          task.priors = s[3];
          task.priorsOffsetBytes = at[3];
          task.priorScale = 1;
          task.norms = s[4];
          task.normsOffsetBytes = at[4];
          task.normScale = 1e-5f;
          task.bar = Float.NEGATIVE_INFINITY;
          task.productBar = Float.NEGATIVE_INFINITY;
          task.capacity = rows;
          return screen.run(ops.screen(), task, s[2], at[2]);
        });
  }

  /**
   * Allocates operands that end where their segments end, one of them {@code shortBy} bytes early.
   */
  MemorySegment[] operands(Arena arena, int offsetBytes, int shortOperand, int shortBy) {
    MemorySegment[] operands = new MemorySegment[operandBytes.size()];
    for (int i = 0; i < operands.length; i++) {
      long bytes = (long) offsetBytes + operandBytes.get(i) - (i == shortOperand ? shortBy : 0);
      operands[i] = arena.allocate(Math.max(64, bytes), 64).asSlice(0, bytes).fill((byte) 0x3e);
    }
    return operands;
  }

  @Override
  public String toString() {
    return name;
  }
}
