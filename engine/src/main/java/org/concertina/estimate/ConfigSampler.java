package org.concertina.estimate;

import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.concertina.block.ArtifactLayout;
import org.concertina.block.BlockChoice;
import org.concertina.block.BlockShape;
import org.concertina.block.ElasticConfig;
import org.concertina.block.Precision;
import org.concertina.kernel.CounterRandom;

/**
 * Draws configurations over the whole range of budgets, for the estimator to learn from.
 *
 * <p>Sizes are spread evenly over the logarithm of the bytes, in any run of consecutive draws, so
 * that every band of budgets has as many. Within a band configurations differ in all that a search
 * varies: how steeply rows shorten from popular to unpopular groups, where the precision changes,
 * how far groups stray from the curve, and single groups that are a step or two away from it.
 *
 * <p>Without {@code nestedOnly}, half of the configurations keep other subsets of the same sizes; a
 * group then draws from few subsets a size, since a judge pays for every distinct one.
 *
 * @param layout what configurations cost
 * @param precisions the precisions that may occur
 * @param nestedOnly whether groups keep prefixes only
 * @param monotone whether no group may take more bytes a row than a more popular one
 * @param keptGroups of the first groups, that keep a block at least, 1 to G; half of the
 *     configurations drop of the others what a curve leaves less than a block, and all that are too
 *     small for a block a row
 * @param seed of all draws
 */
public record ConfigSampler(
    ArtifactLayout layout,
    List<Precision> precisions,
    boolean nestedOnly,
    boolean monotone,
    int keptGroups,
    long seed) {
  private static final int SUBSETS_PER_SIZE = 3;
  private static final int MAX_TRIES_PER_SAMPLE = 20;
  private static final int PRECISION_TRIES = 12;

  /** Multiples of it, modulo one, fill the unit interval evenly from the first to the last. */
  private static final double GOLDEN_RATIO = 0.6180339887498949;

  private static final double LEAST_SKEW = 0.7;
  private static final double MOST_SKEW = 64;

  /** Validates and copies. */
  public ConfigSampler {
    precisions = List.copyOf(precisions);
    if (precisions.isEmpty()) {
      throw new IllegalArgumentException("sampler: expected a precision at least");
    }
  }

  /**
   * Up to {@code count} distinct configurations, the smallest and the largest of every precision
   * first; fewer only if the space seems to have no more.
   */
  public List<ElasticConfig> sample(int count) {
    Set<ElasticConfig> found = new LinkedHashSet<>();
    long smallest = Long.MAX_VALUE;
    long largest = 0;
    for (Precision precision : precisions) {
      for (int kept : new int[] {1, shape().blocks()}) {
        ElasticConfig uniform = ElasticConfig.uniform(shape(), groups(), kept, precision);
        found.add(uniform);
        smallest = Math.min(smallest, layout.fileBytes(uniform));
        largest = Math.max(largest, layout.fileBytes(uniform));
      }
    }
    long everythingKept = smallest;
    boolean allowDropped = keptGroups < groups();
    if (allowDropped) {
      BlockChoice[] first = new BlockChoice[groups()];
      Arrays.fill(first, BlockChoice.DROPPED);
      Arrays.fill(first, 0, keptGroups, BlockChoice.prefix(1, narrowest()));
      ElasticConfig dropped = new ElasticConfig(shape(), List.of(first));
      found.add(dropped);
      smallest = layout.fileBytes(dropped);
    }
    for (long i = 0; found.size() < count && i < (long) MAX_TRIES_PER_SAMPLE * count; i++) {
      double at = CounterRandom.unit(seed, -1) + i * GOLDEN_RATIO;
      double position = at - Math.floor(at);
      double bytes = smallest * StrictMath.pow((double) largest / smallest, position);
      Draws draws = new Draws(CounterRandom.key(seed, i));
      boolean drops = allowDropped && (bytes < everythingKept || draws.chance(0.5));
      found.add(draw(Math.round(bytes), drops ? keptGroups : groups(), draws));
    }
    return found.stream().limit(count).toList();
  }

  private Precision narrowest() {
    return precisions.stream().min(Comparator.comparingInt(Precision::bits)).orElseThrow();
  }

  private BlockShape shape() {
    return layout.shape();
  }

  private int groups() {
    return layout.groups().count();
  }

  /** A configuration of about these bytes; so many of the first groups keep a block at least. */
  private ElasticConfig draw(long targetBytes, int kept, Draws draws) {
    double[] weights = weights(draws);
    CurveFit curve = new CurveFit(layout, precisions(draws), kept);
    for (int i = 0; i < PRECISION_TRIES && !curve.reaches(targetBytes); i++) {
      curve = new CurveFit(layout, precisions(draws), kept);
    }
    BlockChoice[] choices = curve.fit(weights, targetBytes);
    if (draws.chance(0.5)) {
      for (int step = draws.between(1, 4); step > 0; step--) {
        perturb(choices, draws);
      }
    }
    if (!nestedOnly && draws.chance(0.5)) {
      for (int g = 0; g < choices.length; g++) {
        int variant = draws.below(SUBSETS_PER_SIZE);
        if (variant > 0) {
          long mask = subset(g, choices[g].keptBlocks(), variant);
          choices[g] = new BlockChoice(mask, choices[g].precision());
        }
      }
    }
    return ordered(choices);
  }

  /**
   * Distinct configurations that are one to four steps away from some of {@code centres}.
   *
   * @param count how many at most; fewer only if there seem to be no more
   * @param known what not to return
   * @param stream another number gives other draws
   */
  public List<ElasticConfig> neighbours(
      List<ElasticConfig> centres, int count, Set<ElasticConfig> known, long stream) {
    Set<ElasticConfig> found = new LinkedHashSet<>();
    long key = CounterRandom.key(CounterRandom.key(seed, -2), stream);
    for (long i = 0; found.size() < count && i < (long) MAX_TRIES_PER_SAMPLE * count; i++) {
      Draws draws = new Draws(CounterRandom.key(key, i));
      ElasticConfig centre = centres.get((int) (i % centres.size()));
      BlockChoice[] choices = centre.choices().toArray(BlockChoice[]::new);
      for (int step = draws.between(1, 4); step > 0; step--) {
        perturb(choices, draws);
      }
      ElasticConfig neighbour = ordered(choices);
      if (!known.contains(neighbour)) {
        found.add(neighbour);
      }
    }
    return List.copyOf(found);
  }

  /** Groups that take more a row than a more popular one do as that one, if they must. */
  private ElasticConfig ordered(BlockChoice[] choices) {
    for (int g = 1; monotone && g < choices.length; g++) {
      if (rowBytes(choices[g]) > rowBytes(choices[g - 1])) {
        choices[g] = choices[g - 1];
      }
    }
    return new ElasticConfig(shape(), Arrays.asList(choices));
  }

  /** Relative bytes a row of the groups: a falling curve, more or less disturbed. */
  private double[] weights(Draws draws) {
    double skew = LEAST_SKEW * StrictMath.pow(MOST_SKEW / LEAST_SKEW, draws.unit());
    double bend = StrictMath.exp(1.6 * draws.unit() - 0.8);
    double noise = draws.chance(0.4) ? 0 : 0.8 * draws.unit();
    double[] weights = new double[groups()];
    for (int g = 0; g < weights.length; g++) {
      double rank = weights.length == 1 ? 0 : g / (weights.length - 1.0);
      double disturbance = 2 * (draws.unit() + draws.unit() - 1);
      weights[g] =
          StrictMath.exp(noise * disturbance - StrictMath.log(skew) * StrictMath.pow(rank, bend));
    }
    if (monotone) {
      Arrays.sort(weights);
      for (int g = 0; g < weights.length / 2; g++) {
        double swapped = weights[g];
        weights[g] = weights[weights.length - 1 - g];
        weights[weights.length - 1 - g] = swapped;
      }
    }
    return weights;
  }

  /** One precision, or two that change at a group, or any. */
  private Precision[] precisions(Draws draws) {
    Precision[] chosen = new Precision[groups()];
    double kind = draws.unit();
    int changeAt = kind < 0.4 ? groups() : draws.below(groups() + 1);
    Precision popular = any(draws);
    Precision rest = any(draws);
    for (int g = 0; g < chosen.length; g++) {
      chosen[g] = g < changeAt ? popular : rest;
      if (kind > 0.85) {
        chosen[g] = any(draws);
      }
    }
    return chosen;
  }

  private Precision any(Draws draws) {
    return precisions.get(draws.below(precisions.size()));
  }

  private static BlockChoice prefix(int kept, Precision precision) {
    return kept == 0 ? BlockChoice.DROPPED : BlockChoice.prefix(kept, precision);
  }

  /** Changes one group by a step or two of blocks, or to another precision. */
  private void perturb(BlockChoice[] choices, Draws draws) {
    int group = draws.below(choices.length);
    BlockChoice old = choices[group];
    if (precisions.size() > 1 && draws.chance(0.3)) {
      choices[group] = new BlockChoice(old.blockMask(), any(draws));
    } else {
      int by = draws.between(1, 2) * (draws.chance(0.5) ? 1 : -1);
      int fewest = group < keptGroups ? 1 : 0;
      int kept = Math.clamp(old.keptBlocks() + by, fewest, shape().blocks());
      choices[group] = prefix(kept, old.isDropped() ? any(draws) : old.precision());
    }
  }

  private long rowBytes(BlockChoice choice) {
    return choice.precision().rowBytes(shape().keptDims(choice));
  }

  /** Subset number {@code variant} of a size, the same whenever it is asked for. */
  private long subset(int group, int size, int variant) {
    long key = CounterRandom.key(CounterRandom.key(seed, -1L - group), size * 64L + variant);
    int[] blocks = new int[shape().blocks()];
    Arrays.setAll(blocks, n -> n);
    new Draws(key).shuffleInPlace(blocks);
    long mask = 0;
    for (int i = 0; i < size; i++) {
      mask |= 1L << blocks[i];
    }
    return mask;
  }
}
