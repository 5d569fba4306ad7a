package org.concertina.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Floats in native memory between canaries, for operands of the operations under test. */
public final class FloatRun {
  private static final ValueLayout.OfInt BITS = ValueLayout.JAVA_INT_UNALIGNED;
  private static final int CANARY = 0x5aa5c33c;

  /** More than one vector of any width on each side. */
  private static final int GUARD_FLOATS = 40;

  private final MemorySegment segment;
  private final int first;
  private final int n;

  private FloatRun(MemorySegment segment, int first, int n) {
    this.segment = segment;
    this.first = first;
    this.n = n;
  }

  /** A copy of {@code values} that starts {@code offsetFloats} after a 64-byte boundary. */
  public static FloatRun of(Arena arena, int offsetFloats, float... values) {
    int first = GUARD_FLOATS / 16 * 16 + 16 + offsetFloats;
    long floats = (long) first + values.length + GUARD_FLOATS;
    FloatRun run = new FloatRun(arena.allocate(floats * Float.BYTES, 64), first, values.length);
    for (long i = 0; i < floats; i++) {
      run.segment.set(BITS, i * Float.BYTES, CANARY);
    }
    for (int i = 0; i < values.length; i++) {
      run.segment.set(ValueLayout.JAVA_FLOAT, run.at() + (long) i * Float.BYTES, values[i]);
    }
    return run;
  }

  /** The memory, canaries included. */
  public MemorySegment segment() {
    return segment;
  }

  /** Byte offset of the first float. */
  public long at() {
    return (long) first * Float.BYTES;
  }

  /** Number of floats. */
  public int size() {
    return n;
  }

  /** One of the floats. */
  public float get(int i) {
    return segment.get(ValueLayout.JAVA_FLOAT, at() + (long) i * Float.BYTES);
  }

  /** Asserts that no byte around the floats has changed. */
  public void assertCanaries(String what) {
    long floats = segment.byteSize() / Float.BYTES;
    for (long i = 0; i < floats; i++) {
      if ((i < first || i >= first + n) && segment.get(BITS, i * Float.BYTES) != CANARY) {
        fail(what + ": wrote float " + (i - first) + " of " + n);
      }
    }
  }

  /** Asserts the raw bits of every float, any NaN for NaN, and the canaries. */
  public void assertBits(float[] expected, String what) {
    assertEquals(expected.length, n, what);
    for (int i = 0; i < n; i++) {
      assertSameBits(expected[i], get(i), what, i);
    }
    assertCanaries(what);
  }

  /** Asserts raw bits, so that 0 differs from -0; the bits of a NaN are the CPU's choice. */
  public static void assertSameBits(float expected, float actual, String what, int i) {
    boolean same =
        Float.floatToRawIntBits(expected) == Float.floatToRawIntBits(actual)
            || (Float.isNaN(expected) && Float.isNaN(actual));
    if (!same) {
      fail(
          "%s [%d]: expected %s (%a), got %s (%a)"
              .formatted(what, i, expected, expected, actual, actual));
    }
  }

  /** Asserts that two numbers differ by at most {@code tolerance}. */
  public static void assertNear(
      double expected, double actual, double tolerance, String what, int i) {
    if (!(Math.abs(expected - actual) <= tolerance)) {
      fail(
          "%s [%d]: expected %s, got %s, tolerance %s"
              .formatted(what, i, expected, actual, tolerance));
    }
  }
}
