package org.concertina.block;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class GroupPriorTest {
  private static GroupPrior pack(RowOrder order, int group, byte[] codes, float... priors) {
    return GroupPrior.pack(
        MemorySegment.ofArray(priors), order, group, MemorySegment.ofArray(codes), 1);
  }

  /** Rows of a group stand in the order of the ids, priors in that of the items. */
  @Test
  void codesFollowTheRowsOverTheGroupsOwnRange() {
    RowOrder order = RowOrder.byId(Groups.ofStarts(0, 2, 5), new int[] {9, 3, 30, 10, 20});
    byte[] codes = new byte[4];
    GroupPrior prior = pack(order, 1, codes, 0f, -50f, -1f, -3f, -2.25f);
    assertEquals(2f / 254, prior.scale());
    assertEquals(-2f, prior.base());
    assertArrayEquals(new byte[] {0, -127, -32, 127}, codes);
  }

  @Test
  void equalPriorsAreExactWithoutAScale() {
    RowOrder order = RowOrder.byId(Groups.ofStarts(0, 3), new int[] {1, 2, 3});
    byte[] codes = {7, 7, 7, 7};
    assertEquals(new GroupPrior(0, -0.3f), pack(order, 0, codes, -0.3f, -0.3f, -0.3f));
    assertArrayEquals(new byte[] {7, 0, 0, 0}, codes);
  }

  @Test
  void priorsThatHardlyDifferAreOne() {
    RowOrder order = RowOrder.byId(Groups.ofStarts(0, 2, 4), new int[] {1, 2, 3, 4});
    float[] priors = {-0.3f, -0.319f, -0.5f, -0.521f};
    byte[] codes = {7, 7, 7};
    assertEquals(new GroupPrior(0, -0.3095f), pack(order, 0, codes, priors));
    assertArrayEquals(new byte[] {7, 0, 0}, codes);
    assertTrue(pack(order, 1, codes, priors).scale() > 0);
    assertArrayEquals(new byte[] {7, 127, -127}, codes);
    CodedPriors coded = CodedPriors.of(MemorySegment.ofArray(priors), order);
    assertTrue(coded.present());
    assertFalse(coded.isCoded(0));
    assertTrue(coded.isCoded(1));
    assertFalse(coded.areAllCoded(2));
    assertTrue(CodedPriors.all(2).areAllCoded(2));
    assertFalse(CodedPriors.of(null, order).present());
  }

  @Test
  void noPriorIsOffByMoreThanHalfAStep() {
    SplittableRandom random = new SplittableRandom(3);
    for (int round = 0; round < 300; round++) {
      int n = random.nextInt(1, 50);
      RowOrder order = RowOrder.byId(Groups.ofStarts(0, n), IntStream.range(0, n).toArray());
      double magnitude = Math.pow(10, random.nextInt(-6, 3));
      float[] priors = new float[n];
      for (int i = 0; i < n; i++) {
        priors[i] = (float) (-magnitude * random.nextDouble());
      }
      byte[] codes = new byte[n + 1];
      GroupPrior prior = pack(order, 0, codes, priors);
      for (int i = 0; i < n; i++) {
        assertTrue(Math.abs(codes[i + 1]) <= GroupPrior.MAX_CODE);
        float decoded = Math.fma(prior.scale(), codes[i + 1], prior.base());
        double most = prior.scale() == 0 ? GroupPrior.UNIFORM_WITHIN : 0.5 * prior.scale();
        assertEquals(priors[i], decoded, most + magnitude * 1e-6);
      }
    }
  }

  @Test
  void extremesStayFinite() {
    RowOrder order = RowOrder.byId(Groups.ofStarts(0, 2), new int[] {1, 2});
    GroupPrior tiny = pack(order, 0, new byte[3], 0f, -Float.MIN_VALUE);
    assertEquals(0f, tiny.scale());
    for (float bad : new float[] {Float.NaN, Float.NEGATIVE_INFINITY}) {
      IllegalArgumentException refused =
          assertThrows(IllegalArgumentException.class, () -> pack(order, 0, new byte[3], -1f, bad));
      assertTrue(refused.getMessage().contains("item 1"), refused.getMessage());
    }
  }

  @Test
  void soundIsWhatDecodesToFiniteNumbers() {
    assertTrue(GroupPrior.isSound(0, 0));
    assertTrue(GroupPrior.isSound(1e-3f, -2));
    for (float bad : new float[] {Float.NaN, Float.POSITIVE_INFINITY, -1e-3f, Float.MAX_VALUE}) {
      assertFalse(GroupPrior.isSound(bad, 0), "scale " + bad);
    }
    for (float bad : new float[] {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY}) {
      assertFalse(GroupPrior.isSound(0, bad), "base " + bad);
    }
    assertThrows(IllegalArgumentException.class, () -> new GroupPrior(-1, 0));
  }

  @Test
  void priorsNeedNotBeAligned() {
    byte[] bytes = new byte[9];
    MemorySegment shifted = MemorySegment.ofArray(bytes).asSlice(1);
    shifted.set(ValueLayout.JAVA_FLOAT_UNALIGNED, 0, -1f);
    shifted.set(ValueLayout.JAVA_FLOAT_UNALIGNED, 4, -2f);
    RowOrder order = RowOrder.byId(Groups.ofStarts(0, 2), new int[] {1, 2});
    byte[] codes = new byte[2];
    GroupPrior.pack(shifted, order, 0, MemorySegment.ofArray(codes), 0);
    assertEquals("[127, -127]", Arrays.toString(codes));
  }
}
