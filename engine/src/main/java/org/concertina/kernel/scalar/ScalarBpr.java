package org.concertina.kernel.scalar;

import static org.concertina.kernel.scalar.Elements.at;
import static org.concertina.kernel.scalar.Elements.index;
import static org.concertina.kernel.scalar.Elements.put;

import java.lang.foreign.MemorySegment;
import org.concertina.kernel.BprOps;
import org.concertina.kernel.FastExp;

/** The steps of {@link BprOps#bprInPlace} and {@link BprOps#bprCosineInPlace}. */
final class ScalarBpr {
  private ScalarBpr() {}

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
    double loss = 0;
    float keep = 1 - learningRate * l2;
    for (int k = 0; k < count; k++) {
      long p = itemsAt + index(positives, positivesAt, k) * rowBytes;
      long q = itemsAt + index(negatives, negativesAt, k) * rowBytes;
      double x = 0;
      for (int i = 0; i < n; i++) {
        x += (double) at(user, uAt, i) * (at(items, p, i) - at(items, q, i));
      }
      float e = FastExp.exp((float) -x);
      float g = learningRate * (e / (1 + e));
      for (int i = 0; i < n; i++) {
        float u = at(user, uAt, i);
        float liked = at(items, p, i);
        float other = at(items, q, i);
        put(user, uAt, i, Math.fma(g, liked - other, keep * u));
        put(items, p, i, Math.fma(g, u, keep * liked));
        put(items, q, i, Math.fma(-g, u, keep * other));
      }
      loss += Math.log(1.0 + e);
    }
    return loss;
  }

  static double cosineSteps(
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
    double loss = 0;
    for (int k = 0; k < count; k++) {
      long p = itemsAt + index(positives, positivesAt, k) * rowBytes;
      long q = itemsAt + index(negatives, negativesAt, k) * rowBytes;
      double lengthU = length(user, uAt, n);
      double lengthP = length(items, p, n);
      double lengthQ = length(items, q, n);
      double x = 0;
      for (int i = 0; i < n; i++) {
        double difference = unit(items, p, i, lengthP) - unit(items, q, i, lengthQ);
        x += unit(user, uAt, i, lengthU) * difference / temperature;
      }
      float e = FastExp.exp((float) -x);
      double g = learningRate / temperature * (e / (1.0 + e));
      for (int i = 0; i < n; i++) {
        double u = unit(user, uAt, i, lengthU);
        double liked = unit(items, p, i, lengthP);
        double other = unit(items, q, i, lengthQ);
        put(user, uAt, i, lengthU == 0 ? at(user, uAt, i) : (float) (u + g * (liked - other)));
        put(items, p, i, lengthP == 0 ? at(items, p, i) : (float) (liked + g * u));
        put(items, q, i, lengthQ == 0 ? at(items, q, i) : (float) (other - g * u));
      }
      setLength(user, uAt, n, lengthU);
      setLength(items, p, n, lengthP);
      setLength(items, q, n, lengthQ);
      loss += Math.log(1.0 + e);
    }
    return loss;
  }

  /** 0 for a row too short to have a direction. */
  private static double length(MemorySegment row, long at, int n) {
    double sum = 0;
    for (int i = 0; i < n; i++) {
      sum += (double) at(row, at, i) * at(row, at, i);
    }
    return sum < Float.MIN_NORMAL ? 0 : Math.sqrt(sum);
  }

  private static double unit(MemorySegment row, long at, int i, double length) {
    return length == 0 ? 0 : at(row, at, i) / length;
  }

  private static void setLength(MemorySegment row, long at, int n, double length) {
    double now = length(row, at, n);
    for (int i = 0; length != 0 && now != 0 && i < n; i++) {
      put(row, at, i, (float) (at(row, at, i) * length / now));
    }
  }
}
