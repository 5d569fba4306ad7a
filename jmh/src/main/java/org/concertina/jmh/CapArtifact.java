package org.concertina.jmh;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.concertina.artifact.ArtifactWriter;
import org.concertina.artifact.IdCodec;
import org.concertina.artifact.Provenance;
import org.concertina.block.ArtifactLayout;
import org.concertina.block.BlockShape;
import org.concertina.block.ElasticConfig;
import org.concertina.block.Groups;
import org.concertina.block.Precision;
import org.concertina.block.RowOrder;
import org.concertina.memory.CappedArena;
import org.concertina.memory.FloatTable;
import org.concertina.memory.MemoryCap;
import org.concertina.search.Budget;
import org.concertina.search.PopularitySkewed;
import org.concertina.search.SearchSpace;
import org.concertina.serve.DeviceRuntime;
import org.concertina.serve.Recommender;

/**
 * The best artifact of a catalogue that a device can serve under a cap, popular items having more
 * blocks: 64 floats in 8 blocks, 20 groups, random rows, ids included.
 *
 * @param items of the catalogue
 * @param precision of every row
 */
record CapArtifact(int items, Precision precision) {
  static final BlockShape SHAPE = new BlockShape(8, 8);
  private static final int GROUPS = 20;

  /** Allocations that are tried, each smaller by what the one before had too much. */
  private static final int ATTEMPTS = 8;

  /** The bytes of a cap as the benchmark's parameter spells it. */
  static MemoryCap cap(String text) {
    return text.equals("unlimited")
        ? MemoryCap.unlimited()
        : MemoryCap.ofBytes(Budget.parse(text).bytes(null));
  }

  /** The rows that artifacts are made of; {@code arena} owns them. */
  FloatTable rows(CappedArena arena) {
    FloatTable rows = FloatTable.allocate(arena, items, SHAPE.dim(), "random items");
    SplittableRandom random = new SplittableRandom(7);
    for (int item = 0; item < items; item++) {
      for (int k = 0; k < SHAPE.dim(); k++) {
        rows.set(item, k, random.nextFloat() - 0.5f);
      }
    }
    return rows;
  }

  RowOrder order() {
    return RowOrder.byId(Groups.equalCount(items, GROUPS), ids());
  }

  private int[] ids() {
    return IntStream.range(0, items).toArray();
  }

  private ArtifactLayout layout(RowOrder order) {
    return new ArtifactLayout(order.groups(), SHAPE, IdCodec.encodedBytes(order, ids()));
  }

  /**
   * Chooses the largest allocation whose file and scratch memory fit, and leaves its file.
   *
   * @param cap of the device
   * @return the allocation, nothing if not even one block a row fits
   */
  Optional<ElasticConfig> write(Path file, String cap, FloatTable rows) throws IOException {
    RowOrder order = order();
    ArtifactLayout layout = layout(order);
    if (cap.equals("unlimited")) {
      ElasticConfig full = ElasticConfig.uniform(SHAPE, GROUPS, SHAPE.blocks(), precision);
      write(file, full, order, rows);
      return Optional.of(full);
    }
    long capBytes = Budget.parse(cap).bytes(null);
    long budget = capBytes;
    PopularitySkewed skewed =
        PopularitySkewed.of(SearchSpace.nested(SHAPE, GROUPS, List.of(precision)), layout);
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      Optional<ElasticConfig> config =
          budget < 1 ? Optional.empty() : skewed.config(budget, precision);
      if (config.isEmpty()) {
        Files.deleteIfExists(file);
        return config;
      }
      write(file, config.get(), order, rows);
      long needed = neededBytes(file);
      if (needed <= capBytes) {
        return config;
      }
      budget = layout.fileBytes(config.get()) - (needed - capBytes);
    }
    throw new AssertionError("no allocation found for " + cap + " after " + ATTEMPTS + " attempts");
  }

  private void write(Path file, ElasticConfig config, RowOrder order, FloatTable rows)
      throws IOException {
    ArtifactWriter.write(
        file, rows, null, SHAPE, order, config, ids(), new Provenance(1, 2, 7, "jmh"));
  }

  /** Everything that the runtime and one recommender count. */
  private static long neededBytes(Path file) throws IOException {
    MemoryCap counting = MemoryCap.unlimited();
    try (DeviceRuntime runtime = DeviceRuntime.open(file, counting);
        Recommender recommender = runtime.newRecommender()) {
      recommender.warmUp();
      return counting.usedBytes();
    }
  }
}
