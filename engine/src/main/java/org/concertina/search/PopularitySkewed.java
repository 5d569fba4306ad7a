package org.concertina.search;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.concertina.block.ArtifactLayout;
import org.concertina.block.BlockChoice;
import org.concertina.block.ElasticConfig;
import org.concertina.block.Precision;

/**
 * The baseline that gives popular groups more blocks, by a fixed rule and without a judge.
 *
 * <p>Group g of G has the weight {@code skew^(-g / (G - 1))}, so the first weighs {@code skew}
 * times the last. It keeps {@code floor(level * weight)} blocks, at least one and at most N, with
 * the largest level that fits the budget. What is left gives one block more to groups from the most
 * popular on, as far as that fits and no group overtakes a more popular one.
 *
 * @param space what is allowed
 * @param layout what it costs
 * @param skew weight of the most popular group over that of the least popular, at least 1
 */
public record PopularitySkewed(SearchSpace space, ArtifactLayout layout, double skew) {
  private static final int LEVELS = 4_096;

  /** Validates. */
  public PopularitySkewed {
    if (!(skew >= 1)) {
      throw new IllegalArgumentException("skew: expected >= 1, got " + skew);
    }
  }

  /** The default skew: the first group could keep all blocks where the last keeps one. */
  public static PopularitySkewed of(SearchSpace space, ArtifactLayout layout) {
    return new PopularitySkewed(space, layout, space.shape().blocks());
  }

  /** The allocation for a budget in one precision; nothing if not even one block fits. */
  public Optional<ElasticConfig> config(long budgetBytes, Precision precision) {
    int least = 0;
    int most = LEVELS;
    if (layout.fileBytes(atLevel(least, precision)) > budgetBytes) {
      return Optional.empty();
    }
    while (least < most) {
      int middle = (least + most + 1) / 2;
      if (layout.fileBytes(atLevel(middle, precision)) <= budgetBytes) {
        least = middle;
      } else {
        most = middle - 1;
      }
    }
    return Optional.of(fill(atLevel(least, precision), budgetBytes));
  }

  /** {@link #config} in every precision that fits. */
  public List<ElasticConfig> all(long budgetBytes) {
    List<ElasticConfig> configs = new ArrayList<>();
    space.precisions().forEach(p -> config(budgetBytes, p).ifPresent(configs::add));
    return configs;
  }

  /** Level 0 keeps one block everywhere, the last level all. */
  private ElasticConfig atLevel(int level, Precision precision) {
    int blocks = space.shape().blocks();
    double scale = blocks * skew * level / LEVELS;
    List<BlockChoice> choices = new ArrayList<>();
    for (int g = 0; g < space.groups(); g++) {
      double rank = space.groups() == 1 ? 0 : g / (space.groups() - 1.0);
      // The margin keeps a whole number whole after rounding.
      double kept = Math.floor(scale * StrictMath.pow(skew, -rank) + 1e-9);
      choices.add(BlockChoice.prefix((int) Math.clamp(kept, 1, blocks), precision));
    }
    return new ElasticConfig(space.shape(), choices);
  }

  private ElasticConfig fill(ElasticConfig config, long budgetBytes) {
    Genome genome = Genome.of(layout, config);
    for (int g = 0; g < genome.groups(); g++) {
      int kept = genome.choice(g).keptBlocks();
      if (kept < space.shape().blocks() && (g == 0 || kept < genome.choice(g - 1).keptBlocks())) {
        BlockChoice more = BlockChoice.prefix(kept + 1, genome.choice(g).precision());
        if (genome.fileBytesWith(g, more) <= budgetBytes) {
          genome.set(g, more);
        }
      }
    }
    return genome.toConfig();
  }
}
