package org.concertina.search;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import org.concertina.block.ArtifactLayout;
import org.concertina.block.BlockChoice;
import org.concertina.block.BlockShape;
import org.concertina.block.CodedPriors;
import org.concertina.block.ElasticConfig;
import org.concertina.block.Groups;
import org.concertina.block.IdBytes;
import org.concertina.block.Precision;
import org.concertina.estimate.SyntheticMetric;
import org.junit.jupiter.api.Test;

class BaselinesTest {
  private static final BlockShape SHAPE = new BlockShape(8, 8);
  private static final ArtifactLayout LAYOUT =
      new ArtifactLayout(Groups.equalCount(1_600, 5), SHAPE, 0);
  private static final SearchSpace SPACE =
      SearchSpace.nested(SHAPE, 5, List.of(Precision.FP32, Precision.INT8));
  private static final long BLOCK_BYTES = 320 * 8 * 4;

  private static List<Integer> blocks(ElasticConfig config) {
    return config.choices().stream().map(BlockChoice::keptBlocks).toList();
  }

  private static long overhead() {
    return LAYOUT.rowsOffsetBytes();
  }

  @Test
  void uniformKeepsTheLargestPrefix() {
    UniformFirstK uniform = new UniformFirstK(SPACE, LAYOUT);
    long budgetBytes = overhead() + 13 * BLOCK_BYTES;
    assertEquals(
        List.of(2, 2, 2, 2, 2), blocks(uniform.strict(budgetBytes, Precision.FP32).orElseThrow()));
    assertEquals(
        List.of(3, 3, 3, 2, 2), blocks(uniform.filled(budgetBytes, Precision.FP32).orElseThrow()));
    assertEquals(
        List.of(8, 8, 8, 8, 8), blocks(uniform.filled(budgetBytes, Precision.INT8).orElseThrow()));
    assertEquals(Optional.empty(), uniform.strict(overhead() + 1, Precision.INT8));
    assertEquals(2, uniform.allFilled(budgetBytes).size());
  }

  @Test
  void plainTablesKeepAllOrNothing() {
    UniformFirstK uniform = new UniformFirstK(SPACE, LAYOUT);
    long int4 = overhead() + 1_600 * 64 / 2;
    ElasticConfig table = uniform.table(int4, Precision.INT4).orElseThrow();
    assertEquals(List.of(8, 8, 8, 8, 8), blocks(table));
    assertEquals(List.of(Precision.INT4), table.precisions());
    assertEquals(int4, LAYOUT.fileBytes(table));
    assertEquals(Optional.empty(), uniform.table(int4 - 1, Precision.INT4));
    assertEquals(Optional.empty(), uniform.table(int4, Precision.INT8));
  }

  /** 320 priors a group are a byte each, which is a multiple of 64. */
  @Test
  void aPriorIsPaidForByAll() {
    ArtifactLayout layout =
        new ArtifactLayout(LAYOUT.groups(), SHAPE, IdBytes.NONE, CodedPriors.all(5));
    long budgetBytes = overhead() + 13 * BLOCK_BYTES;
    UniformFirstK uniform = new UniformFirstK(SPACE, layout);
    PopularitySkewed skewed = new PopularitySkewed(SPACE, layout, 16, false);
    assertEquals(
        List.of(3, 3, 2, 2, 2), blocks(uniform.filled(budgetBytes, Precision.FP32).orElseThrow()));
    assertEquals(
        List.of(3, 3, 3, 2, 2),
        blocks(uniform.filled(budgetBytes + 1_600, Precision.FP32).orElseThrow()));
    long ofSkewed = overhead() + (8 + 4 + 2 + 1 + 1) * BLOCK_BYTES + 1_600;
    ElasticConfig config = skewed.config(ofSkewed, Precision.FP32).orElseThrow();
    assertEquals(List.of(8, 4, 2, 1, 1), blocks(config));
    assertEquals(ofSkewed, layout.fileBytes(config));
    assertEquals(ofSkewed, Genome.of(layout, config).fileBytes());
    assertNotEquals(
        config, skewed.config(ofSkewed - 1, Precision.FP32).orElseThrow(), "a byte too few");
  }

  @Test
  void narrowCodesOfVeryShortBlocksAreRefused() {
    BlockShape shape = new BlockShape(8, 2);
    IllegalArgumentException refused =
        assertThrows(
            IllegalArgumentException.class,
            () -> SearchSpace.nested(shape, 5, List.of(Precision.INT4)));
    assertTrue(refused.getMessage().contains("INT4"), refused.getMessage());
    SearchSpace.nested(new BlockShape(8, 3), 5, List.of(Precision.INT4));
    assertThrows(
        IllegalArgumentException.class,
        () -> SearchSpace.nested(new BlockShape(8, 4), 5, List.of(Precision.INT2)));
    SearchSpace.nested(new BlockShape(8, 5), 5, List.of(Precision.values()));
  }

  @Test
  void whereGroupsMayBeDroppedUnpopularOnesAre() {
    SearchSpace space =
        new SearchSpace(SHAPE, 5, List.of(Precision.FP32, Precision.INT8), true, true, 1);
    long threeBlocks = overhead() + 3 * BLOCK_BYTES;
    UniformFirstK uniform = new UniformFirstK(space, LAYOUT);
    assertEquals(Optional.empty(), uniform.strict(threeBlocks, Precision.FP32));
    assertEquals(
        List.of(1, 1, 1, 0, 0), blocks(uniform.filled(threeBlocks, Precision.FP32).orElseThrow()));
    assertEquals(Optional.empty(), uniform.filled(overhead(), Precision.FP32));
    PopularitySkewed dropping = new PopularitySkewed(space, LAYOUT, 16, true);
    assertEquals(
        List.of(2, 1, 0, 0, 0), blocks(dropping.config(threeBlocks, Precision.FP32).orElseThrow()));
    assertEquals(
        List.of(8, 4, 2, 1, 0),
        blocks(dropping.config(overhead() + 15 * BLOCK_BYTES, Precision.FP32).orElseThrow()));
    assertEquals(Optional.empty(), dropping.config(overhead(), Precision.FP32));
    for (long budgetBytes = threeBlocks; budgetBytes < 90 * BLOCK_BYTES; budgetBytes += 5_000) {
      for (PopularitySkewed skewed : PopularitySkewed.family(space, LAYOUT)) {
        for (ElasticConfig config : skewed.all(budgetBytes)) {
          assertTrue(space.contains(config), config::toString);
          assertTrue(LAYOUT.fileBytes(config) <= budgetBytes);
          assertTrue(skewed.drops() || config.dropped().isEmpty());
        }
        assertTrue(skewed.mixed(budgetBytes).map(space::contains).orElse(true));
      }
    }
  }

  @Test
  void skewFollowsTheWeights() {
    // Weights 1, 1/2, 1/4, 1/8, 1/16 at a full first group.
    PopularitySkewed skewed = new PopularitySkewed(SPACE, LAYOUT, 16, false);
    long budgetBytes = overhead() + (8 + 4 + 2 + 1 + 1) * BLOCK_BYTES;
    assertEquals(
        List.of(8, 4, 2, 1, 1), blocks(skewed.config(budgetBytes, Precision.FP32).orElseThrow()));
    assertEquals(
        List.of(8, 5, 2, 1, 1),
        blocks(skewed.config(budgetBytes + BLOCK_BYTES, Precision.FP32).orElseThrow()));
    assertEquals(Optional.empty(), skewed.config(overhead(), Precision.FP32));
  }

  @Test
  void skewFitsEveryBudgetAndReachesTheFullTable() {
    PopularitySkewed skewed = PopularitySkewed.of(SPACE, LAYOUT);
    long full = LAYOUT.fileBytes(SPACE.largest());
    long smallest = LAYOUT.fileBytes(SPACE.smallest());
    long before = 0;
    for (long budgetBytes = smallest; budgetBytes < full; budgetBytes += 1_777) {
      ElasticConfig config = skewed.config(budgetBytes, Precision.INT8).orElseThrow();
      long bytes = LAYOUT.fileBytes(config);
      assertTrue(bytes <= budgetBytes && bytes >= before);
      assertTrue(SPACE.contains(config));
      before = bytes;
    }
    assertEquals(SPACE.largest(), skewed.config(full, Precision.FP32).orElseThrow());
  }

  @Test
  void randomConfigurationsFit() {
    long budgetBytes = LAYOUT.fullTableBytes() / 10;
    List<ElasticConfig> drawn = new RandomConfigs(SPACE, LAYOUT).sample(budgetBytes, 10, 1);
    assertEquals(10, drawn.size());
    for (ElasticConfig config : drawn) {
      assertTrue(LAYOUT.fileBytes(config) <= budgetBytes && SPACE.contains(config));
    }
  }

  @Test
  void greedyWalksFromTheSmallestToTheLargest() {
    ConfigJudge judge = new SyntheticMetric(0)::judge;
    GreedyGain greedy = new GreedyGain(SPACE, LAYOUT, judge, Objective.RECALL);
    List<ElasticConfig> path = greedy.path(Long.MAX_VALUE, _ -> {});
    assertEquals(SPACE.smallest(), path.getFirst());
    assertEquals(SPACE.largest(), path.getLast());
    for (int i = 1; i < path.size(); i++) {
      assertTrue(LAYOUT.fileBytes(path.get(i)) > LAYOUT.fileBytes(path.get(i - 1)));
      assertTrue(SPACE.contains(path.get(i)));
    }
    // Blocks in int8 first, four times cheaper than wider elements.
    ElasticConfig middle = path.get(path.size() / 4);
    assertTrue(middle.choices().stream().allMatch(c -> c.precision() == Precision.INT8));
    assertTrue(middle.choice(0).keptBlocks() > middle.choice(4).keptBlocks());
  }

  @Test
  void greedyBeatsUniformAndStaysBelowTheLimit() {
    ConfigJudge judge = new SyntheticMetric(0)::judge;
    long budgetBytes = overhead() + 12 * BLOCK_BYTES / 4;
    List<ElasticConfig> path =
        new GreedyGain(SPACE, LAYOUT, judge, Objective.NDCG).path(budgetBytes, _ -> {});
    assertTrue(LAYOUT.fileBytes(path.getLast()) <= budgetBytes);
    ElasticConfig uniform =
        new UniformFirstK(SPACE, LAYOUT).filled(budgetBytes, Precision.INT8).orElseThrow();
    assertTrue(judge.judge(path.getLast()).ndcg() > judge.judge(uniform).ndcg());
  }
}
