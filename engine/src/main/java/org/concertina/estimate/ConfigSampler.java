package org.concertina.estimate;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.concertina.block.BlockChoice;
import org.concertina.block.BlockShape;
import org.concertina.block.ElasticConfig;
import org.concertina.block.Precision;
import org.concertina.kernel.CounterRandom;

/**
 * Draws configurations over the whole range of budgets, for the estimator to learn from.
 *
 * <p>Four kinds: the same prefix everywhere; prefixes that fall from popular to unpopular groups
 * along a curve; prefixes drawn and sorted; prefixes drawn for every group alone. Without {@code
 * nestedOnly}, half of the configurations keep other subsets of the same sizes; a group then draws
 * from few subsets a size, since a judge pays for every distinct one.
 *
 * @param shape how rows are cut
 * @param groups G
 * @param precisions the precisions that may occur
 * @param nestedOnly whether groups keep prefixes only
 * @param seed of all draws
 */
public record ConfigSampler(
    BlockShape shape, int groups, List<Precision> precisions, boolean nestedOnly, long seed) {
  private static final int SUBSETS_PER_SIZE = 3;
  private static final int MAX_TRIES_PER_SAMPLE = 20;

  /** Validates and copies. */
  public ConfigSampler {
    precisions = List.copyOf(precisions);
    if (precisions.isEmpty() || groups < 1) {
      throw new IllegalArgumentException("sampler: expected a precision and a group at least");
    }
  }

  /**
   * Up to {@code count} distinct configurations, the smallest and the largest of every precision
   * first; fewer only if the space seems to have no more.
   */
  public List<ElasticConfig> sample(int count) {
    Set<ElasticConfig> found = new LinkedHashSet<>();
    for (Precision precision : precisions) {
      found.add(ElasticConfig.uniform(shape, groups, 1, precision));
      found.add(ElasticConfig.uniform(shape, groups, shape.blocks(), precision));
    }
    for (int i = 0; found.size() < count && i < MAX_TRIES_PER_SAMPLE * count; i++) {
      found.add(draw(new Draws(CounterRandom.key(seed, i))));
    }
    return found.stream().limit(count).toList();
  }

  private ElasticConfig draw(Draws draws) {
    int[] kept = blocks(draws);
    boolean subsets = !nestedOnly && draws.chance(0.5);
    // Few configurations mix precisions at random; most change once, at a group.
    boolean mixed = draws.chance(0.15);
    int changeAt = draws.chance(0.5) ? groups : draws.below(groups + 1);
    Precision popular = precisions.get(draws.below(precisions.size()));
    Precision rest = precisions.get(draws.below(precisions.size()));
    List<BlockChoice> choices = new ArrayList<>(groups);
    for (int g = 0; g < groups; g++) {
      Precision precision = g < changeAt ? popular : rest;
      if (mixed) {
        precision = precisions.get(draws.below(precisions.size()));
      }
      int variant = subsets ? draws.below(SUBSETS_PER_SIZE) : 0;
      choices.add(
          variant == 0
              ? BlockChoice.prefix(kept[g], precision)
              : new BlockChoice(subset(g, kept[g], variant), precision));
    }
    return new ElasticConfig(shape, choices);
  }

  /** Blocks that every group keeps. */
  private int[] blocks(Draws draws) {
    int most = draws.between(1, shape.blocks());
    int least = draws.between(1, most);
    int[] kept = new int[groups];
    double kind = draws.unit();
    if (kind < 0.1) {
      Arrays.fill(kept, most);
    } else if (kind < 0.5) {
      double power = StrictMath.exp(3 * draws.unit() - 1);
      for (int g = 0; g < groups; g++) {
        double popularity = groups == 1 ? 1 : 1 - g / (groups - 1.0);
        kept[g] = (int) Math.round(least + (most - least) * StrictMath.pow(popularity, power));
      }
    } else {
      for (int g = 0; g < groups; g++) {
        kept[g] = -draws.between(least, most);
      }
      if (kind < 0.75) {
        Arrays.sort(kept);
      }
      Arrays.setAll(kept, g -> -kept[g]);
    }
    return kept;
  }

  /** Subset number {@code variant} of a size, the same whenever it is asked for. */
  private long subset(int group, int size, int variant) {
    long key = CounterRandom.key(CounterRandom.key(seed, -1L - group), size * 64L + variant);
    int[] blocks = new int[shape.blocks()];
    Arrays.setAll(blocks, n -> n);
    new Draws(key).shuffleInPlace(blocks);
    long mask = 0;
    for (int i = 0; i < size; i++) {
      mask |= 1L << blocks[i];
    }
    return mask;
  }
}
