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
 * BPR steps over a user's triples, for rows of any size; {@link BprRegisterKernels} has rows of
 * four vectors.
 *
 * <p>Each triple waits for the one before, through the user's row, and for two rows from anywhere
 * in the item table. Java has no prefetch, and a load ahead of its time holds up everything behind
 * it: longer rows than the CPU's window of instructions gain nothing from loads a few triples
 * ahead. So the rows of some triples are fetched together, all their misses at once.
 */
final class BprKernels {
  static final ValueLayout.OfInt INDEX = ValueLayout.JAVA_INT_UNALIGNED;

  /** Products of factors {@code 1 + exp(-x)}, at most 1.7e38 each, are scaled back above this. */
  static final double LARGE = 0x1p500;

  static final double LOG_LARGE = 500 * 0.6931471805599453;

  /** Triples whose rows are fetched together; at 512 floats a row still half of a cache. */
  static final int TOGETHER = 16;

  private static final int LINE_FLOATS = 16;
  private static final long LINE_BYTES = 64;

  private BprKernels() {}

  /** Where the row of index {@code k} begins. */
  static long row(MemorySegment indices, long indicesAt, int k, long itemsAt, long rowBytes) {
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
    double product = 1;
    int scaled = 0;
    int touched = 0;
    for (int first = 0; first < count; first += TOGETHER) {
      int end = Math.min(first + TOGETHER, count);
      touched += touch(items, itemsAt, rowBytes, positives, positivesAt, first, end, n);
      touched += touch(items, itemsAt, rowBytes, negatives, negativesAt, first, end, n);
      for (int k = first; k < end; k++) {
        long p = row(positives, positivesAt, k, itemsAt, rowBytes);
        long q = row(negatives, negativesAt, k, itemsAt, rowBytes);
        float e = FastExp.exp(-difference(user, uAt, items, p, q, n));
        update(learningRate * (e / (1 + e)), keep, user, uAt, items, p, q, n);
        product *= 1.0 + e;
        if (product > LARGE) {
          product /= LARGE;
          scaled++;
        }
      }
    }
    keepAlive(touched);
    return Math.log(product) + scaled * LOG_LARGE;
  }

  /** Makes sure that the loads of a touch are not left out. */
  static void keepAlive(int touched) {
    if (touched == 0x5ca1ab1e) {
      Thread.onSpinWait();
    }
  }

  /** Loads something of every cache line of some rows. */
  static int touch(
      MemorySegment items,
      long itemsAt,
      long rowBytes,
      MemorySegment indices,
      long indicesAt,
      int from,
      int to,
      int n) {
    int sum = 0;
    for (int k = from; k < to; k++) {
      long at = row(indices, indicesAt, k, itemsAt, rowBytes);
      long end = at + (long) n * Float.BYTES;
      long unrolled = end - (long) (n % (4 * LINE_FLOATS)) * Float.BYTES;
      // Not <, which would make this a counted loop, with loops before and after it.
      while (at != unrolled) {
        sum += items.get(INDEX, at) + items.get(INDEX, at + LINE_BYTES);
        sum += items.get(INDEX, at + 2 * LINE_BYTES) + items.get(INDEX, at + 3 * LINE_BYTES);
        at += 4 * LINE_BYTES;
      }
      for (; at < end; at += LINE_BYTES) {
        sum += items.get(INDEX, at);
      }
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
