package org.concertina.block;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.concertina.kernel.RowOps;

/**
 * How the priors of a group are kept: a byte a row, on a scale of the group's own, or one prior for
 * all rows if they hardly differ.
 *
 * <p>The prior of a row is {@code fma(scale, code, base)}, and {@link RowOps#addCodesInPlace} adds
 * it to the row's score. The one definition that judge and artifact share, so that they agree to
 * the last bit. Groups are ranges of popularity rank, so their priors have like values: on a scale
 * of {@code 254 * scale = largest - smallest}, no prior is off by more than half a step.
 *
 * @param scale what a code counts; at least 0, and 0 if one prior stands for all rows
 * @param base the prior of code 0, the middle of the group's range
 */
public record GroupPrior(float scale, float base) {
  /** Largest code; the smallest is its negative. */
  public static final int MAX_CODE = 127;

  /**
   * How far priors may be from the middle of their group's for it to stand for them all: a
   * hundredth of a cosine, less than what four-bit codes of a block or two are off by.
   */
  public static final double UNIFORM_WITHIN = 0.01;

  private static final ValueLayout.OfFloat F32 = ValueLayout.JAVA_FLOAT_UNALIGNED;

  /** Validates. */
  public GroupPrior {
    if (!isSound(scale, base)) {
      throw new IllegalArgumentException(
          "scale, base: expected finite priors, got %s and %s".formatted(scale, base));
    }
  }

  /** Whether all codes decode to finite priors. */
  public static boolean isSound(float scale, float base) {
    return scale >= 0
        && Float.isFinite(Math.fma(scale, MAX_CODE, base))
        && Float.isFinite(Math.fma(scale, -MAX_CODE, base));
  }

  /**
   * Quantises the priors of a group. If they are within {@link #UNIFORM_WITHIN} of their middle,
   * the middle stands for all of them: the scale is 0, and so are the codes, which nobody has to
   * keep.
   *
   * @param priors a float for every item, by item index
   * @param order which item stands in which row
   * @param codes receives {@code size(group)} bytes in [-127, 127], in the order of the rows
   * @throws IllegalArgumentException if a prior is not finite
   */
  public static GroupPrior pack(
      MemorySegment priors, RowOrder order, int group, MemorySegment codes, long codesOffsetBytes) {
    Groups groups = order.groups();
    Span span = Span.of(priors, order, group);
    float scale = span.isUniform() ? 0 : (float) (span.half() / MAX_CODE);
    float base = (float) span.middle();
    long at = codesOffsetBytes;
    for (int row = groups.start(group); row < groups.end(group); row++) {
      double steps = scale == 0 ? 0 : (prior(priors, order.itemAtRow(row)) - (double) base) / scale;
      // The base is rounded, so the far end may be a little more than 127 steps away from it.
      double code = Math.clamp(Math.rint(steps), -MAX_CODE, MAX_CODE);
      codes.set(ValueLayout.JAVA_BYTE, at++, (byte) code);
    }
    return new GroupPrior(scale, base);
  }

  /** The largest prior that a code can stand for. */
  public static float largest(float scale, float base) {
    return Math.fma(scale, MAX_CODE, base);
  }

  /** A number that no prior exceeds, either way. */
  public static double largestMagnitude(float scale, float base) {
    return (double) scale * MAX_CODE + Math.abs(base);
  }

  /** Whether {@link #pack} gives all rows of a group one prior. */
  static boolean isUniform(MemorySegment priors, RowOrder order, int group) {
    return Span.of(priors, order, group).isUniform();
  }

  /** The range of a group's priors. */
  private record Span(float smallest, float largest) {
    static Span of(MemorySegment priors, RowOrder order, int group) {
      float smallest = Float.POSITIVE_INFINITY;
      float largest = Float.NEGATIVE_INFINITY;
      for (int row = order.groups().start(group); row < order.groups().end(group); row++) {
        float prior = prior(priors, order.itemAtRow(row));
        if (!Float.isFinite(prior)) {
          throw new IllegalArgumentException(
              "priors: expected finite numbers, got %s for item %d"
                  .formatted(prior, order.itemAtRow(row)));
        }
        smallest = Math.min(smallest, prior);
        largest = Math.max(largest, prior);
      }
      return new Span(smallest, largest);
    }

    double half() {
      return ((double) largest - smallest) / 2;
    }

    double middle() {
      return ((double) largest + smallest) / 2;
    }

    boolean isUniform() {
      return half() <= UNIFORM_WITHIN;
    }
  }

  private static float prior(MemorySegment priors, int item) {
    return priors.get(F32, (long) item * Float.BYTES);
  }
}
