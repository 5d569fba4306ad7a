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
 * BPR steps over rows of exactly four vectors, such as 64 floats at 512 bits: all rows of a triple
 * are in registers, and a row is loaded and stored once.
 *
 * <p>The user's row goes through memory from triple to triple, five cycles in the first-level
 * cache: C2 sometimes boxes a vector that a loop carries, and then does so for good.
 *
 * <p>The order of the lines matters. C2 inlines methods of ours, {@code sumLanes}, {@code exp} and
 * {@code touch} here, only as long as a kernel has fewer than 18,000 nodes; a vector load makes 500
 * of them, an operation 430. A call would spill all twelve vectors. Eight vectors a row are beyond
 * C1, whose profiling tier runs out of virtual registers, so that C2 never gets to see the method.
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
      FloatVector u0 = FloatVector.fromMemorySegment(F32, user, uAt, ORDER);
      FloatVector u1 = FloatVector.fromMemorySegment(F32, user, uAt + VECTOR_BYTES, ORDER);
      FloatVector u2 = FloatVector.fromMemorySegment(F32, user, uAt + 2L * VECTOR_BYTES, ORDER);
      FloatVector u3 = FloatVector.fromMemorySegment(F32, user, uAt + 3L * VECTOR_BYTES, ORDER);
      long p = row(positives, positivesAt, k, itemsAt, rowBytes);
      long q = row(negatives, negativesAt, k, itemsAt, rowBytes);
      FloatVector p0 = FloatVector.fromMemorySegment(F32, items, p, ORDER);
      FloatVector q0 = FloatVector.fromMemorySegment(F32, items, q, ORDER);
      FloatVector p1 = FloatVector.fromMemorySegment(F32, items, p + VECTOR_BYTES, ORDER);
      FloatVector q1 = FloatVector.fromMemorySegment(F32, items, q + VECTOR_BYTES, ORDER);
      FloatVector p2 = FloatVector.fromMemorySegment(F32, items, p + 2L * VECTOR_BYTES, ORDER);
      FloatVector q2 = FloatVector.fromMemorySegment(F32, items, q + 2L * VECTOR_BYTES, ORDER);
      FloatVector p3 = FloatVector.fromMemorySegment(F32, items, p + 3L * VECTOR_BYTES, ORDER);
      FloatVector q3 = FloatVector.fromMemorySegment(F32, items, q + 3L * VECTOR_BYTES, ORDER);
      FloatVector d0 = p0.sub(q0), d1 = p1.sub(q1), d2 = p2.sub(q2), d3 = p3.sub(q3);
      float x = sumLanes(u2.fma(d2, u0.mul(d0)).add(u3.fma(d3, u1.mul(d1))));
      float e = FastExp.exp(-x);
      int ahead = Math.min(k + AHEAD, count - 1);
      touched += touch(items, row(positives, positivesAt, ahead, itemsAt, rowBytes));
      touched += touch(items, row(negatives, negativesAt, ahead, itemsAt, rowBytes));
      float g = learningRate * (e / (1 + e));
      FloatVector gs = FloatVector.broadcast(F32, g);
      FloatVector minusGs = FloatVector.broadcast(F32, -g);
      gs.fma(u0, p0.mul(keep)).intoMemorySegment(items, p, ORDER);
      minusGs.fma(u0, q0.mul(keep)).intoMemorySegment(items, q, ORDER);
      gs.fma(u1, p1.mul(keep)).intoMemorySegment(items, p + VECTOR_BYTES, ORDER);
      minusGs.fma(u1, q1.mul(keep)).intoMemorySegment(items, q + VECTOR_BYTES, ORDER);
      gs.fma(u2, p2.mul(keep)).intoMemorySegment(items, p + 2L * VECTOR_BYTES, ORDER);
      minusGs.fma(u2, q2.mul(keep)).intoMemorySegment(items, q + 2L * VECTOR_BYTES, ORDER);
      gs.fma(u3, p3.mul(keep)).intoMemorySegment(items, p + 3L * VECTOR_BYTES, ORDER);
      minusGs.fma(u3, q3.mul(keep)).intoMemorySegment(items, q + 3L * VECTOR_BYTES, ORDER);
      gs.fma(d0, u0.mul(keep)).intoMemorySegment(user, uAt, ORDER);
      gs.fma(d1, u1.mul(keep)).intoMemorySegment(user, uAt + VECTOR_BYTES, ORDER);
      gs.fma(d2, u2.mul(keep)).intoMemorySegment(user, uAt + 2L * VECTOR_BYTES, ORDER);
      gs.fma(d3, u3.mul(keep)).intoMemorySegment(user, uAt + 3L * VECTOR_BYTES, ORDER);
      product *= 1.0 + e;
      if (product > LARGE) {
        product /= LARGE;
        scaled++;
      }
    }
    keepAlive(touched);
    return Math.log(product) + scaled * LOG_LARGE;
  }

  /** Loads something of a row; at 512 bits it has four cache lines, at 256 bits two. */
  private static int touch(MemorySegment items, long at) {
    int sum = items.get(INDEX, at);
    return ROW_BYTES > TOUCH_BYTES ? sum + items.get(INDEX, at + TOUCH_BYTES) : sum;
  }
}
