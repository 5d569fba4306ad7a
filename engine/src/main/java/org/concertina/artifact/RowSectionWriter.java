package org.concertina.artifact;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import org.concertina.block.ArtifactLayout;
import org.concertina.block.BlockChoice;
import org.concertina.block.ElasticConfig;
import org.concertina.block.GroupPacker;
import org.concertina.block.GroupPrior;
import org.concertina.block.Groups;
import org.concertina.block.RowOrder;
import org.concertina.memory.CappedArena;
import org.concertina.memory.FloatTable;

/** Writes directory and rows of an artifact, group by group: one group's rows are in memory. */
final class RowSectionWriter {
  private final FloatTable items;
  private final MemorySegment prior;
  private final RowOrder order;
  private final ElasticConfig config;
  private final ArtifactLayout layout;

  /** Of a table, its prior or null, and what the groups keep; the arguments fit one another. */
  RowSectionWriter(
      FloatTable items,
      MemorySegment prior,
      RowOrder order,
      ElasticConfig config,
      ArtifactLayout layout) {
    this.items = items;
    this.prior = prior;
    this.order = order;
    this.config = config;
    this.layout = layout;
  }

  /**
   * Appends the rows and their priors; returns their checksum.
   *
   * @param head receives the directory behind the header
   */
  int write(FileChannel channel, MemorySegment head, CappedArena arena) throws IOException {
    Groups groups = order.groups();
    MemorySegment values = arena.allocateFloats(largestGroupFloats(), "rows of one group");
    MemorySegment codes = arena.allocate(order.groups().maxSize(), "prior of one group");
    TileStream tiles = new TileStream(channel, arena, layout.shape().dim());
    long offset = layout.rowsOffsetBytes();
    for (int g = 0; g < groups.count(); g++) {
      BlockChoice choice = config.choice(g);
      float scale = 1;
      long bytes = 0;
      GroupPrior groupPrior = prior == null ? null : new GroupPrior(0, 0);
      if (!choice.isDropped()) {
        scale = GroupPacker.pack(items, layout.shape(), order, g, choice, values, 0);
        bytes = layout.tilesBytes(g, choice);
        checkFinite(values, g);
        tiles.append(
            values, groups.size(g), layout.shape().keptDims(choice), choice.precision(), bytes);
        if (prior != null) {
          groupPrior = GroupPrior.pack(prior, order, g, codes, 0);
        }
        if (layout.priors().isCoded(g)) {
          tiles.appendCodes(codes, groups.size(g), layout.priorBytes(g));
        }
      }
      long priorOffset = prior == null ? 0 : offset + bytes;
      new DirectoryEntry(
              groups.start(g),
              groups.size(g),
              choice,
              scale,
              offset,
              bytes,
              groupPrior,
              priorOffset,
              layout.priorBytes(g))
          .write(head, ArtifactHeader.BYTES + (long) g * DirectoryEntry.BYTES);
      offset += layout.groupBytes(g, choice);
    }
    return tiles.finish();
  }

  private long largestGroupFloats() {
    long most = 0;
    for (int g = 0; g < config.groups(); g++) {
      long floats = (long) order.groups().size(g) * layout.shape().keptDims(config.choice(g));
      most = Math.max(most, floats);
    }
    return most;
  }

  private void checkFinite(MemorySegment values, int group) {
    Groups groups = order.groups();
    long count = (long) groups.size(group) * layout.shape().keptDims(config.choice(group));
    for (long i = 0; i < count; i++) {
      float value = values.get(ArtifactFormat.FLOAT, i * Float.BYTES);
      if (!Float.isFinite(value)) {
        throw new IllegalArgumentException(
            "items: expected embeddings that normalise to finite numbers, got %s for an item of %d to %d"
                .formatted(value, groups.start(group), groups.end(group) - 1));
      }
    }
  }
}
