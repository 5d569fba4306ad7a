package org.concertina.kernel;

import java.lang.foreign.MemorySegment;

/**
 * Stateless vector operations over native memory.
 *
 * <p>Offsets are in bytes, strides and sizes in floats unless the name says otherwise. Segments
 * must be native, ranges must lie inside them and outputs must not overlap inputs. Thread-safe;
 * nothing is allocated.
 *
 * @see VectorOpsProvider
 */
public interface VectorOps {
  /** Rows of one tile, the unit of the packed layout that {@link #scoreTilesFp32} reads. */
  int TILE_ROWS = 16;

  /** Name for logs and results, such as {@code panama-256}. */
  String name();

  /** Width of one vector in bits; 32 for the scalar oracle. */
  int vectorBits();

  /**
   * Returns {@code sum x_i * y_i}; the order of the sum depends on the provider and its width,
   * never on the run.
   */
  float dot(MemorySegment x, long xOffsetBytes, MemorySegment y, long yOffsetBytes, int n);

  /**
   * Returns {@code sum max(0, x_i) * w_i}, the output of rectified units; NaN in {@code x} counts
   * as 0. The order of the sum depends on the provider and its width, never on the run.
   */
  float rectifiedDot(MemorySegment x, long xOffsetBytes, MemorySegment w, long wOffsetBytes, int n);

  /** {@code y += alpha * x}; bit-exact. */
  void axpyInPlace(
      float alpha, MemorySegment x, long xOffsetBytes, MemorySegment y, long yOffsetBytes, int n);

  /**
   * {@code out += sum over j < count of weights[j] * table[indices[j]]}, the rows of a sparse
   * product. Bit-exact: every element is {@code fma(weights[j], table[indices[j], k], out[k])} in
   * the order of {@code j}.
   *
   * <p>{@code out} may be other columns of the table's own rows.
   *
   * @param indices {@code count} ints
   * @param weights {@code count} floats
   * @param tableRows rows of the table
   * @param tableRowStride floats from one of its rows to the next
   * @param n floats of a row
   * @throws IndexOutOfBoundsException if an index is not below {@code tableRows}; if {@code n > 0},
   *     nothing was written then
   */
  void addWeightedRows(
      int count,
      MemorySegment indices,
      long indicesOffsetBytes,
      MemorySegment weights,
      long weightsOffsetBytes,
      MemorySegment table,
      long tableOffsetBytes,
      long tableRows,
      long tableRowStride,
      MemorySegment out,
      long outOffsetBytes,
      int n);

  /**
   * Rows of a sparse product: {@code out[r] = scale * (base[r] + sum over j of weights[j] *
   * table[indices[j]])} with {@code j} from {@code pointers[r]} to {@code pointers[r + 1] - 1}, for
   * {@code r < rows}. Bit-exact: every element is {@code fma(weights[j], table[indices[j], k],
   * sum)} in the order of {@code j}, then {@code scale * sum}.
   *
   * <p>{@code base} may be {@code out} itself, or one row for all with a stride of 0; {@code out}
   * may be other columns of the table's own rows.
   *
   * @param pointers {@code rows + 1} longs that do not descend; positions in indices and weights
   * @param indices ints from the segment's start
   * @param weights floats from the segment's start
   * @param tableRows rows of the table
   * @param tableRowStride floats from one of its rows to the next
   * @param n floats of a row
   * @throws IndexOutOfBoundsException if an index is not below {@code tableRows} or a pointer is
   *     outside; rows before the bad one may have been written then
   */
  void sparseMatmul(
      int rows,
      MemorySegment pointers,
      long pointersOffsetBytes,
      MemorySegment indices,
      MemorySegment weights,
      MemorySegment table,
      long tableOffsetBytes,
      long tableRows,
      long tableRowStride,
      float scale,
      MemorySegment base,
      long baseOffsetBytes,
      long baseRowStride,
      MemorySegment out,
      long outOffsetBytes,
      long outRowStride,
      int n);

  /** {@code x *= alpha}; bit-exact. */
  void scaleInPlace(float alpha, MemorySegment x, long xOffsetBytes, int n);

  /** {@code y *= x}, element by element; bit-exact. */
  void multiplyInPlace(
      MemorySegment x, long xOffsetBytes, MemorySegment y, long yOffsetBytes, int n);

  /**
   * {@code x_i += base + scale * code_i}: adds what a run of signed bytes decodes to. Bit-exact:
   * every element is {@code x_i + fma(scale, (float) code_i, base)}.
   *
   * @param codes {@code n} bytes
   */
  void addCodesInPlace(
      float scale,
      float base,
      MemorySegment codes,
      long codesOffsetBytes,
      MemorySegment x,
      long xOffsetBytes,
      int n);

  /**
   * {@code C += A * B} with {@code A: rows x depth}, {@code B: depth x cols}, {@code C: rows x
   * cols}.
   *
   * <p>{@code B} and {@code C} are row-major; {@code A} has any strides >= 0, so that a transposed
   * matrix needs no copy, and is fastest when {@code aRowStride == 1}. Bit-exact: every element is
   * {@code fma(a[r,0], b[0,c], C[r,c])} and so on in the order of {@code depth}.
   */
  void matmulAdd(
      int rows,
      int cols,
      int depth,
      MemorySegment a,
      long aOffsetBytes,
      long aRowStride,
      long aDepthStride,
      MemorySegment b,
      long bOffsetBytes,
      long bRowStride,
      MemorySegment c,
      long cOffsetBytes,
      long cRowStride);

  /**
   * {@code x_i = exp(scale * (x_i - shift))} in place; returns the sum of the results.
   *
   * <p>The relative error of each result is below {@link FastExp#MAX_RELATIVE_ERROR}; arguments of
   * exp are clamped to {@code [-86, 88]}; NaN gives NaN.
   */
  float expSumInPlace(float scale, float shift, MemorySegment x, long xOffsetBytes, int n);

  /**
   * {@code y = (mask * x) / ||mask * x||}, with {@code mask} of zeros and ones; a vector whose norm
   * is below {@link Float#MIN_NORMAL} becomes zero.
   *
   * @return {@code 1 / ||mask * x||}, or 0 when the result is zero; see {@link Norms}
   */
  float normalizeMasked(
      MemorySegment x,
      long xOffsetBytes,
      MemorySegment mask,
      long maskOffsetBytes,
      MemorySegment y,
      long yOffsetBytes,
      int n);

  /**
   * Chain rule of {@link #normalizeMasked}: {@code gx += mask * inverseNorm * (gy - <gy, y> y)}.
   *
   * @param inverseNorm what the forward pass returned
   */
  void normalizeMaskedBackward(
      float inverseNorm,
      MemorySegment y,
      long yOffsetBytes,
      MemorySegment mask,
      long maskOffsetBytes,
      MemorySegment gy,
      long gyOffsetBytes,
      MemorySegment gx,
      long gxOffsetBytes,
      int n);

  /**
   * One Adam step (Kingma and Ba, ICLR 2015) of one row, with {@code l2 * w} added to the gradient.
   * Bit-exact.
   *
   * @param step constants of this step
   */
  void adamInPlace(
      AdamStep step,
      MemorySegment w,
      long wOffsetBytes,
      MemorySegment m,
      long mOffsetBytes,
      MemorySegment v,
      long vOffsetBytes,
      MemorySegment gradient,
      long gradientOffsetBytes,
      int n);

  /**
   * One step of Adagrad (Duchi et al., JMLR 2011) with one accumulator for a whole row.
   *
   * <p>With {@code g_i = gradient_i + l2 * w_i}: the accumulator grows by the mean of {@code g_i^2}
   * over the {@code n} floats, then {@code w_i -= learningRate / (sqrt(accumulator) + epsilon) *
   * g_i}. The order of the mean's sum depends on the provider and its width, never on the run. With
   * {@code n == 0} nothing changes.
   *
   * @param accumulator one float, zero before the first step
   */
  void adagradInPlace(
      float learningRate,
      float epsilon,
      float l2,
      MemorySegment w,
      long wOffsetBytes,
      MemorySegment accumulator,
      long accumulatorOffsetBytes,
      MemorySegment gradient,
      long gradientOffsetBytes,
      int n);

  /**
   * Scores rows that are stored as tiles: {@code out[t*16 + r] = sum_k query[k] * tiles[(t*dims +
   * k)*16 + r]}.
   *
   * <p>A tile holds {@link #TILE_ROWS} rows, dimension by dimension, so that scoring is a stream of
   * multiply-adds with no sum across lanes. Bit-exact.
   */
  void scoreTilesFp32(
      MemorySegment tiles,
      long tilesOffsetBytes,
      int tileCount,
      int dims,
      MemorySegment query,
      long queryOffsetBytes,
      MemorySegment out,
      long outOffsetBytes);

  /**
   * As {@link #scoreTilesFp32} for rows of signed bytes: {@code out = scale * sum_k query[k] *
   * (float) code}. Bit-exact.
   */
  void scoreTilesInt8(
      float scale,
      MemorySegment tiles,
      long tilesOffsetBytes,
      int tileCount,
      int dims,
      MemorySegment query,
      long queryOffsetBytes,
      MemorySegment out,
      long outOffsetBytes);

  /**
   * As {@link #scoreTilesFp32} for rows of four-bit codes that count as unit vectors: {@code out =
   * (sum_k query[k] * (float) code) * (1 / sqrt(max(1, sum_k code^2)))}, so a row of zeros scores
   * 0. Bit-exact, both sums being multiply-adds in the order of {@code k}.
   *
   * <p>Four dimensions of a row are one little-endian 16-bit word, the first in its top four bits,
   * in two's complement; word {@code m} of row {@code r} of tile {@code t} is word {@code (t *
   * ceil(dims / 4) + m) * 16 + r}. Codes behind the last dimension must be 0.
   *
   * @param tiles {@code tileCount} times {@link #int4TileBytes}
   */
  void scoreTilesInt4(
      MemorySegment tiles,
      long tilesOffsetBytes,
      int tileCount,
      int dims,
      MemorySegment query,
      long queryOffsetBytes,
      MemorySegment out,
      long outOffsetBytes);

  /**
   * As {@link #scoreTilesInt4} for rows of two-bit codes -3, -1, 1 and 3: {@code out = (sum_k
   * query[k] * (float) code) * (1 / sqrt(max(1, sum_k code^2)))}. Bit-exact, both sums being
   * multiply-adds in the order of {@code k}.
   *
   * <p>Eight dimensions of a row are one little-endian 16-bit word, the first in its top two bits;
   * two bits are a number {@code t} in [-2, 1] in two's complement, and the code is {@code 2 t +
   * 1}. Word {@code m} of row {@code r} of tile {@code t} is word {@code (t * ceil(dims / 8) + m) *
   * 16 + r}. Bits behind the last dimension count for nothing.
   *
   * @param tiles {@code tileCount} times {@link #int2TileBytes}
   */
  void scoreTilesInt2(
      MemorySegment tiles,
      long tilesOffsetBytes,
      int tileCount,
      int dims,
      MemorySegment query,
      long queryOffsetBytes,
      MemorySegment out,
      long outOffsetBytes);

  /**
   * Whether {@link #screenTilesInt8} and {@link #screenTilesInt4} are much faster than the exact
   * scores, so that it pays to ask them first which rows are worth an exact score.
   */
  default boolean screens() {
    return false;
  }

  /** The most dimensions that rows may have to be screened. */
  int MAX_SCREEN_DIMS = 1020;

  /** Bounds of a tile of unit codes: a float a row, then one for the tile. */
  int UNIT_BOUND_FLOATS = TILE_ROWS + 1;

  /**
   * As {@link #scoreTilesInt8} for a query of signed bytes too: {@code out = factor * (float) sum_k
   * query[k] * code}. The sum is one of integers and so exact. Bit-exact.
   *
   * <p>Where the first dimensions show that no row of a tile is above a bar, a kernel may leave out
   * the rest and set all of its rows to negative infinity: if {@code factor * sum_(k < firstDims)
   * query[k] * code <= bar - restNorm * bound} for all of them. By Cauchy and Schwarz that is right
   * if {@code restNorm} is {@code factor} times the norm of the query's other dimensions, and the
   * bound at least the norm of any row's.
   *
   * @param dims at most {@link #MAX_SCREEN_DIMS}
   * @param query signed bytes in [-127, 127]
   * @param bounds a float a tile; not read without {@code firstDims}
   * @param firstDims a multiple of 8 below {@code dims}, or 0 for no bar
   * @param bar not NaN
   */
  default void screenTilesInt8(
      float factor,
      MemorySegment tiles,
      long tilesOffsetBytes,
      int tileCount,
      int dims,
      MemorySegment query,
      long queryOffsetBytes,
      MemorySegment bounds,
      long boundsOffsetBytes,
      int firstDims,
      float restNorm,
      float bar,
      MemorySegment out,
      long outOffsetBytes) {
    Ranges.checkScreenBounds(bounds, boundsOffsetBytes, firstDims, dims, tileCount);
    IntegerScreen.int8(
        factor,
        tiles,
        tilesOffsetBytes,
        tileCount,
        dims,
        query,
        queryOffsetBytes,
        out,
        outOffsetBytes);
  }

  /** How far the screening of unit codes may be off, as a share of its result. */
  double UNIT_SCREEN_ERROR = 0x1p-13;

  /**
   * As {@link #scoreTilesInt4} for a query of signed bytes: {@code out = (factor * (float) sum_k
   * query[k] * code) * (1 / sqrt(max(1, sum_k code^2)))}. The sums are of integers and so exact;
   * the root need not be, and {@code out} is within {@link #UNIT_SCREEN_ERROR} of its size.
   *
   * <p>Bounds have {@link #UNIT_BOUND_FLOATS} a tile: for every row the inverse norm by which its
   * sum is multiplied, which a kernel may take instead of computing it, and then the bound, that of
   * rows so multiplied.
   *
   * @param dims at most {@link #MAX_SCREEN_DIMS}
   * @param query signed bytes in [-127, 127]
   * @param boundsOffsetBytes -1 if there are none; {@code firstDims} is 0 then
   * @see #screenTilesInt8
   */
  default void screenTilesInt4(
      float factor,
      MemorySegment tiles,
      long tilesOffsetBytes,
      int tileCount,
      int dims,
      MemorySegment query,
      long queryOffsetBytes,
      MemorySegment bounds,
      long boundsOffsetBytes,
      int firstDims,
      float restNorm,
      float bar,
      MemorySegment out,
      long outOffsetBytes) {
    Ranges.checkScreenBounds(
        bounds, boundsOffsetBytes, firstDims, dims, (long) tileCount * UNIT_BOUND_FLOATS);
    IntegerScreen.int4(
        factor,
        tiles,
        tilesOffsetBytes,
        tileCount,
        dims,
        query,
        queryOffsetBytes,
        out,
        outOffsetBytes);
  }

  /**
   * As {@link #screenTilesInt4} for rows of two-bit codes; bits behind the last dimension must be
   * 0.
   *
   * @param dims at most {@link #MAX_SCREEN_DIMS}
   * @param query signed bytes in [-127, 127]
   */
  default void screenTilesInt2(
      float factor,
      MemorySegment tiles,
      long tilesOffsetBytes,
      int tileCount,
      int dims,
      MemorySegment query,
      long queryOffsetBytes,
      MemorySegment bounds,
      long boundsOffsetBytes,
      int firstDims,
      float restNorm,
      float bar,
      MemorySegment out,
      long outOffsetBytes) {
    Ranges.checkScreenBounds(
        bounds, boundsOffsetBytes, firstDims, dims, (long) tileCount * UNIT_BOUND_FLOATS);
    IntegerScreen.int2(
        factor,
        tiles,
        tilesOffsetBytes,
        tileCount,
        dims,
        query,
        queryOffsetBytes,
        out,
        outOffsetBytes);
  }

  /** Bytes of one tile that {@link #scoreTilesInt2} reads. */
  static long int2TileBytes(int dims) {
    return (dims + 7L) / 8 * TILE_ROWS * Short.BYTES;
  }

  /** Bytes of one tile that {@link #scoreTilesInt4} reads. */
  static long int4TileBytes(int dims) {
    return (dims + 3L) / 4 * TILE_ROWS * Short.BYTES;
  }

  /**
   * The first index {@code i >= from} with {@code x_i > threshold}, or {@code n}; NaN is above
   * nothing.
   */
  int indexAbove(float threshold, MemorySegment x, long xOffsetBytes, int from, int n);

  /**
   * {@code out_j} = the largest {@code x_i} with {@code i mod count = j}, or negative infinity if
   * there is none; NaN is larger than nothing. The {@code k}-th largest of these is at most the
   * {@code k}-th largest of all. Bit-exact.
   *
   * @param count floats of {@code out}; {@code x} and {@code out} do not overlap
   */
  void maxima(
      MemorySegment x, long xOffsetBytes, int n, MemorySegment out, long outOffsetBytes, int count);

  /**
   * {@code x_i = x_i > margin ? 1 : 0} in place; returns {@code sum max(0, x_i - margin)} of the
   * values before. NaN is above nothing. The flags are bit-exact; the order of the sum depends on
   * the provider and its width.
   */
  float hingeSumInPlace(float margin, MemorySegment x, long xOffsetBytes, int n);

  /**
   * Plain gradient steps of BPR (Rendle et al., UAI 2009) over one user's triples, in their order.
   *
   * <p>With rows {@code u}, {@code p = items[positives[k]]} and {@code q = items[negatives[k]]}:
   * {@code x = <u, p - q>} and {@code g = learningRate / (1 + exp(x))}, then {@code u += g (p -
   * q)}, {@code p += g u} and {@code q -= g u} with the values before, each row first shrunk by
   * {@code 1 - learningRate * l2}. The order of the sum in {@code x} depends on the provider, its
   * width and {@code n}. All indices are checked before anything is written; a positive and its
   * negative must differ, and the user's row is none of the items'. Threads may share the items on
   * purpose, with lost updates and without torn floats.
   *
   * @param itemStride floats from one item row's start to the next
   * @param positives {@code count} ints
   * @param negatives {@code count} ints
   * @param n floats of a row that take part
   * @return {@code sum log(1 + exp(-x))}
   */
  double bprInPlace(
      float learningRate,
      float l2,
      MemorySegment user,
      long userOffsetBytes,
      MemorySegment items,
      long itemsOffsetBytes,
      long itemStride,
      MemorySegment positives,
      long positivesOffsetBytes,
      MemorySegment negatives,
      long negativesOffsetBytes,
      int count,
      int n);

  /**
   * As {@link #bprInPlace}, on cosines: rows turn and keep their lengths.
   *
   * <p>With the unit rows {@code u', p', q'} of {@code u}, {@code p} and {@code q}: {@code x = <u',
   * p' - q'> / temperature} and {@code g = learningRate / (temperature (1 + exp(x)))}, then {@code
   * u' += g (p' - q')}, {@code p' += g u'} and {@code q' -= g u'} with the values before; each is
   * brought back to unit length and multiplied by the length that its row had. The {@code n} floats
   * are the row, so a prefix turns within itself. A row of zeros has no direction: its cosines are
   * 0, it moves nothing and stays as it is.
   *
   * @return {@code sum log(1 + exp(-x))}
   */
  double bprCosineInPlace(
      float learningRate,
      float temperature,
      MemorySegment user,
      long userOffsetBytes,
      MemorySegment items,
      long itemsOffsetBytes,
      long itemStride,
      MemorySegment positives,
      long positivesOffsetBytes,
      MemorySegment negatives,
      long negativesOffsetBytes,
      int count,
      int n);
}
