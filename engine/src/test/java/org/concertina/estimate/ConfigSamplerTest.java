package org.concertina.estimate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.concertina.block.ArtifactLayout;
import org.concertina.block.BlockChoice;
import org.concertina.block.BlockShape;
import org.concertina.block.ElasticConfig;
import org.concertina.block.Groups;
import org.concertina.block.Precision;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigSamplerTest {
  private static final BlockShape SHAPE = new BlockShape(8, 8);
  private static final int GROUPS = 10;
  private static final ArtifactLayout LAYOUT =
      new ArtifactLayout(Groups.equalCount(10_000, GROUPS), SHAPE, 0);
  private static final List<Precision> ALL = List.of(Precision.values());

  private static ConfigSampler sampler(boolean nested, boolean monotone, long seed) {
    return new ConfigSampler(LAYOUT, ALL, nested, monotone, GROUPS, seed);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void anyRunOfDrawsIsSpreadEvenlyOverTheLogarithmOfTheBytes(boolean monotone) {
    int extremes = 2 * ALL.size();
    List<ElasticConfig> sampled = sampler(true, monotone, 1).sample(extremes + 600);
    assertEquals(extremes + 600, new HashSet<>(sampled).size());
    double least =
        Math.log((double) LAYOUT.fileBytes(ElasticConfig.uniform(SHAPE, GROUPS, 1, ALL.getLast())));
    double most = Math.log((double) LAYOUT.fileBytes(ElasticConfig.full(SHAPE, GROUPS)));
    for (int first = extremes; first < extremes + 600; first += 200) {
      int[] tenths = new int[11];
      for (ElasticConfig config : sampled.subList(first, first + 200)) {
        double bytes = Math.log((double) LAYOUT.fileBytes(config));
        tenths[(int) (10 * (bytes - least) / (most - least))]++;
      }
      // Even would be 20. The smallest tenth has few distinct configurations, and a row has few
      // sizes, so that some tenths get what their neighbours miss.
      for (int tenth = 1; tenth < 10; tenth++) {
        assertTrue(tenths[tenth] >= 6, "tenth %d: %d".formatted(tenth, tenths[tenth]));
      }
    }
  }

  @Test
  void keepsToTheSpace() {
    for (ElasticConfig config : sampler(true, true, 1).sample(500)) {
      long previous = Long.MAX_VALUE;
      for (BlockChoice choice : config.choices()) {
        long bytes = choice.precision().rowBytes(SHAPE.keptDims(choice));
        assertTrue(choice.isPrefix());
        assertTrue(bytes <= previous);
        previous = bytes;
      }
    }
  }

  @Test
  void extremesOfEveryPrecisionComeFirst() {
    List<ElasticConfig> first = sampler(true, true, 1).sample(2 * ALL.size());
    for (Precision precision : ALL) {
      assertTrue(first.contains(ElasticConfig.uniform(SHAPE, GROUPS, 1, precision)));
      assertTrue(first.contains(ElasticConfig.uniform(SHAPE, GROUPS, 8, precision)));
    }
  }

  @Test
  void aBandHoldsFlatAndSteepAndAllPrecisions() {
    double full = LAYOUT.fullTableBytes();
    Set<Integer> ofPopular = new HashSet<>();
    Set<Precision> widths = new HashSet<>();
    for (ElasticConfig config : sampler(true, true, 1).sample(1_000)) {
      double share = LAYOUT.fileBytes(config) / full;
      if (share > 0.09 && share < 0.11) {
        ofPopular.add(config.choice(0).keptBlocks());
        widths.addAll(config.precisions());
      }
    }
    assertTrue(ofPopular.size() >= 6, "blocks of the first group: " + ofPopular);
    assertEquals(Set.copyOf(ALL), widths);
  }

  @Test
  void freeSubsetsComeFromFewPerSize() {
    Set<BlockChoice> ofFirstGroup = new HashSet<>();
    int free = 0;
    for (ElasticConfig config : sampler(false, false, 1).sample(500)) {
      ofFirstGroup.add(config.choice(0));
      free += config.choices().stream().allMatch(BlockChoice::isPrefix) ? 0 : 1;
    }
    assertTrue(free > 100 && free < 400, "free subsets: " + free);
    assertTrue(ofFirstGroup.size() <= 3 * (3 * 8), "choices: " + ofFirstGroup.size());
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void dropsUnpopularGroupsInHalfOfThemAndInAllThatAreTooSmall(boolean monotone) {
    ConfigSampler sampler = new ConfigSampler(LAYOUT, ALL, true, monotone, 1, 1);
    List<ElasticConfig> sampled = sampler.sample(600);
    long kept = LAYOUT.fileBytes(ElasticConfig.uniform(SHAPE, GROUPS, 1, Precision.INT2));
    int dropping = 0;
    int small = 0;
    for (ElasticConfig config : sampled) {
      boolean drops = !config.dropped().isEmpty();
      dropping += drops ? 1 : 0;
      small += LAYOUT.fileBytes(config) < kept ? 1 : 0;
      assertTrue(drops || LAYOUT.fileBytes(config) >= kept);
      assertFalse(config.choice(0).isDropped());
      if (monotone && drops) {
        assertEquals(GROUPS, config.dropped().nextClearBit(config.dropped().nextSetBit(0)));
      }
    }
    assertTrue(small > 40, "too small for a block a row: " + small);
    assertTrue(dropping > small + 60 && dropping < 540, "with dropped groups: " + dropping);
    List<ElasticConfig> near = sampler.neighbours(sampled.subList(0, 20), 200, Set.of(), 1);
    assertTrue(near.stream().noneMatch(config -> config.choice(0).isDropped()));
    assertTrue(near.stream().anyMatch(config -> !config.dropped().isEmpty()));
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void theFirstGroupsAreKeptWhereTheyMustBe(boolean monotone) {
    int kept = GROUPS / 2;
    ConfigSampler sampler = new ConfigSampler(LAYOUT, ALL, true, monotone, kept, 1);
    List<ElasticConfig> sampled = new ArrayList<>(sampler.sample(300));
    sampled.addAll(sampler.neighbours(sampled.subList(0, 20), 200, Set.of(), 1));
    int firstDropped =
        sampled.stream()
            .mapToInt(config -> config.dropped().nextSetBit(0))
            .filter(group -> group >= 0)
            .min()
            .orElseThrow();
    assertEquals(kept, firstDropped);
  }

  @Test
  void sameSeedSameSamples() {
    assertEquals(sampler(true, false, 9).sample(50), sampler(true, false, 9).sample(50));
    assertNotEquals(sampler(true, false, 8).sample(50), sampler(true, false, 9).sample(50));
  }

  @Test
  void smallSpaceGivesWhatItHas() {
    ArtifactLayout small = new ArtifactLayout(Groups.equalCount(320, 2), new BlockShape(2, 4), 0);
    List<Precision> fp32 = List.of(Precision.FP32);
    assertEquals(
        4,
        new ConfigSampler(small, fp32, true, false, small.groups().count(), 1).sample(100).size());
    assertEquals(
        3,
        new ConfigSampler(small, fp32, true, true, small.groups().count(), 1).sample(100).size());
    assertThrows(
        IllegalArgumentException.class,
        () -> new ConfigSampler(small, List.of(), true, true, small.groups().count(), 1));
  }
}
