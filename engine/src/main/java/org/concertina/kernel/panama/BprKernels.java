package org.concertina.kernel.panama;

import static org.concertina.kernel.panama.PanamaSpecies.ELEMENT;
import static org.concertina.kernel.panama.PanamaSpecies.F32;
import static org.concertina.kernel.panama.PanamaSpecies.LANES;
import static org.concertina.kernel.panama.PanamaSpecies.ORDER;
import static org.concertina.kernel.panama.PanamaSpecies.VECTOR_BYTES;
import static org.concertina.kernel.panama.PanamaSpecies.sumLanes;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import jdk.incubator.vector.FloatVector;
import org.concertina.kernel.FastExp;

/**
 * BPR steps over a user's triples; the user's row stays in the first-level cache.
 *
 * <p>Rows of the next triples are touched ahead of their use: Java has no prefetch, but plain loads
 * that nothing waits for overlap their misses just as well.
 */
final class BprKernels {
  private static final ValueLayout.OfInt INDEX = ValueLayout.JAVA_INT_UNALIGNED;

  /**
   * Triples touched at once: their rows fit the first-level cache with room to spare. As many
   * factors {@code 1 + exp(-x)} of at most 1.7e38 fit a double, so that they share a logarithm.
   */
  private static final int AHEAD = 8;

  private static final int LINE_BYTES = 64;

  private BprKernels() {}

  private static long row(
      MemorySegment indices, long indicesAt, int k, long itemsAt, long rowBytes) {
    return itemsAt + indices.get(INDEX, indicesAt + (long) k * Integer.BYTES) * rowBytes;
  }

  static double steps(
      float learningRate,
      float l2,
      MemorySegment user,
      long uAt,
      MemorySegment items,
      long itemsAt,
      long rowBytes,
      MemorySegment positives,
      long positivesAt,
      MemorySegment negatives,
      long negativesAt,
      int count,
      int n) {
    float keep = 1 - learningRate * l2;
    double loss = 0;
    double product = 1;
    int touched = 0;
    for (int first = 0; first < count; first += AHEAD) {
      int end = Math.min(first + AHEAD, count);
      for (int k = first; k < end; k++) {
        touched += touch(items, row(positives, positivesAt, k, itemsAt, rowBytes), n);
        touched += touch(items, row(negatives, negativesAt, k, itemsAt, rowBytes), n);
      }
      for (int k = first; k < end; k++) {
        long p = row(positives, positivesAt, k, itemsAt, rowBytes);
        long q = row(negatives, negativesAt, k, itemsAt, rowBytes);
        float e = FastExp.exp(-difference(user, uAt, items, p, q, n));
        update(learningRate * (e / (1 + e)), keep, user, uAt, items, p, q, n);
        product *= 1.0 + e;
      }
      loss += Math.log(product);
      product = 1;
    }
    if (touched == 0x5ca1ab1e) {
      Thread.onSpinWait(); // Keeps the loads alive.
    }
    return loss;
  }

  /** Loads something of every cache line of a row. */
  private static int touch(MemorySegment items, long at, int n) {
    int sum = 0;
    for (int i = 0; i < n; i += LINE_BYTES / Float.BYTES) {
      sum += items.get(INDEX, at + (long) i * Float.BYTES);
    }
    return sum;
  }

  /** {@code <u, p - q>}. */
  private static float difference(
      MemorySegment user, long uAt, MemorySegment items, long p, long q, int n) {
    int unrolled = n - n % (4 * LANES);
    int bound = n - n % LANES;
    FloatVector s0 = FloatVector.zero(F32), s1 = FloatVector.zero(F32);
    FloatVector s2 = FloatVector.zero(F32), s3 = FloatVector.zero(F32);
    int i = 0;
    for (; i < unrolled; i += 4 * LANES) {
      long at = (long) i * Float.BYTES;
      s0 =
          FloatVector.fromMemorySegment(F32, items, p + at, ORDER)
              .sub(FloatVector.fromMemorySegment(F32, items, q + at, ORDER))
              .fma(FloatVector.fromMemorySegment(F32, user, uAt + at, ORDER), s0);
      at += VECTOR_BYTES;
      s1 =
          FloatVector.fromMemorySegment(F32, items, p + at, ORDER)
              .sub(FloatVector.fromMemorySegment(F32, items, q + at, ORDER))
              .fma(FloatVector.fromMemorySegment(F32, user, uAt + at, ORDER), s1);
      at += VECTOR_BYTES;
      s2 =
          FloatVector.fromMemorySegment(F32, items, p + at, ORDER)
              .sub(FloatVector.fromMemorySegment(F32, items, q + at, ORDER))
              .fma(FloatVector.fromMemorySegment(F32, user, uAt + at, ORDER), s2);
      at += VECTOR_BYTES;
      s3 =
          FloatVector.fromMemorySegment(F32, items, p + at, ORDER)
              .sub(FloatVector.fromMemorySegment(F32, items, q + at, ORDER))
              .fma(FloatVector.fromMemorySegment(F32, user, uAt + at, ORDER), s3);
    }
    for (; i < bound; i += LANES) {
      long at = (long) i * Float.BYTES;
      s0 =
          FloatVector.fromMemorySegment(F32, items, p + at, ORDER)
              .sub(FloatVector.fromMemorySegment(F32, items, q + at, ORDER))
              .fma(FloatVector.fromMemorySegment(F32, user, uAt + at, ORDER), s0);
    }
    float sum = sumLanes(s0.add(s1).add(s2.add(s3)));
    for (; i < n; i++) {
      long at = (long) i * Float.BYTES;
      float difference = items.get(ELEMENT, p + at) - items.get(ELEMENT, q + at);
      sum = Math.fma(user.get(ELEMENT, uAt + at), difference, sum);
    }
    return sum;
  }

  private static void update(
      float g,
      float keep,
      MemorySegment user,
      long uAt,
      MemorySegment items,
      long p,
      long q,
      int n) {
    FloatVector gs = FloatVector.broadcast(F32, g);
    FloatVector minusGs = FloatVector.broadcast(F32, -g);
    int bound = n - n % LANES;
    int i = 0;
    for (; i < bound; i += LANES) {
      long at = (long) i * Float.BYTES;
      FloatVector u = FloatVector.fromMemorySegment(F32, user, uAt + at, ORDER);
      FloatVector liked = FloatVector.fromMemorySegment(F32, items, p + at, ORDER);
      FloatVector other = FloatVector.fromMemorySegment(F32, items, q + at, ORDER);
      gs.fma(liked.sub(other), u.mul(keep)).intoMemorySegment(user, uAt + at, ORDER);
      gs.fma(u, liked.mul(keep)).intoMemorySegment(items, p + at, ORDER);
      minusGs.fma(u, other.mul(keep)).intoMemorySegment(items, q + at, ORDER);
    }
    for (; i < n; i++) {
      long at = (long) i * Float.BYTES;
      float u = user.get(ELEMENT, uAt + at);
      float liked = items.get(ELEMENT, p + at);
      float other = items.get(ELEMENT, q + at);
      user.set(ELEMENT, uAt + at, Math.fma(g, liked - other, keep * u));
      items.set(ELEMENT, p + at, Math.fma(g, u, keep * liked));
      items.set(ELEMENT, q + at, Math.fma(-g, u, keep * other));
    }
  }
}
