package org.concertina.datasets;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.concertina.datasets.RandomStreams.Purpose;

/**
 * All interactions of a {@link SyntheticModel}, split into training and test.
 *
 * <p>A fifth of each user's items, drawn uniformly, is for testing. The pairs are on the heap; for
 * more than some millions write a {@link SyntheticLog}. Immutable.
 */
public final class SyntheticInteractions {
  private static final double TEST_SHARE = 0.2;

  private final SyntheticModel model;
  private final int[][] train;
  private final int[][] test;

  private SyntheticInteractions(SyntheticModel model) {
    this.model = model;
    train = new int[model.config().users()][];
    test = new int[model.config().users()][];
    IntStream.range(0, train.length).parallel().forEach(this::drawUser);
  }

  /** Draws all interactions. */
  public static SyntheticInteractions generate(SyntheticConfig config) {
    return new SyntheticInteractions(new SyntheticModel(config));
  }

  /** What they were drawn from, with the true scores. */
  public SyntheticModel model() {
    return model;
  }

  /** A copy of the user's items for training, ascending. */
  public int[] train(int user) {
    return train[user].clone();
  }

  /** A copy of the user's items for testing, ascending. */
  public int[] test(int user) {
    return test[user].clone();
  }

  /**
   * Writes {@code train.txt.gz} and {@code test.txt.gz}. Each file appears whole or not at all; one
   * that exists is replaced. The bytes are the same for the same configuration and JDK.
   *
   * @param dir is created if it does not exist
   * @throws IOException if a file cannot be written; no temporary file stays behind
   */
  public void writeTo(Path dir) throws IOException {
    LineFiles.write(dir, "train.txt.gz", train);
    LineFiles.write(dir, "test.txt.gz", test);
  }

  private void drawUser(int user) {
    SyntheticHistory history = model.newHistory(false);
    history.draw(user);
    int[] items = IntStream.range(0, history.size()).map(history::item).toArray();
    SplittableRandom random = model.streams().of(Purpose.SPLIT, user);
    for (int i = items.length - 1; i > 0; i--) {
      int other = random.nextInt(i + 1);
      int item = items[i];
      items[i] = items[other];
      items[other] = item;
    }
    int testCount = (int) Math.round(TEST_SHARE * items.length);
    test[user] = Arrays.copyOf(items, testCount);
    train[user] = Arrays.copyOfRange(items, testCount, items.length);
    Arrays.sort(test[user]);
    Arrays.sort(train[user]);
  }
}
