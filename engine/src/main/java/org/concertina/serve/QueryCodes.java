package org.concertina.serve;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.concertina.memory.CappedArena;

/**
 * A user's vector in signed bytes on one scale, gathered once for every block mask, and how far
 * that is from the vector: what rows are screened by. Scratch of one thread, owned by the arena.
 */
final class QueryCodes {
  private static final int MAX_CODE = 127;

  /** Below this a product of scales could lose digits to underflow. */
  private static final double LEAST_FACTOR = 1e-30;

  private final ServingPlan plan;
  private final MemorySegment whole;
  private final MemorySegment gathered;
  private final double[] errorSquares;
  private double step;

  /** Takes {@link #scratchBytes}. */
  QueryCodes(ServingPlan plan, CappedArena arena) {
    this.plan = plan;
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

  /** Rounds a vector of finite floats; {@code step = max |u_k| / 127} is what a code counts. */
  void set(MemorySegment user) {
    float largest = 0;
    int dim = plan.shape.dim();
    for (int k = 0; k < dim; k++) {
      largest = Math.max(largest, Math.abs(user.getAtIndex(ValueLayout.JAVA_FLOAT, k)));
    }
    step = (double) largest / MAX_CODE;
    double codesPerUnit = largest == 0 ? 0 : MAX_CODE / (double) largest;
    int k = 0;
    for (int block = 0; block < errorSquares.length; block++) {
      double squared = 0;
      for (int end = k + plan.shape.blockDim(); k < end; k++) {
        float value = user.getAtIndex(ValueLayout.JAVA_FLOAT, k);
        long code = Math.round(value * codesPerUnit);
        whole.set(ValueLayout.JAVA_BYTE, k, (byte) code);
        double error = value - code * step;
        squared += error * error;
      }
      errorSquares[block] = squared;
    }
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

  /** Norm of the codes for a group from a dimension on. */
  double restNorm(int group, int firstDims) {
    long at = codesAt(group);
    long squared = 0;
    for (int k = firstDims; k < plan.dims[group]; k++) {
      long code = gathered.get(ValueLayout.JAVA_BYTE, at + k);
      squared += code * code;
    }
    return Math.sqrt((double) squared);
  }

  /** What a group's sum of products counts; 0 if the group cannot be screened by these codes. */
  float factor(int group) {
    double factor = step * plan.screenScale(group);
    return factor >= LEAST_FACTOR && factor <= Float.MAX_VALUE ? (float) factor : 0;
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
