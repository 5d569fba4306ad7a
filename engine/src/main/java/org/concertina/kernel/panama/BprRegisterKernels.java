package org.concertina.kernel.panama;

import static org.concertina.kernel.panama.BprKernels.INDEX;
import static org.concertina.kernel.panama.BprKernels.LARGE;
import static org.concertina.kernel.panama.BprKernels.LOG_LARGE;
import static org.concertina.kernel.panama.BprKernels.keepAlive;
import static org.concertina.kernel.panama.BprKernels.row;
import static org.concertina.kernel.panama.PanamaSpecies.F32;
import static org.concertina.kernel.panama.PanamaSpecies.LANES;
import static org.concertina.kernel.panama.PanamaSpecies.ORDER;
import static org.concertina.kernel.panama.PanamaSpecies.VECTOR_BYTES;
import static org.concertina.kernel.panama.PanamaSpecies.sumLanes;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import org.concertina.kernel.FastExp;

/**
 * BPR steps over rows of exactly four vectors, such as 64 floats at 512 bits, without loops over a
 * row.
 *
 * <p>A triple is two methods, and its rows are loaded twice, the second time from the first-level
 * cache. In one method they would be loaded once, but C2 gives up in the middle of some 18,000
 * nodes, of which a vector load makes 500 and an operation 430; where that is depends on what ran
 * before, and vectors that are left over are boxed for good.
 */
final class BprRegisterKernels {
  static final int FLOATS = 4 * LANES;

  private static final int ROW_BYTES = 4 * VECTOR_BYTES;

  /** Triples from a touch to the use: as far ahead as the CPU's window of instructions reaches. */
  private static final int AHEAD = 4;

  /**
   * Every other cache line is touched, since a touch also holds up what comes after it; the row's
   * own loads, which wait for nothing, fetch the lines between.
   */
  private static final int TOUCH_BYTES = 128;

  private BprRegisterKernels() {}

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
      int count) {
    float keep = 1 - learningRate * l2;
    double product = 1;
    int scaled = 0;
    int touched = 0;
    for (int k = 0; k < count; k++) {
      long p = row(positives, positivesAt, k, itemsAt, rowBytes);
      long q = row(negatives, negativesAt, k, itemsAt, rowBytes);
      float e = FastExp.exp(-difference(user, uAt, items, p, q));
      int ahead = Math.min(k + AHEAD, count - 1);
      touched += touch(items, row(positives, positivesAt, ahead, itemsAt, rowBytes));
      touched += touch(items, row(negatives, negativesAt, ahead, itemsAt, rowBytes));
      update(learningRate * (e / (1 + e)), keep, user, uAt, items, p, q);
      product *= 1.0 + e;
      if (product > LARGE) {
        product /= LARGE;
        scaled++;
      }
    }
    keepAlive(touched);
    return Math.log(product) + scaled * LOG_LARGE;
  }

  /** {@code <u, p - q>}. */
  private static float difference(
      MemorySegment user, long uAt, MemorySegment items, long p, long q) {
    FloatVector p0 = FloatVector.fromMemorySegment(F32, items, p, ORDER);
    FloatVector q0 = FloatVector.fromMemorySegment(F32, items, q, ORDER);
    FloatVector u0 = FloatVector.fromMemorySegment(F32, user, uAt, ORDER);
    FloatVector p1 = FloatVector.fromMemorySegment(F32, items, p + VECTOR_BYTES, ORDER);
    FloatVector q1 = FloatVector.fromMemorySegment(F32, items, q + VECTOR_BYTES, ORDER);
    FloatVector u1 = FloatVector.fromMemorySegment(F32, user, uAt + VECTOR_BYTES, ORDER);
    FloatVector p2 = FloatVector.fromMemorySegment(F32, items, p + 2L * VECTOR_BYTES, ORDER);
    FloatVector q2 = FloatVector.fromMemorySegment(F32, items, q + 2L * VECTOR_BYTES, ORDER);
    FloatVector u2 = FloatVector.fromMemorySegment(F32, user, uAt + 2L * VECTOR_BYTES, ORDER);
    FloatVector p3 = FloatVector.fromMemorySegment(F32, items, p + 3L * VECTOR_BYTES, ORDER);
    FloatVector q3 = FloatVector.fromMemorySegment(F32, items, q + 3L * VECTOR_BYTES, ORDER);
    FloatVector u3 = FloatVector.fromMemorySegment(F32, user, uAt + 3L * VECTOR_BYTES, ORDER);
    FloatVector even = u2.fma(p2.sub(q2), u0.mul(p0.sub(q0)));
    FloatVector odd = u3.fma(p3.sub(q3), u1.mul(p1.sub(q1)));
    return sumLanes(even.add(odd));
  }

  private static void update(
      float g, float keep, MemorySegment user, long uAt, MemorySegment items, long p, long q) {
    FloatVector gs = FloatVector.broadcast(F32, g);
    FloatVector minusGs = FloatVector.broadcast(F32, -g);
    FloatVector p0 = FloatVector.fromMemorySegment(F32, items, p, ORDER);
    FloatVector q0 = FloatVector.fromMemorySegment(F32, items, q, ORDER);
    FloatVector u0 = FloatVector.fromMemorySegment(F32, user, uAt, ORDER);
    gs.fma(p0.sub(q0), u0.mul(keep)).intoMemorySegment(user, uAt, ORDER);
    gs.fma(u0, p0.mul(keep)).intoMemorySegment(items, p, ORDER);
    minusGs.fma(u0, q0.mul(keep)).intoMemorySegment(items, q, ORDER);
    FloatVector p1 = FloatVector.fromMemorySegment(F32, items, p + VECTOR_BYTES, ORDER);
    FloatVector q1 = FloatVector.fromMemorySegment(F32, items, q + VECTOR_BYTES, ORDER);
    FloatVector u1 = FloatVector.fromMemorySegment(F32, user, uAt + VECTOR_BYTES, ORDER);
    gs.fma(p1.sub(q1), u1.mul(keep)).intoMemorySegment(user, uAt + VECTOR_BYTES, ORDER);
    gs.fma(u1, p1.mul(keep)).intoMemorySegment(items, p + VECTOR_BYTES, ORDER);
    minusGs.fma(u1, q1.mul(keep)).intoMemorySegment(items, q + VECTOR_BYTES, ORDER);
    FloatVector p2 = FloatVector.fromMemorySegment(F32, items, p + 2L * VECTOR_BYTES, ORDER);
    FloatVector q2 = FloatVector.fromMemorySegment(F32, items, q + 2L * VECTOR_BYTES, ORDER);
    FloatVector u2 = FloatVector.fromMemorySegment(F32, user, uAt + 2L * VECTOR_BYTES, ORDER);
    gs.fma(p2.sub(q2), u2.mul(keep)).intoMemorySegment(user, uAt + 2L * VECTOR_BYTES, ORDER);
    gs.fma(u2, p2.mul(keep)).intoMemorySegment(items, p + 2L * VECTOR_BYTES, ORDER);
    minusGs.fma(u2, q2.mul(keep)).intoMemorySegment(items, q + 2L * VECTOR_BYTES, ORDER);
    FloatVector p3 = FloatVector.fromMemorySegment(F32, items, p + 3L * VECTOR_BYTES, ORDER);
    FloatVector q3 = FloatVector.fromMemorySegment(F32, items, q + 3L * VECTOR_BYTES, ORDER);
    FloatVector u3 = FloatVector.fromMemorySegment(F32, user, uAt + 3L * VECTOR_BYTES, ORDER);
    gs.fma(p3.sub(q3), u3.mul(keep)).intoMemorySegment(user, uAt + 3L * VECTOR_BYTES, ORDER);
    gs.fma(u3, p3.mul(keep)).intoMemorySegment(items, p + 3L * VECTOR_BYTES, ORDER);
    minusGs.fma(u3, q3.mul(keep)).intoMemorySegment(items, q + 3L * VECTOR_BYTES, ORDER);
  }

  /** Loads something of a row; at 512 bits it has four cache lines, at 256 bits two. */
  private static int touch(MemorySegment items, long at) {
    int sum = items.get(INDEX, at);
    return ROW_BYTES > TOUCH_BYTES ? sum + items.get(INDEX, at + TOUCH_BYTES) : sum;
  }
}
