package org.concertina.kernel;

/**
 * Stateless vector operations over native memory, by families that may come from different places.
 *
 * <p>Offsets are in bytes, strides and sizes in floats unless the name says otherwise. Segments
 * must be native, ranges must lie inside them and outputs must not overlap inputs. Thread-safe;
 * nothing is allocated.
 *
 * @param name for logs and results, such as {@code panama-256}
 * @param vectorBits width of one vector; 32 for the scalar oracle
 * @param rows operations on rows of floats
 * @param optimizers steps of optimizers
 * @param matmul products of matrices
 * @param sparse products of sparse matrices
 * @param tiles exact scores of packed rows
 * @param screen fast scores of packed rows
 * @param scan searches in scores
 * @param bpr steps of BPR
 * @see VectorOpsProvider
 */
public record VectorOps(
    String name,
    int vectorBits,
    RowOps rows,
    OptimizerOps optimizers,
    MatmulOps matmul,
    SparseOps sparse,
    TileOps tiles,
    ScreenOps screen,
    ScanOps scan,
    BprOps bpr) {}
