package org.concertina.jmh;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.concertina.interaction.InteractionData;
import org.concertina.interaction.InteractionMatrix;
import org.concertina.interaction.InteractionReader;
import org.concertina.interaction.ReadOptions;
import org.concertina.memory.CappedArena;

/**
 * The pairs that BPR's benchmarks train: Gowalla's from the folder {@code gowalla} in {@code
 * -Dconcertina.datasets=DIR}, or as many users, items and pairs, synthetic.
 */
public final class BprData implements AutoCloseable {
  private static final int USERS = 29_858;
  private static final int ITEMS = 40_981;
  private static final int DEGREE = 27;

  private final CappedArena arena = CappedArena.unlimited();
  private final InteractionData data;
  private final InteractionMatrix train;

  private BprData(Path gowalla) throws IOException {
    data =
        gowalla == null
            ? null
            : InteractionReader.read(gowalla, ReadOptions.defaults().withValidationShare(0));
    train = data == null ? synthetic() : data.train();
  }

  /** Reads the data or makes it up. */
  public static BprData open() {
    String datasets = System.getProperty("concertina.datasets");
    try {
      return new BprData(datasets == null ? null : Path.of(datasets, "gowalla"));
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  /** Low items are the popular ones: density falls with the power 2/3 of the rank. */
  private InteractionMatrix synthetic() {
    MemorySegment pointers = arena.allocateLongs(USERS + 1L, "row pointers");
    MemorySegment indices = arena.allocateInts((long) USERS * DEGREE, "item indices");
    SplittableRandom random = new SplittableRandom(1);
    for (int user = 0; user < USERS; user++) {
      TreeSet<Integer> liked = new TreeSet<>();
      while (liked.size() < DEGREE) {
        liked.add((int) (ITEMS * Math.pow(random.nextDouble(), 3)));
      }
      long at = (long) user * DEGREE;
      for (int item : liked) {
        indices.setAtIndex(ValueLayout.JAVA_INT, at++, item);
      }
      pointers.setAtIndex(ValueLayout.JAVA_LONG, user + 1L, at);
    }
    return InteractionMatrix.view(ITEMS, pointers, indices);
  }

  /** The pairs. */
  public InteractionMatrix train() {
    return train;
  }

  @Override
  public void close() {
    if (data != null) {
      data.close();
    }
    arena.close();
  }
}
