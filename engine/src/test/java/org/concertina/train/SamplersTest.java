package org.concertina.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.BitSet;
import org.concertina.block.BlockShape;
import org.concertina.kernel.CounterRandom;
import org.concertina.memory.CappedArena;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class SamplersTest {
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 16, 17, 1000, 4097})
  void pairOrderIsAPermutation(int size) {
    PairOrder order = new PairOrder(size);
    for (long key : new long[] {0, 1, -77}) {
      BitSet seen = new BitSet();
      for (int i = 0; i < size; i++) {
        long at = order.at(key, i);
        assertTrue(at >= 0 && at < size);
        assertFalse(seen.get((int) at));
        seen.set((int) at);
      }
    }
  }

  @Test
  void pairOrderTakesSizesBeyondInts() {
    long size = (1L << 40) + 12345;
    PairOrder order = new PairOrder(size);
    long sum = 0;
    for (long i = size - 2000; i < size; i++) {
      long at = order.at(3, i);
      assertTrue(at >= 0 && at < size);
      sum += at / 2000;
    }
    // Spread over the whole range: the mean of uniform numbers is half the size, within 5 sigma.
    assertEquals(0.5, (double) sum / size, 5 / Math.sqrt(12.0 * 2000));
  }

  @Test
  void negativesFollowThePowerOfPopularity() {
    int[] popularity = {1000, 100, 10, 0};
    for (double exponent : new double[] {0, 0.5, 1}) {
      NegativeSampler sampler = new NegativeSampler(popularity, exponent);
      double total = 0;
      for (int p : popularity) {
        total += Math.pow(Math.max(1, p), exponent);
      }
      int draws = 200_000;
      int[] counts = new int[popularity.length];
      for (int i = 0; i < draws; i++) {
        counts[sampler.draw(42, i)]++;
      }
      for (int item = 0; item < popularity.length; item++) {
        double share = Math.pow(Math.max(1, popularity[item]), exponent) / total;
        double sigma = Math.sqrt(share * (1 - share) / draws);
        assertEquals(share, (double) counts[item] / draws, 5 * sigma + 1e-9);
      }
    }
  }

  @Test
  void nestedMasksArePrefixesOfUniformLength() {
    BlockShape shape = new BlockShape(8, 4);
    int[] lengths = new int[9];
    try (CappedArena arena = CappedArena.unlimited()) {
      ElasticSampler sampler =
          new ElasticSampler(arena, shape, 5, new TrainConfig.Elastic(ElasticSchedule.NESTED, 1));
      for (int batch = 0; batch < 4000; batch++) {
        sampler.draw(CounterRandom.key(9, batch));
        for (int g = 0; g < 5; g++) {
          int length = 0;
          boolean ended = false;
          for (int d = 0; d < shape.dim(); d++) {
            float value = mask(sampler, g, d);
            assertEquals(mask(sampler, g, d / 4 * 4), value, "a block is kept whole");
            ended |= value == 0;
            assertFalse(ended && value == 1, "kept blocks come first");
            length += (int) value;
          }
          lengths[length / 4]++;
        }
      }
    }
    assertEquals(0, lengths[0]);
    for (int k = 1; k <= 8; k++) {
      assertEquals(2500, lengths[k], 5 * Math.sqrt(20000 / 8.0 * 7 / 8));
    }
  }

  @Test
  void elasticProbabilityIsKeptAndRandomMasksAreNeverEmpty() {
    BlockShape shape = new BlockShape(3, 4);
    int full = 0;
    int batches = 4000;
    try (CappedArena arena = CappedArena.unlimited()) {
      ElasticSampler sampler =
          new ElasticSampler(arena, shape, 8, new TrainConfig.Elastic(ElasticSchedule.RANDOM, 0.3));
      for (int batch = 0; batch < batches; batch++) {
        sampler.draw(CounterRandom.key(10, batch));
        boolean allFull = true;
        for (int g = 0; g < 8; g++) {
          float kept = mask(sampler, g, 0) + mask(sampler, g, 4) + mask(sampler, g, 8);
          assertNotEquals(0f, kept);
          allFull &= kept == 3;
        }
        full += allFull ? 1 : 0;
      }
    }
    assertEquals(0.7, (double) full / batches, 0.04);
  }

  /** What a batch's draw is, by the prefix lengths of its groups. */
  private static int[] prefixLengths(ElasticSampler sampler, BlockShape shape, int groups) {
    int[] lengths = new int[groups];
    for (int g = 0; g < groups; g++) {
      for (int d = 0; d < shape.dim(); d++) {
        float value = mask(sampler, g, d);
        boolean isPrefix = value == (d / shape.blockDim() < lengths[g] ? 1 : 0);
        assertTrue(isPrefix || (value == 1 && d % shape.blockDim() == 0), "kept blocks come first");
        lengths[g] += isPrefix ? 0 : 1;
      }
    }
    return lengths;
  }

  @ParameterizedTest
  @ValueSource(doubles = {1, 0.4})
  void sandwichMixesSmallestFullAndNestedBatches(double probability) {
    BlockShape shape = new BlockShape(8, 4);
    int groups = 12;
    int batches = 8000;
    int smallest = 0;
    int full = 0;
    int nested = 0;
    int[] lengths = new int[9];
    try (CappedArena arena = CappedArena.unlimited()) {
      ElasticSampler sampler =
          new ElasticSampler(
              arena, shape, groups, new TrainConfig.Elastic(ElasticSchedule.SANDWICH, probability));
      for (int batch = 0; batch < batches; batch++) {
        sampler.draw(CounterRandom.key(12, batch));
        int[] drawn = prefixLengths(sampler, shape, groups);
        // Twelve independent prefixes are all 1 or all 8 once in 3e10 batches.
        if (Arrays.stream(drawn).allMatch(length -> length == 1)) {
          smallest++;
        } else if (Arrays.stream(drawn).allMatch(length -> length == 8)) {
          full++;
        } else {
          nested++;
          for (int length : drawn) {
            lengths[length]++;
          }
        }
      }
    }
    assertShare(probability / 4, smallest, batches, "smallest");
    assertShare(1 - probability * 3 / 4, full, batches, "full");
    assertShare(probability / 2, nested, batches, "nested");
    for (int k = 1; k <= 8; k++) {
      assertShare(1 / 8.0, lengths[k], nested * groups, "prefixes of " + k);
    }
  }

  private static void assertShare(double share, int count, int draws, String what) {
    double sigma = Math.sqrt(share * (1 - share) / draws);
    assertEquals(share, (double) count / draws, 5 * sigma, what);
  }

  @ParameterizedTest
  @EnumSource
  void masksDependOnTheBatchesKeyAlone(ElasticSchedule schedule) {
    BlockShape shape = new BlockShape(8, 4);
    TrainConfig.Elastic elastic = new TrainConfig.Elastic(schedule, 0.7);
    try (CappedArena arena = CappedArena.unlimited()) {
      ElasticSampler forwards = new ElasticSampler(arena, shape, 5, elastic);
      ElasticSampler backwards = new ElasticSampler(arena, shape, 5, elastic);
      byte[][] drawn = new byte[200][];
      for (int batch = 0; batch < drawn.length; batch++) {
        forwards.draw(CounterRandom.key(13, batch));
        drawn[batch] = forwards.segment().toArray(ValueLayout.JAVA_BYTE);
      }
      for (int batch = drawn.length - 1; batch >= 0; batch--) {
        backwards.draw(CounterRandom.key(13, batch));
        assertArrayEquals(drawn[batch], backwards.segment().toArray(ValueLayout.JAVA_BYTE));
      }
    }
  }

  private static float mask(ElasticSampler sampler, int group, int d) {
    return sampler
        .segment()
        .get(ValueLayout.JAVA_FLOAT, sampler.offsetBytes(group) + (long) d * Float.BYTES);
  }
}
