package org.concertina.block;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import org.concertina.kernel.Samples;
import org.concertina.memory.CappedArena;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NarrowCodesTest {
  private static final int OFFSET_FLOATS = 3;

  private final CappedArena arena = CappedArena.unlimited();
  private final Samples samples = new Samples(5);

  @AfterEach
  void close() {
    arena.close();
  }

  private float[] coded(int bits, float... row) {
    MemorySegment segment = arena.allocateFloats(row.length + 2L * OFFSET_FLOATS, "row");
    segment.fill((byte) 42);
    long at = (long) OFFSET_FLOATS * Float.BYTES;
    MemorySegment.copy(row, 0, segment, ValueLayout.JAVA_FLOAT, at, row.length);
    byte[] before = segment.asSlice(0, at).toArray(ValueLayout.JAVA_BYTE);
    NarrowCodes.quantizeInPlace(segment, at, row.length, bits);
    long end = at + (long) row.length * Float.BYTES;
    assertArrayEquals(before, segment.asSlice(0, at).toArray(ValueLayout.JAVA_BYTE));
    assertArrayEquals(before, segment.asSlice(end, at).toArray(ValueLayout.JAVA_BYTE));
    return segment.asSlice(at, (long) row.length * Float.BYTES).toArray(ValueLayout.JAVA_FLOAT);
  }

  private static double cosine(float[] x, float[] y) {
    double dot = 0;
    double xx = 0;
    double yy = 0;
    for (int k = 0; k < x.length; k++) {
      dot += (double) x[k] * y[k];
      xx += (double) x[k] * x[k];
      yy += (double) y[k] * y[k];
    }
    return dot / Math.sqrt(xx * yy);
  }

  /** The distinct magnitudes of a coded row, ascending, zero left out. */
  private static float[] levels(float... row) {
    float[] sorted = new float[row.length];
    int count = 0;
    for (float value : row) {
      float magnitude = Math.abs(value);
      boolean known = magnitude == 0;
      for (int i = 0; i < count; i++) {
        known |= sorted[i] == magnitude;
      }
      if (!known) {
        sorted[count++] = magnitude;
      }
    }
    float[] levels = Arrays.copyOf(sorted, count);
    Arrays.sort(levels);
    return levels;
  }

  @Test
  void knownRows() {
    assertArrayEquals(new float[] {.5f, -.5f, .5f, -.5f}, coded(1, 9f, -1e-6f, 3f, -3f), 1e-6f);
    float unit = (float) (1 / Math.sqrt(20));
    float[] two = coded(2, 3f, -1f, 1f, -3f);
    assertArrayEquals(new float[] {3 * unit, -unit, unit, -3 * unit}, two, 1e-6f);
    assertArrayEquals(two, coded(2, two), 1e-6f);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 4, 8})
  void rowsAreUnitVectorsInFewLevels(int bits) {
    for (int dims : new int[] {1, 2, 8, 24, 64, 127}) {
      for (Samples.Kind kind : new Samples.Kind[] {Samples.Kind.UNIFORM, Samples.Kind.LARGE}) {
        float[] row = samples.floats(kind, dims);
        float[] coded = coded(bits, row);
        double squared = 0;
        for (int k = 0; k < dims; k++) {
          squared += (double) coded[k] * coded[k];
          assertTrue(coded[k] * Math.signum(row[k]) >= 0, "sign of " + k);
        }
        assertEquals(1, squared, 1e-5);
        float[] levels = levels(coded);
        assertTrue(levels.length <= 1 << (bits - 1), bits + " bits: " + levels.length);
        if (bits == 2 && levels.length == 2) {
          assertEquals(3, levels[1] / levels[0], 1e-5);
        }
      }
    }
  }

  @Test
  void moreBitsAreCloserToTheRow() {
    double[] mean = new double[4];
    for (int row = 0; row < 200; row++) {
      float[] values = samples.floats(64);
      for (int i = 0; i < mean.length; i++) {
        mean[i] += cosine(values, coded(1 << i, values)) / 200;
      }
    }
    // Of a uniform element: E|x| / sqrt(E x^2) = sqrt(3) / 2 for its sign.
    assertEquals(Math.sqrt(3) / 2, mean[0], 0.01);
    assertTrue(mean[1] > 0.95 && mean[2] > 0.99 && mean[3] > 0.9999, Arrays.toString(mean));
    assertTrue(mean[0] < mean[1] && mean[1] < mean[2] && mean[2] < mean[3]);
  }

  /** The grid of thresholds loses next to nothing against all thresholds there are. */
  @Test
  void twoBitsHaveNearlyTheBestThreshold() {
    for (int row = 0; row < 100; row++) {
      float[] values = samples.floats(40);
      double best = 0;
      for (float from : values) {
        float[] codes = new float[values.length];
        for (int k = 0; k < codes.length; k++) {
          codes[k] = Math.copySign(Math.abs(values[k]) >= Math.abs(from) ? 3 : 1, values[k]);
        }
        best = Math.max(best, cosine(values, codes));
      }
      assertTrue(cosine(values, coded(2, values)) > best - 0.003);
    }
  }

  @Test
  void fourBitsAreTheUnitCodesOfArtifacts() {
    float[] row = samples.floats(24);
    float[] expected = row.clone();
    MemorySegment codes = arena.allocateFloats(row.length, "codes");
    MemorySegment.copy(row, 0, codes, ValueLayout.JAVA_FLOAT, 0, row.length);
    UnitCodes.quantizeInPlace(codes, 0, row.length);
    float inverse = UnitCodes.inverseNorm(codes, 0, row.length);
    for (int k = 0; k < row.length; k++) {
      expected[k] = codes.getAtIndex(ValueLayout.JAVA_FLOAT, k) * inverse;
    }
    assertArrayEquals(expected, coded(4, row), 1e-6f);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 4, 8})
  void maskedElementsAndRowsOfNothingStay(int bits) {
    float[] masked = coded(bits, 0.3f, -0.4f, 0f, 0f);
    assertEquals(0, masked[2]);
    assertEquals(0, masked[3]);
    assertArrayEquals(
        Arrays.copyOf(masked, 2), coded(bits, 0.3f, -0.4f), 1e-6f, "as if nothing was behind it");
    assertArrayEquals(new float[3], coded(bits, new float[3]));
    float[] broken = {1f, Float.NaN, 2f};
    assertArrayEquals(broken, coded(bits, broken));
    float[] endless = {1f, Float.NEGATIVE_INFINITY};
    assertArrayEquals(endless, coded(bits, endless));
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 0, 3, 16})
  void otherBitsAreRefused(int bits) {
    IllegalArgumentException refused =
        assertThrows(IllegalArgumentException.class, () -> coded(bits, 1f));
    assertTrue(refused.getMessage().contains("1, 2, 4 or 8, got " + bits), refused.getMessage());
  }
}
