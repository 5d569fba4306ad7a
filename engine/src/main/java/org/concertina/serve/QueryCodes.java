package org.concertina.serve;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.concertina.block.ScreenBounds;
import org.concertina.kernel.ScreenOps;
import org.concertina.memory.CappedArena;

/**
 * A user's vector in signed bytes on one scale, gathered once for every block mask, and how far
 * that is from the vector: what rows are screened by. Scratch of one thread, owned by the arena.
 */
final class QueryCodes {
  private final ServingPlan plan;
  private final ScreenOps screenOps;
  private final MemorySegment whole;
  private final MemorySegment gathered;
  private final double[] errorSquares;

  /** The rows of floats in bytes for which these limits hold. */
  private FloatCodes limitsWith;

  private boolean hasLimits;

  /** Codes and norm of a query that every group can be screened by. */
  private int maxCode;

  private double maxNorm;

  private double step;
  private int largestCode;
  private double norm;

  /** Takes {@link #scratchBytes}. */
  QueryCodes(ServingPlan plan, ScreenOps screenOps, CappedArena arena) {
    this.plan = plan;
    this.screenOps = screenOps;
    this.whole = arena.allocate(plan.shape.dim(), "user vector in bytes");
    this.gathered = arena.allocate(gatheredBytes(plan), "gathered user vectors in bytes");
    this.errorSquares = new double[plan.shape.blocks()];
  }

  static long scratchBytes(ServingPlan plan) {
    return plan.shape.dim() + gatheredBytes(plan);
  }

  /** A byte for every float of the gathered vectors. */
  private static long gatheredBytes(ServingPlan plan) {
    return plan.queryBytes / Float.BYTES;
  }

  /**
   * Finds how large codes may be for the kernels: norms of rows are known to nobody before a
   * request or {@link DeviceRuntime#warmUp}.
   */
  private void limit() {
    FloatCodes floats = plan.floatCodes;
    if (hasLimits && limitsWith == floats) {
      return;
    }
    maxCode = ScreenBounds.MAX_CODE;
    maxNorm = Double.MAX_VALUE;
    for (int g : plan.kept) {
      if (plan.screenScale(g) != 0) {
        ScreenBounds.Rows rows = plan.bounds.screened(g);
        maxCode = Math.min(maxCode, rows.maxQueryCode(screenOps));
        double most = rows.maxQueryNorm(screenOps, plan.shape.dim());
        if (most >= 1) {
          maxNorm = Math.min(maxNorm, most);
        }
      }
    }
    limitsWith = floats;
    hasLimits = true;
  }

  /**
   * Rounds a vector of finite floats; a code counts the largest of them by the largest code, or
   * more if sums of products have to stay small.
   *
   * @param userNorm norm of the vector
   */
  void set(MemorySegment user, double userNorm) {
    limit();
    float largest = 0;
    int dim = plan.shape.dim();
    for (int k = 0; k < dim; k++) {
      largest = Math.max(largest, Math.abs(user.getAtIndex(ValueLayout.JAVA_FLOAT, k)));
    }
    step = Math.max((double) largest / maxCode, userNorm / maxNorm);
    double codesPerUnit = step == 0 ? 0 : 1 / step;
    largestCode = 0;
    long squares = 0;
    int k = 0;
    for (int block = 0; block < errorSquares.length; block++) {
      double squared = 0;
      for (int end = k + plan.shape.blockDim(); k < end; k++) {
        float value = user.getAtIndex(ValueLayout.JAVA_FLOAT, k);
        long code = Math.round(value * codesPerUnit);
        largestCode = Math.max(largestCode, (int) Math.abs(code));
        squares += code * code;
        whole.set(ValueLayout.JAVA_BYTE, k, (byte) code);
        double error = value - code * step;
        squared += error * error;
      }
      errorSquares[block] = squared;
    }
    norm = Math.sqrt((double) squares);
    for (int i = 0; i < plan.distinctMasks.length; i++) {
      gather(plan.distinctMasks[i], plan.distinctOffsets[i] / Float.BYTES);
    }
  }

  private void gather(long mask, long at) {
    int blockDim = plan.shape.blockDim();
    long to = at;
    for (long left = mask; left != 0; left &= left - 1) {
      long from = (long) Long.numberOfTrailingZeros(left) * blockDim;
      MemorySegment.copy(whole, from, gathered, to, blockDim);
      to += blockDim;
    }
  }

  MemorySegment codes() {
    return gathered;
  }

  /** Where the codes for a group stand in {@link #codes}. */
  long codesAt(int group) {
    return plan.queryOffsets[group] / Float.BYTES;
  }

  /** What a group's sum of products counts; 0 if the group cannot be screened by these codes. */
  float factor(int group) {
    ScreenBounds.Rows rows = plan.bounds.screened(group);
    boolean held =
        largestCode <= rows.maxQueryCode(screenOps) && norm * rows.codeNorm() <= screenOps.maxSum();
    return held ? rows.factor(step) : 0;
  }

  /** Norm of what rounding took from the gathered vector of a group. */
  double error(int group) {
    double squared = 0;
    for (long left = plan.masks[group]; left != 0; left &= left - 1) {
      squared += errorSquares[Long.numberOfTrailingZeros(left)];
    }
    return Math.sqrt(squared);
  }
}
