package org.concertina.estimate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

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

class ConfigSamplerTest {
  private static final BlockShape SHAPE = new BlockShape(8, 8);
  private static final int GROUPS = 10;
  private static final List<Precision> BOTH = List.of(Precision.FP32, Precision.INT8);

  @Test
  void coversTheWholeRange() {
    ArtifactLayout layout = new ArtifactLayout(Groups.equalCount(10_000, GROUPS), SHAPE, 0);
    List<ElasticConfig> sampled =
        new ConfigSampler(SHAPE, GROUPS, List.of(Precision.FP32), true, 1).sample(500);
    assertEquals(500, new HashSet<>(sampled).size());
    int[] tenths = new int[11];
    for (ElasticConfig config : sampled) {
      tenths[(int) (10 * layout.fileBytes(config) / layout.fullTableBytes())]++;
      assertTrue(config.choices().stream().allMatch(BlockChoice::isPrefix));
    }
    for (int tenth = 1; tenth < 9; tenth++) {
      assertTrue(tenths[tenth] >= 10, "share " + tenth + "/10: " + tenths[tenth]);
    }
    assertTrue(sampled.contains(ElasticConfig.full(SHAPE, GROUPS)));
    assertTrue(sampled.contains(ElasticConfig.uniform(SHAPE, GROUPS, 1, Precision.FP32)));
  }

  @Test
  void freeSubsetsComeFromFewPerSize() {
    List<ElasticConfig> sampled = new ConfigSampler(SHAPE, GROUPS, BOTH, false, 1).sample(500);
    Set<BlockChoice> ofFirstGroup = new HashSet<>();
    int free = 0;
    for (ElasticConfig config : sampled) {
      ofFirstGroup.add(config.choice(0));
      free += config.choices().stream().allMatch(BlockChoice::isPrefix) ? 0 : 1;
    }
    assertTrue(free > 100 && free < 400, "free subsets: " + free);
    assertTrue(ofFirstGroup.size() <= 2 * (3 * 8), "choices: " + ofFirstGroup.size());
  }

  @Test
  void sameSeedSameSamples() {
    ConfigSampler sampler = new ConfigSampler(SHAPE, GROUPS, BOTH, false, 9);
    assertEquals(sampler.sample(50), sampler.sample(50));
    assertTrue(
        !sampler.sample(50).equals(new ConfigSampler(SHAPE, GROUPS, BOTH, false, 8).sample(50)));
  }

  @Test
  void smallSpaceGivesWhatItHas() {
    List<ElasticConfig> sampled =
        new ConfigSampler(new BlockShape(2, 4), 2, List.of(Precision.FP32), true, 1).sample(100);
    assertEquals(4, sampled.size());
  }
}
