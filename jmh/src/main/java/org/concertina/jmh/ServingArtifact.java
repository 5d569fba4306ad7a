package org.concertina.jmh;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.concertina.artifact.ArtifactWriter;
import org.concertina.artifact.Provenance;
import org.concertina.block.BlockChoice;
import org.concertina.block.BlockShape;
import org.concertina.block.ElasticConfig;
import org.concertina.block.Groups;
import org.concertina.block.Precision;
import org.concertina.block.RowOrder;
import org.concertina.memory.CappedArena;
import org.concertina.memory.FloatTable;

/** Artifacts of random rows in the size of Gowalla's catalogue: 20 groups, 64 floats, 8 blocks. */
final class ServingArtifact {
  static final int ITEMS = 40_981;
  static final int DIM = 64;
  private static final int GROUPS = 20;

  private ServingArtifact() {}

  /** What an artifact keeps. */
  enum Budget {
    /** All blocks. */
    FULL,
    /** Eight blocks for the most popular group, one less every two or three groups, down to one. */
    SKEWED,
    /** Two blocks of every item. */
    QUARTER
  }

  /** Writes an artifact; the same seed gives the same bytes. */
  static void write(Path out, Budget budget, Precision precision, long seed) throws IOException {
    BlockShape shape = new BlockShape(8, 8);
    SplittableRandom random = new SplittableRandom(seed);
    int[] ids = IntStream.range(0, ITEMS).toArray();
    List<BlockChoice> choices = new ArrayList<>();
    for (int g = 0; g < GROUPS; g++) {
      int blocks =
          switch (budget) {
            case FULL -> 8;
            case SKEWED -> 8 - g * 8 / GROUPS;
            case QUARTER -> 2;
          };
      choices.add(BlockChoice.prefix(blocks, precision));
    }
    try (CappedArena arena = CappedArena.unlimited()) {
      FloatTable items = FloatTable.allocate(arena, ITEMS, DIM, "random items");
      for (int item = 0; item < ITEMS; item++) {
        for (int k = 0; k < DIM; k++) {
          items.set(item, k, (float) random.nextGaussian());
        }
      }
      ArtifactWriter.write(
          out,
          items,
          null,
          shape,
          RowOrder.byId(Groups.equalCount(ITEMS, GROUPS), ids),
          new ElasticConfig(shape, choices),
          ids,
          new Provenance(1, 2, seed, "jmh"));
    }
  }

  /** A user of random taste, in native memory as an application would keep it. */
  static void fillUser(MemorySegment user, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    for (int k = 0; k < DIM; k++) {
      user.setAtIndex(ValueLayout.JAVA_FLOAT, k, (float) random.nextGaussian());
    }
  }
}
