package org.concertina.kernel;

import java.lang.foreign.MemorySegment;

/**
 * Steps of BPR over one user's triples.
 *
 * <p>Offsets are in bytes, strides and sizes in floats unless the name says otherwise; see {@link
 * VectorOps} for what holds of all operations.
 */
public interface BprOps {
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
