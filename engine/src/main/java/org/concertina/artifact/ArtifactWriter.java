package org.concertina.artifact;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.UUID;
import org.concertina.block.ArtifactLayout;
import org.concertina.block.BlockChoice;
import org.concertina.block.BlockShape;
import org.concertina.block.CodedPriors;
import org.concertina.block.ElasticConfig;
import org.concertina.block.GroupPacker;
import org.concertina.block.GroupPrior;
import org.concertina.block.Groups;
import org.concertina.block.IdBytes;
import org.concertina.block.RowOrder;
import org.concertina.memory.CappedArena;
import org.concertina.memory.Checksums;
import org.concertina.memory.FloatTable;

/**
 * Writes artifacts, group by group: no more than one group's rows is in memory.
 *
 * <p>The file appears complete or not at all: everything goes to a temporary file beside it, which
 * is forced to the disk and then moved. Stateless.
 */
public final class ArtifactWriter {
  private final FloatTable items;
  private final MemorySegment prior;
  private final RowOrder order;
  private final ElasticConfig config;
  private final int[] itemIds;
  private final ArtifactLayout layout;

  private ArtifactWriter(
      FloatTable items,
      MemorySegment prior,
      BlockShape shape,
      RowOrder order,
      ElasticConfig config,
      int[] itemIds) {
    this.items = items;
    this.prior = prior;
    this.order = order;
    this.config = config;
    this.itemIds = itemIds;
    this.layout =
        new ArtifactLayout(
            order.groups(),
            shape,
            itemIds == null ? IdBytes.NONE : ItemIdCodec.bytes(order, itemIds),
            CodedPriors.of(prior, order).without(config.dropped()));
  }

  /**
   * Writes an artifact, replacing a file of this name.
   *
   * @param out where to
   * @param items item embeddings, by item index
   * @param prior what is added to the cosine of every item, a float each by item index; null if
   *     nothing is
   * @param shape how they are cut into blocks
   * @param order which item stands in which row
   * @param config what every group keeps
   * @param itemIds external id of every item, ascending within the rows of a group; null to leave
   *     ids out
   * @param provenance where the embeddings come from
   * @throws IllegalArgumentException if sizes disagree, ids are not in row order, or an embedding
   *     or a prior is not finite
   */
  public static ArtifactInfo write(
      Path out,
      FloatTable items,
      MemorySegment prior,
      BlockShape shape,
      RowOrder order,
      ElasticConfig config,
      int[] itemIds,
      Provenance provenance)
      throws IOException {
    check(items, prior, shape, order.groups(), config);
    ArtifactWriter writer = new ArtifactWriter(items, prior, shape, order, config, itemIds);
    if (Files.isDirectory(out)) {
      throw new FileSystemException(
          out.toString(), null, "is a directory; give the path of a file to write");
    }
    Path temporary = out.resolveSibling("." + out.getFileName() + "." + UUID.randomUUID() + ".tmp");
    try {
      try (FileChannel channel =
          FileChannel.open(temporary, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
        writer.writeTo(channel, provenance);
        channel.force(true);
      }
      move(temporary, out);
    } finally {
      Files.deleteIfExists(temporary);
    }
    return new ArtifactInfo(
        ArtifactFormat.versionOf(config, writer.layout.priors()),
        writer.layout.fileBytes(config),
        order.groups(),
        config,
        writer.layout.priors(),
        writer.layout.ids().bytes(config),
        provenance);
  }

  private static void check(
      FloatTable items,
      MemorySegment prior,
      BlockShape shape,
      Groups groups,
      ElasticConfig config) {
    long priorBytes = (long) groups.items() * Float.BYTES;
    if (prior != null && prior.byteSize() != priorBytes) {
      throw new IllegalArgumentException(
          "prior: expected %d floats, got %d bytes".formatted(groups.items(), prior.byteSize()));
    }
    if (items.rows() != groups.items() || items.dim() != shape.dim()) {
      throw new IllegalArgumentException(
          "items: expected %d x %d, got %d x %d"
              .formatted(groups.items(), shape.dim(), items.rows(), items.dim()));
    }
    if (shape.dim() > ArtifactFormat.MAX_DIM) {
      throw new IllegalArgumentException(
          "dim: expected at most " + ArtifactFormat.MAX_DIM + ", got " + shape.dim());
    }
    if (!config.shape().equals(shape) || config.groups() != groups.count()) {
      throw new IllegalArgumentException(
          "config: expected %d groups of %s, got %d of %s"
              .formatted(groups.count(), shape, config.groups(), config.shape()));
    }
  }

  private static void move(Path from, Path to) throws IOException {
    try {
      Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
    } catch (AtomicMoveNotSupportedException notThisFileSystem) {
      Files.move(from, to, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  private void writeTo(FileChannel channel, Provenance provenance) throws IOException {
    Groups groups = order.groups();
    long headBytes = layout.rowsOffsetBytes();
    try (CappedArena arena = CappedArena.unlimited()) {
      MemorySegment head = arena.allocate(headBytes, "artifact directory");
      channel.position(headBytes);
      int rowsCrc = writeRows(channel, head, arena);
      int idsCrc = writeIds(channel, arena);
      long directoryBytes = (long) groups.count() * DirectoryEntry.BYTES;
      new ArtifactHeader(
              ArtifactFormat.versionOf(config, layout.priors()),
              layout.fileBytes(config),
              groups.items(),
              groups.count(),
              layout.shape(),
              layout.priors().present(),
              layout.rowsBytes(config),
              layout.ids().bytes(config),
              provenance,
              Checksums.crc32c(head, ArtifactHeader.BYTES, directoryBytes),
              rowsCrc,
              idsCrc)
          .write(head);
      channel.position(0);
      writeSegment(channel, head);
    }
  }

  private int writeRows(FileChannel channel, MemorySegment head, CappedArena arena)
      throws IOException {
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

  private int writeIds(FileChannel channel, CappedArena arena) throws IOException {
    if (itemIds == null) {
      return 0;
    }
    long bytes = ArtifactLayout.align(layout.ids().bytes(config));
    MemorySegment section = arena.allocate(bytes, "item ids");
    ItemIdCodec.encode(order, itemIds, config.dropped(), section, 0);
    writeSegment(channel, section);
    return Checksums.crc32c(section, 0, bytes);
  }

  private static void writeSegment(FileChannel channel, MemorySegment segment) throws IOException {
    long chunk = 1L << 30;
    for (long at = 0; at < segment.byteSize(); at += chunk) {
      long bytes = Math.min(chunk, segment.byteSize() - at);
      writeFully(channel, segment.asSlice(at, bytes).asByteBuffer());
    }
  }

  static void writeFully(FileChannel channel, ByteBuffer buffer) throws IOException {
    while (buffer.hasRemaining()) {
      channel.write(buffer);
    }
  }
}
