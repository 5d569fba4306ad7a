package org.concertina.datasets;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * Interactions drawn from a model with a long tail and latent tastes.
 *
 * <p>A user takes {@code n} distinct items, {@code n} log-normal; item {@code i} is next with
 * probability proportional to {@code popularity(i) * exp(tasteStrength * cos(user, i))}, popularity
 * by Zipf-Mandelbrot. A fifth of each user's items, drawn uniformly, is for testing. External item
 * ids are a random permutation, so that they tell nothing of popularity or taste.
 *
 * <p>Generating is O(users x items x latentDim) on all cores; the pairs are on the heap. Immutable.
 */
public final class SyntheticInteractions {
  /** Each user has at least so many items, one of them for testing. */
  static final int MIN_INTERACTIONS = 5;

  private static final double TEST_SHARE = 0.2;

  private final SyntheticConfig config;
  private final LatentSpace space;
  private final double[] logPopularity;
  private final int[] externalIds;
  private final int[] itemOfExternalId;
  private final int[][] train;
  private final int[][] test;

  private SyntheticInteractions(SyntheticConfig config) {
    this.config = config;
    SplittableRandom root = new SplittableRandom(config.seed());
    space = new LatentSpace(config, root.split());
    externalIds = permutation(config.items(), root.split());
    itemOfExternalId = new int[config.items()];
    logPopularity = new double[config.items()];
    for (int item = 0; item < config.items(); item++) {
      itemOfExternalId[externalIds[item]] = item;
      logPopularity[item] =
          -config.popularityExponent() * StrictMath.log(item + 1 + config.popularityOffset());
    }
    SplittableRandom[] randoms = new SplittableRandom[config.users()];
    Arrays.setAll(randoms, user -> root.split());
    train = new int[config.users()][];
    test = new int[config.users()][];
    IntStream.range(0, config.users())
        .parallel()
        .forEach(user -> drawUser(user, randoms[user]));
  }

  /** Draws all interactions. */
  public static SyntheticInteractions generate(SyntheticConfig config) {
    return new SyntheticInteractions(config);
  }

  /** What it was drawn from. */
  public SyntheticConfig config() {
    return config;
  }

  /** A copy of the user's external item ids for training, ascending. */
  public int[] train(int user) {
    return train[user].clone();
  }

  /** A copy of the user's external item ids for testing, ascending. */
  public int[] test(int user) {
    return test[user].clone();
  }

  /** Pairs of both splits. */
  public long interactions() {
    long sum = 0;
    for (int user = 0; user < config.users(); user++) {
      sum += train[user].length + test[user].length;
    }
    return sum;
  }

  /**
   * Writes {@code train.txt.gz} and {@code test.txt.gz}; external user ids count from 0. Each file
   * appears whole or not at all; one that exists is replaced. The bytes are the same for the same
   * configuration and JDK.
   *
   * @param dir is created if it does not exist
   * @throws IOException if a file cannot be written; no temporary file stays behind
   */
  public void writeTo(Path dir) throws IOException {
    LineFiles.write(dir, "train.txt.gz", train);
    LineFiles.write(dir, "test.txt.gz", test);
  }

  /** The cluster that an external item id belongs to most. */
  int mainCluster(int externalId) {
    return space.mainCluster(itemOfExternalId[externalId]);
  }

  private void drawUser(int user, SplittableRandom random) {
    float[] taste = space.drawUser(random);
    int count = drawActivity(random);
    int[] items = drawItems(taste, count, random);
    for (int i = count - 1; i > 0; i--) {
      swap(items, i, random.nextInt(i + 1));
    }
    int testCount = (int) Math.round(TEST_SHARE * count);
    test[user] = externalIds(Arrays.copyOf(items, testCount));
    train[user] = externalIds(Arrays.copyOfRange(items, testCount, count));
  }

  /** A log-normal count with the configured mean, kept within reason. */
  private int drawActivity(SplittableRandom random) {
    double spread = config.activitySpread();
    double location = StrictMath.log(config.meanInteractions()) - spread * spread / 2;
    double drawn = StrictMath.exp(location + spread * new Gaussian(random).next());
    return (int) Math.round(Math.clamp(drawn, MIN_INTERACTIONS, config.items() / 2.0));
  }

  /**
   * Draws without replacement by the Gumbel-max trick: the {@code count} largest of log weight plus
   * Gumbel noise. See Kool et al., "Stochastic beams and where to find them", ICML 2019.
   */
  private int[] drawItems(float[] taste, int count, SplittableRandom random) {
    double[] keys = new double[config.items()];
    for (int item = 0; item < keys.length; item++) {
      double gumbel = -StrictMath.log(-StrictMath.log(1 - random.nextDouble()));
      keys[item] = logPopularity[item] + config.tasteStrength() * space.affinity(taste, item);
      keys[item] += gumbel;
    }
    double[] sorted = keys.clone();
    Arrays.sort(sorted);
    double least = sorted[sorted.length - count];
    int[] drawn = new int[count];
    int size = 0;
    for (int item = 0; item < keys.length && size < count; item++) {
      if (keys[item] >= least) {
        drawn[size++] = item;
      }
    }
    return drawn;
  }

  private int[] externalIds(int[] items) {
    int[] ids = new int[items.length];
    for (int i = 0; i < ids.length; i++) {
      ids[i] = externalIds[items[i]];
    }
    Arrays.sort(ids);
    return ids;
  }

  private static int[] permutation(int size, SplittableRandom random) {
    int[] ids = new int[size];
    for (int i = 1; i < size; i++) {
      ids[i] = i;
      swap(ids, i, random.nextInt(i + 1));
    }
    return ids;
  }

  private static void swap(int[] array, int first, int second) {
    int value = array[first];
    array[first] = array[second];
    array[second] = value;
  }
}
