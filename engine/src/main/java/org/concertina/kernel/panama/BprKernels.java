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
 * <p>Each triple waits for the one before, through the user's row, and for two rows from anywhere
 * in the item table. Java has no prefetch; instead one word of every cache line is loaded four
 * triples ahead, where the CPU waits for the score anyway: 78 ns a triple of 64 floats instead of
 * 114. Range checks, in contrast, cost nothing that can be measured.
 */
final class BprKernels {
  private static final ValueLayout.OfInt INDEX = ValueLayout.JAVA_INT_UNALIGNED;

  /** So many factors {@code 1 + exp(-x)} of at most 1.7e38 fit a double and share a logarithm. */
  private static final int PER_LOG = 8;

  /** Triples from a touch to the use. */
  private static final int AHEAD = 4;

  private static final long LINE_BYTES = 64;
  private static final int LINE_FLOATS = 16;

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
    for (int first = 0; first < count; first += PER_LOG) {
      int end = Math.min(first + PER_LOG, count);
      for (int k = first; k < end; k++) {
        long p = row(positives, positivesAt, k, itemsAt, rowBytes);
        long q = row(negatives, negativesAt, k, itemsAt, rowBytes);
        float x = difference(user, uAt, items, p, q, n);
        int ahead = Math.min(k + AHEAD, count - 1);
        touched += touch(items, row(positives, positivesAt, ahead, itemsAt, rowBytes), n);
        touched += touch(items, row(negatives, negativesAt, ahead, itemsAt, rowBytes), n);
        float e = FastExp.exp(-x);
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
    int i = 0;
    for (; i + 4 * LINE_FLOATS <= n; i += 4 * LINE_FLOATS) {
      long line = at + (long) i * Float.BYTES;
      sum += items.get(INDEX, line) + items.get(INDEX, line + LINE_BYTES);
      sum += items.get(INDEX, line + 2 * LINE_BYTES) + items.get(INDEX, line + 3 * LINE_BYTES);
    }
    for (; i < n; i += LINE_FLOATS) {
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
