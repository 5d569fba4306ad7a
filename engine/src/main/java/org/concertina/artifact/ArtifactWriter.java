package org.concertina.artifact;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.UUID;
import org.concertina.block.ArtifactLayout;
import org.concertina.block.BlockShape;
import org.concertina.block.CodedPriors;
import org.concertina.block.ElasticConfig;
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
  private final UserVectors users;
  private final Optional<UserSection> userSection;
  private final ArtifactLayout layout;

  private ArtifactWriter(
      FloatTable items,
      MemorySegment prior,
      BlockShape shape,
      RowOrder order,
      ElasticConfig config,
      int[] itemIds,
      UserVectors users) {
    this.items = items;
    this.prior = prior;
    this.order = order;
    this.config = config;
    this.itemIds = itemIds;
    this.users = users;
    this.userSection = Optional.ofNullable(users).map(UserVectors::section);
    this.layout =
        new ArtifactLayout(
            order.groups(),
            shape,
            itemIds == null ? IdBytes.NONE : IdCodec.bytes(order, itemIds),
            CodedPriors.of(prior, order).without(config.dropped()),
            userSection.map(UserSection::bytes).orElse(0L));
  }

  /**
   * Writes an artifact without users, replacing a file of this name.
   *
   * @see #write(Path, FloatTable, MemorySegment, BlockShape, RowOrder, ElasticConfig, int[],
   *     UserVectors, Provenance)
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
    return write(out, items, prior, shape, order, config, itemIds, null, provenance);
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
   * @param users whose vectors to keep; null for none
   * @param provenance where the embeddings come from
   * @throws IllegalArgumentException if sizes disagree, ids are not in row order, or an embedding,
   *     a prior or a user's vector is not finite
   */
  public static ArtifactInfo write(
      Path out,
      FloatTable items,
      MemorySegment prior,
      BlockShape shape,
      RowOrder order,
      ElasticConfig config,
      int[] itemIds,
      UserVectors users,
      Provenance provenance)
      throws IOException {
    check(items, prior, shape, order.groups(), config);
    checkUsers(users, shape);
    ArtifactWriter writer = new ArtifactWriter(items, prior, shape, order, config, itemIds, users);
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
        writer.version(),
        writer.layout.fileBytes(config),
        order.groups(),
        config,
        writer.layout.priors(),
        writer.layout.ids().bytes(config),
        writer.userSection,
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

  private static void checkUsers(UserVectors users, BlockShape shape) {
    if (users != null && users.vectors().dim() != shape.dim()) {
      throw new IllegalArgumentException(
          "users: expected vectors of %d floats, got %d"
              .formatted(shape.dim(), users.vectors().dim()));
    }
  }

  private int version() {
    return ArtifactFormat.versionOf(config, layout.priors(), userSection.isPresent());
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
      int rowsCrc =
          new RowSectionWriter(items, prior, order, config, layout).write(channel, head, arena);
      int idsCrc = writeIds(channel, arena);
      int usersCrc =
          userSection.isEmpty()
              ? 0
              : UserSectionWriter.write(users, userSection.get(), channel, arena);
      long directoryBytes = (long) groups.count() * DirectoryEntry.BYTES;
      new ArtifactHeader(
              version(),
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
              idsCrc,
              userSection,
              usersCrc)
          .write(head);
      channel.position(0);
      append(channel, head, arena);
    }
  }

  private int writeIds(FileChannel channel, CappedArena arena) throws IOException {
    if (itemIds == null) {
      return 0;
    }
    long bytes = layout.ids().bytes(config);
    MemorySegment section = arena.allocate(ArtifactLayout.align(bytes), "item ids");
    IdCodec.encode(order, itemIds, config.dropped(), section, 0);
    return append(channel, section, arena);
  }

  private static int append(FileChannel channel, MemorySegment section, CappedArena arena)
      throws IOException {
    SectionStream out = new SectionStream(channel, arena, 0);
    out.append(section, 0, section.byteSize());
    return out.finish();
  }
}
