package org.concertina.search;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.concertina.block.ArtifactLayout;
import org.concertina.block.BlockChoice;
import org.concertina.block.ElasticConfig;
import org.concertina.block.Precision;

/**
 * The strategy that gives popular groups more bytes, by a fixed rule and without a judge.
 *
 * <p>Group g of G has the weight {@code skew^(-g / (G - 1))}, so the first weighs {@code skew}
 * times the last. It keeps the largest choice of a ladder whose row takes at most {@code level *
 * weight} bytes, at least the first, with the largest level that fits the budget. What is left
 * lifts groups by one step from the most popular on, as far as that fits and no group overtakes a
 * more popular one.
 *
 * <p>A ladder is either the prefixes of the row in one precision, or the prefixes in the narrowest
 * precision and then whole rows in wider ones. If groups are dropped, nothing is the first step of
 * all but the first of them.
 *
 * @param space what is allowed
 * @param layout what it costs
 * @param skew weight of the most popular group over that of the least popular, at least 1
 * @param drops whether groups whose weight is not worth a block are dropped
 */
public record PopularitySkewed(
    SearchSpace space, ArtifactLayout layout, double skew, boolean drops) {
  private static final int LEVELS = 4_096;

  /** From flat to steep, in multiples of the default skew. */
  private static final double[] FAMILY = {0.25, 0.5, 1, 2, 4, 8};

  /** Validates. */
  public PopularitySkewed {
    if (!(skew >= 1)) {
      throw new IllegalArgumentException("skew: expected >= 1, got " + skew);
    }
  }

  /** The default skew: the first group could keep all blocks where the last keeps one. */
  public static PopularitySkewed of(SearchSpace space, ArtifactLayout layout) {
    return new PopularitySkewed(space, layout, space.shape().blocks(), false);
  }

  /**
   * Skews from flat to steep; the same skew fits no two budgets. If groups may be dropped, each of
   * them with and without.
   */
  public static List<PopularitySkewed> family(SearchSpace space, ArtifactLayout layout) {
    List<PopularitySkewed> family = new ArrayList<>();
    for (double factor : FAMILY) {
      double skew = Math.max(1, space.shape().blocks() * factor);
      family.add(new PopularitySkewed(space, layout, skew, false));
      if (space.allowDropped()) {
        family.add(new PopularitySkewed(space, layout, skew, true));
      }
    }
    return family;
  }

  /** The allocation for a budget in one precision; nothing if not even one block fits. */
  public Optional<ElasticConfig> config(long budgetBytes, Precision precision) {
    return climb(budgetBytes, prefixes(precision));
  }

  /** {@link #config} in every precision that fits. */
  public List<ElasticConfig> all(long budgetBytes) {
    List<ElasticConfig> configs = new ArrayList<>();
    space.precisions().forEach(p -> config(budgetBytes, p).ifPresent(configs::add));
    return configs;
  }

  /** The allocation for a budget in all precisions; nothing if not even one block fits. */
  public Optional<ElasticConfig> mixed(long budgetBytes) {
    List<BlockChoice> ladder = prefixes(space.precisions().getFirst());
    for (Precision wider : space.precisions().subList(1, space.precisions().size())) {
      ladder.add(new BlockChoice(space.shape().fullMask(), wider));
    }
    return climb(budgetBytes, ladder);
  }

  private List<BlockChoice> prefixes(Precision precision) {
    List<BlockChoice> ladder = new ArrayList<>();
    if (drops) {
      ladder.add(BlockChoice.DROPPED);
    }
    for (int count = 1; count <= space.shape().blocks(); count++) {
      ladder.add(BlockChoice.prefix(count, precision));
    }
    return ladder;
  }

  private Optional<ElasticConfig> climb(long budgetBytes, List<BlockChoice> ladder) {
    int least = 0;
    int most = LEVELS;
    if (layout.fileBytes(atLevel(least, ladder)) > budgetBytes) {
      return Optional.empty();
    }
    while (least < most) {
      int middle = (least + most + 1) / 2;
      if (layout.fileBytes(atLevel(middle, ladder)) <= budgetBytes) {
        least = middle;
      } else {
        most = middle - 1;
      }
    }
    return Optional.of(fill(atLevel(least, ladder), ladder, budgetBytes));
  }

  /** Level 0 keeps the first choice everywhere, the last level the last one. */
  private ElasticConfig atLevel(int level, List<BlockChoice> ladder) {
    double scale = space.rowBytes(ladder.getLast()) * skew * level / LEVELS;
    List<BlockChoice> choices = new ArrayList<>();
    for (int g = 0; g < space.groups(); g++) {
      double rank = space.groups() == 1 ? 0 : g / (space.groups() - 1.0);
      // The margin keeps a whole number whole after rounding.
      double rowBytes = scale * StrictMath.pow(skew, -rank) + 1e-6;
      int step = drops && !space.mayDrop(g) ? 1 : 0;
      while (step + 1 < ladder.size() && space.rowBytes(ladder.get(step + 1)) <= rowBytes) {
        step++;
      }
      choices.add(ladder.get(step));
    }
    return new ElasticConfig(space.shape(), choices);
  }

  private ElasticConfig fill(ElasticConfig config, List<BlockChoice> ladder, long budgetBytes) {
    Genome genome = Genome.of(layout, config);
    for (int g = 0; g < genome.groups(); g++) {
      int step = ladder.indexOf(genome.choice(g));
      boolean mayGrow = g == 0 || step < ladder.indexOf(genome.choice(g - 1));
      if (mayGrow && step + 1 < ladder.size()) {
        BlockChoice more = ladder.get(step + 1);
        if (genome.fileBytesWith(g, more) <= budgetBytes) {
          genome.set(g, more);
        }
      }
    }
    return genome.toConfig();
  }
}
