package org.concertina.kernel.panama;

import static org.concertina.kernel.panama.BprKernels.LARGE;
import static org.concertina.kernel.panama.BprKernels.LOG_LARGE;
import static org.concertina.kernel.panama.BprKernels.TOGETHER;
import static org.concertina.kernel.panama.BprKernels.keepAlive;
import static org.concertina.kernel.panama.BprKernels.row;
import static org.concertina.kernel.panama.BprKernels.touch;
import static org.concertina.kernel.panama.PanamaSpecies.ELEMENT;
import static org.concertina.kernel.panama.PanamaSpecies.F32;
import static org.concertina.kernel.panama.PanamaSpecies.LANES;
import static org.concertina.kernel.panama.PanamaSpecies.ORDER;
import static org.concertina.kernel.panama.RowKernels.dot;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import org.concertina.kernel.FastExp;

/**
 * BPR steps on cosines: five products of the three rows, from which follows how every row turns,
 * and one pass to turn them.
 *
 * <p>A method a product, since C2 gives up in the middle of a kernel of some 18,000 nodes, and
 * boxes vectors where it did; one pass over the rows for all sums is near that.
 */
final class BprCosineKernels {
  /** Steps that cancel a direction leave it this short, squared, and not zero. */
  private static final float LEAST_SQUARED_LENGTH = 1e-6f;

  private BprCosineKernels() {}

  static double steps(
      float learningRate,
      float temperature,
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
    float uu = dot(user, uAt, user, uAt, n); // its steps keep it
    float iu = inverseLength(uu);
    float inverseTemperature = 1 / temperature;
    double product = 1;
    int scaled = 0;
    int touched = 0;
    for (int k = 0; k < count; k++) {
      if (k % TOGETHER == 0) {
        int end = Math.min(k + TOGETHER, count);
        touched += touch(items, itemsAt, rowBytes, positives, positivesAt, k, end, n);
        touched += touch(items, itemsAt, rowBytes, negatives, negativesAt, k, end, n);
      }
      long p = row(positives, positivesAt, k, itemsAt, rowBytes);
      long q = row(negatives, negativesAt, k, itemsAt, rowBytes);
      float up = dot(user, uAt, items, p, n), uq = dot(user, uAt, items, q, n);
      float pq = dot(items, p, items, q, n);
      float pp = dot(items, p, items, p, n), qq = dot(items, q, items, q, n);
      float ip = inverseLength(pp), iq = inverseLength(qq);
      float cosP = up * iu * ip, cosQ = uq * iu * iq, cosPq = pq * ip * iq;
      float e = FastExp.exp((cosQ - cosP) * inverseTemperature);
      float g = learningRate * inverseTemperature * (e / (1 + e));
      // Squared lengths of the directions after their steps, from the angles before them.
      float oneU = iu > 0 ? 1 : 0, oneP = ip > 0 ? 1 : 0, oneQ = iq > 0 ? 1 : 0;
      float su = shrink(1 + g * (2 * (cosP - cosQ) + g * (oneP + oneQ - 2 * cosPq)));
      float sp = shrink(1 + g * (2 * cosP + g * oneU));
      float sq = shrink(1 + g * (g * oneU - 2 * cosQ));
      float gu = g * su * uu * iu;
      turn(
          user,
          uAt,
          items,
          p,
          q,
          n,
          su,
          gu * ip,
          gu * iq,
          sp,
          g * sp * pp * ip * iu,
          sq,
          g * sq * qq * iq * iu);
      product *= 1.0 + e;
      if (product > LARGE) {
        product /= LARGE;
        scaled++;
      }
    }
    keepAlive(touched);
    return Math.log(product) + scaled * LOG_LARGE;
  }

  /** {@code 1 / sqrt(squared)}, or 0 for a row that has no direction. */
  private static float inverseLength(float squared) {
    return squared < Float.MIN_NORMAL ? 0 : 1 / (float) Math.sqrt(squared);
  }

  /** What brings a direction back to unit length. */
  private static float shrink(float squared) {
    return 1 / (float) Math.sqrt(Math.max(squared, LEAST_SQUARED_LENGTH));
  }

  /** {@code u = su u + gp p - gq q}, {@code p = sp p + hp u} and {@code q = sq q - hq u}. */
  private static void turn(
      MemorySegment user,
      long uAt,
      MemorySegment items,
      long p,
      long q,
      int n,
      float su,
      float gp,
      float gq,
      float sp,
      float hp,
      float sq,
      float hq) {
    FloatVector gps = FloatVector.broadcast(F32, gp), gqs = FloatVector.broadcast(F32, -gq);
    FloatVector hps = FloatVector.broadcast(F32, hp), hqs = FloatVector.broadcast(F32, -hq);
    int bound = n - n % LANES;
    int i = 0;
    for (; i < bound; i += LANES) {
      long at = (long) i * Float.BYTES;
      FloatVector u = FloatVector.fromMemorySegment(F32, user, uAt + at, ORDER);
      FloatVector liked = FloatVector.fromMemorySegment(F32, items, p + at, ORDER);
      FloatVector other = FloatVector.fromMemorySegment(F32, items, q + at, ORDER);
      gps.fma(liked, gqs.fma(other, u.mul(su))).intoMemorySegment(user, uAt + at, ORDER);
      hps.fma(u, liked.mul(sp)).intoMemorySegment(items, p + at, ORDER);
      hqs.fma(u, other.mul(sq)).intoMemorySegment(items, q + at, ORDER);
    }
    for (; i < n; i++) {
      long at = (long) i * Float.BYTES;
      float u = user.get(ELEMENT, uAt + at);
      float liked = items.get(ELEMENT, p + at);
      float other = items.get(ELEMENT, q + at);
      user.set(ELEMENT, uAt + at, Math.fma(gp, liked, Math.fma(-gq, other, su * u)));
      items.set(ELEMENT, p + at, Math.fma(hp, u, sp * liked));
      items.set(ELEMENT, q + at, Math.fma(-hq, u, sq * other));
    }
  }
}
