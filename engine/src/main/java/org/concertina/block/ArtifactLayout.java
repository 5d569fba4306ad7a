package org.concertina.block;

import java.util.Objects;
import java.util.stream.IntStream;
import org.concertina.kernel.TileOps;

/**
 * Where everything of a device artifact lies, and so what a configuration costs: the whole file,
 * header, directory, padding and ids included. All sections start at a multiple of {@link
 * #ALIGNMENT_BYTES}.
 *
 * <pre>
 * header | directory: one entry a group | rows: group after group, in tiles of 16 rows, behind
 *   them the group's prior if there is one | item ids | users | end
 * </pre>
 *
 * @param groups the groups of the table
 * @param shape how rows are cut
 * @param ids what encoded item ids take
 * @param priors which groups keep a prior's byte a row behind their tiles
 * @param userBytes what users' vectors and ids take, whatever the configuration; 0 for none
 */
public record ArtifactLayout(
    Groups groups, BlockShape shape, IdBytes ids, CodedPriors priors, long userBytes) {
  /** Alignment of every section and of every group's rows. */
  public static final int ALIGNMENT_BYTES = 64;

  /** Size of the header. */
  public static final int HEADER_BYTES = 256;

  /** Size of one group's entry in the directory. */
  public static final int DIRECTORY_ENTRY_BYTES = 64;

  /** Validates. */
  public ArtifactLayout {
    Objects.requireNonNull(groups, "groups");
    Objects.requireNonNull(shape, "shape");
    Objects.requireNonNull(ids, "ids");
    Objects.requireNonNull(priors, "priors");
    if (userBytes < 0) {
      throw new IllegalArgumentException("userBytes: expected none below 0, got " + userBytes);
    }
  }

  /** The layout of an artifact without users. */
  public ArtifactLayout(Groups groups, BlockShape shape, IdBytes ids, CodedPriors priors) {
    this(groups, shape, ids, priors, 0);
  }

  /** The layout of items without a prior, and with an id section of so many bytes, 0 for none. */
  public ArtifactLayout(Groups groups, BlockShape shape, long idSectionBytes) {
    this(groups, shape, IdBytes.fixed(idSectionBytes), CodedPriors.NONE);
  }

  /** The same with users' vectors and ids of so many bytes. */
  public ArtifactLayout withUsers(long bytes) {
    return new ArtifactLayout(groups, shape, ids, priors, bytes);
  }

  /** Rounds up to the alignment. */
  public static long align(long bytes) {
    return (bytes + ALIGNMENT_BYTES - 1) / ALIGNMENT_BYTES * ALIGNMENT_BYTES;
  }

  /** Offset of the directory. */
  public long directoryOffsetBytes() {
    return HEADER_BYTES;
  }

  /** Offset of the first group's rows. */
  public long rowsOffsetBytes() {
    return align(HEADER_BYTES + (long) groups.count() * DIRECTORY_ENTRY_BYTES);
  }

  /** Tiles of 16 rows that a group needs; the last one is padded with zero rows. */
  public int tileCount(int group) {
    return Math.ceilDiv(groups.size(group), TileOps.TILE_ROWS);
  }

  /** Bytes of a group's tiles under a choice, padding included. */
  public long tilesBytes(int group, BlockChoice choice) {
    return align(tileCount(group) * choice.precision().tileBytes(shape.keptDims(choice)));
  }

  /** Bytes of the codes of a group's prior, padding included; 0 if it keeps none. */
  public long priorBytes(int group) {
    return priors.isCoded(group) ? align((long) tileCount(group) * TileOps.TILE_ROWS) : 0;
  }

  /** Bytes of all groups' priors if none is dropped. */
  public long priorBytes() {
    return IntStream.range(0, groups.count()).mapToLong(this::priorBytes).sum();
  }

  /**
   * Bytes of what a group keeps under a choice: its tiles and then its prior; 0 if it is dropped.
   */
  public long groupBytes(int group, BlockChoice choice) {
    return choice.isDropped() ? 0 : tilesBytes(group, choice) + priorBytes(group);
  }

  /** Bytes of all groups under a configuration. */
  public long rowsBytes(ElasticConfig config) {
    if (config.groups() != groups.count() || !config.shape().equals(shape)) {
      throw new IllegalArgumentException(
          "config: expected %d groups of %s, got %d of %s"
              .formatted(groups.count(), shape, config.groups(), config.shape()));
    }
    long bytes = 0;
    for (int g = 0; g < groups.count(); g++) {
      bytes += groupBytes(g, config.choice(g));
    }
    return bytes;
  }

  /** Bytes of the whole file for a configuration; what a budget binds. */
  public long fileBytes(ElasticConfig config) {
    return rowsOffsetBytes() + rowsBytes(config) + align(ids.bytes(config)) + align(userBytes);
  }

  /**
   * Bytes of the plain fp32 item table, {@code items * dim * 4}: what "% of the table" refers to.
   */
  public long fullTableBytes() {
    return (long) groups.items() * shape.dim() * Float.BYTES;
  }
}
