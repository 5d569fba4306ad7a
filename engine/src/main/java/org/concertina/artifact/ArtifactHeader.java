package org.concertina.artifact;

import static org.concertina.artifact.ArtifactFormat.INT;
import static org.concertina.artifact.ArtifactFormat.LONG;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.concertina.block.ArtifactLayout;
import org.concertina.block.BlockShape;
import org.concertina.memory.Checksums;

/**
 * The first 256 bytes of an artifact. Offsets follow from the sizes, so only sizes are kept.
 *
 * @param rowsBytes of all groups' tiles and priors
 * @param idBytes bytes of the id section before padding, 0 for none
 * @param users what the users' section holds, if there is one
 * @param usersCrc its checksum, 0 for none
 */
record ArtifactHeader(
    int version,
    long fileBytes,
    int items,
    int groups,
    BlockShape shape,
    boolean hasPrior,
    long rowsBytes,
    long idBytes,
    Provenance provenance,
    int directoryCrc,
    int rowsCrc,
    int idsCrc,
    Optional<UserSection> users,
    int usersCrc) {
  static final int BYTES = ArtifactLayout.HEADER_BYTES;

  private static final int VERSION_AT = 4;
  private static final int FLAGS_AT = 8;
  private static final int HEADER_BYTES_AT = 12;
  private static final int FILE_BYTES_AT = 16;
  private static final int ITEMS_AT = 24;
  private static final int GROUPS_AT = 28;
  private static final int BLOCKS_AT = 32;
  private static final int BLOCK_DIM_AT = 36;
  private static final int DIRECTORY_OFFSET_AT = 40;
  private static final int DIRECTORY_BYTES_AT = 48;
  private static final int ROWS_OFFSET_AT = 56;
  private static final int ROWS_BYTES_AT = 64;
  private static final int IDS_OFFSET_AT = 72;
  private static final int IDS_BYTES_AT = 80;
  private static final int DATA_HASH_AT = 88;
  private static final int MODEL_HASH_AT = 96;
  private static final int SEED_AT = 104;
  private static final int ENGINE_VERSION_AT = 112;
  private static final int DIRECTORY_CRC_AT = 128;
  private static final int ROWS_CRC_AT = 132;
  private static final int IDS_CRC_AT = 136;
  private static final int HEADER_CRC_AT = 252;

  private int flags() {
    return (idBytes > 0 ? ArtifactFormat.FLAG_IDS : 0)
        | (hasPrior ? ArtifactFormat.FLAG_PRIOR : 0)
        | (users.isPresent() ? ArtifactFormat.FLAG_USERS : 0);
  }

  long directoryBytes() {
    return (long) groups * ArtifactLayout.DIRECTORY_ENTRY_BYTES;
  }

  long rowsOffset() {
    return ArtifactLayout.align(BYTES + directoryBytes());
  }

  long idsOffset() {
    return rowsOffset() + rowsBytes;
  }

  long usersOffset() {
    return idsOffset() + ArtifactLayout.align(idBytes);
  }

  void write(MemorySegment to) {
    to.set(INT, 0, ArtifactFormat.MAGIC);
    to.set(INT, VERSION_AT, version);
    to.set(INT, FLAGS_AT, flags());
    to.set(INT, HEADER_BYTES_AT, BYTES);
    to.set(LONG, FILE_BYTES_AT, fileBytes);
    to.set(INT, ITEMS_AT, items);
    to.set(INT, GROUPS_AT, groups);
    to.set(INT, BLOCKS_AT, shape.blocks());
    to.set(INT, BLOCK_DIM_AT, shape.blockDim());
    to.set(LONG, DIRECTORY_OFFSET_AT, BYTES);
    to.set(LONG, DIRECTORY_BYTES_AT, directoryBytes());
    to.set(LONG, ROWS_OFFSET_AT, rowsOffset());
    to.set(LONG, ROWS_BYTES_AT, rowsBytes);
    to.set(LONG, IDS_OFFSET_AT, idsOffset());
    to.set(LONG, IDS_BYTES_AT, idBytes);
    to.set(LONG, DATA_HASH_AT, provenance.dataHash());
    to.set(LONG, MODEL_HASH_AT, provenance.modelHash());
    to.set(LONG, SEED_AT, provenance.seed());
    byte[] version = provenance.engineVersion().getBytes(StandardCharsets.US_ASCII);
    MemorySegment.copy(version, 0, to, ValueLayout.JAVA_BYTE, ENGINE_VERSION_AT, version.length);
    to.set(INT, DIRECTORY_CRC_AT, directoryCrc);
    to.set(INT, ROWS_CRC_AT, rowsCrc);
    to.set(INT, IDS_CRC_AT, idsCrc);
    users.ifPresent(section -> section.write(to, usersOffset(), usersCrc));
    to.set(INT, HEADER_CRC_AT, Checksums.crc32c(to, 0, HEADER_CRC_AT));
  }

  /**
   * Reads and verifies a header against itself and the size of its file.
   *
   * @param from 256 bytes
   */
  static ArtifactHeader read(MemorySegment from, long actualFileBytes, Faults faults)
      throws ArtifactFormatException {
    checkKind(from, faults);
    faults.expectEqual("header bytes", BYTES, from.get(INT, HEADER_BYTES_AT));
    faults.expectEqual("file bytes", from.get(LONG, FILE_BYTES_AT), actualFileBytes);
    int items = from.get(INT, ITEMS_AT);
    faults.expectRange("items", 1, Integer.MAX_VALUE, items);
    int groups = from.get(INT, GROUPS_AT);
    faults.expectRange("groups", 1, items, groups);
    BlockShape shape = readShape(from, faults);
    ArtifactHeader header =
        new ArtifactHeader(
            from.get(INT, VERSION_AT),
            actualFileBytes,
            items,
            groups,
            shape,
            (from.get(INT, FLAGS_AT) & ArtifactFormat.FLAG_PRIOR) != 0,
            readSize(from, ROWS_BYTES_AT, "rows bytes", actualFileBytes, faults),
            readSize(from, IDS_BYTES_AT, "ids bytes", actualFileBytes, faults),
            readProvenance(from, faults),
            from.get(INT, DIRECTORY_CRC_AT),
            from.get(INT, ROWS_CRC_AT),
            from.get(INT, IDS_CRC_AT),
            readUsers(from, shape, actualFileBytes, faults),
            UserSection.crc(from));
    header.checkSections(from, faults);
    return header;
  }

  private static Optional<UserSection> readUsers(
      MemorySegment from, BlockShape shape, long fileBytes, Faults faults)
      throws ArtifactCorruptException {
    return (from.get(INT, FLAGS_AT) & ArtifactFormat.FLAG_USERS) == 0
        ? Optional.empty()
        : Optional.of(UserSection.read(from, shape.dim(), fileBytes, faults));
  }

  /**
   * Magic, checksum, version, flags: in this order, so that damage is not taken for a newer file.
   */
  private static void checkKind(MemorySegment from, Faults faults) throws ArtifactFormatException {
    int magic = from.get(INT, 0);
    if (magic != ArtifactFormat.MAGIC) {
      throw new NotAnArtifactException(
          faults.file(), "magic", "%08x".formatted(ArtifactFormat.MAGIC), "%08x".formatted(magic));
    }
    faults.expectChecksum(
        "header CRC32C", from.get(INT, HEADER_CRC_AT), Checksums.crc32c(from, 0, HEADER_CRC_AT));
    int version = from.get(INT, VERSION_AT);
    if (version > ArtifactFormat.NEWEST_VERSION) {
      throw new ArtifactTooNewException(
          faults.file(), "format version", "at most " + ArtifactFormat.NEWEST_VERSION, version);
    }
    if (version < ArtifactFormat.OLDEST_VERSION) {
      throw new ArtifactTooOldException(
          faults.file(), "format version", "at least " + ArtifactFormat.OLDEST_VERSION, version);
    }
    int flags = from.get(INT, FLAGS_AT);
    int known = ArtifactFormat.knownFlags(version);
    if ((flags & ~known) != 0) {
      throw new ArtifactTooNewException(
          faults.file(),
          "flags",
          "within %08x for format version %d".formatted(known, version),
          "%08x".formatted(flags));
    }
    int reservedAt =
        (flags & ArtifactFormat.FLAG_USERS) != 0
            ? UserSection.RESERVED_AT
            : UserSection.RESERVED_WITHOUT_USERS_AT;
    faults.expectZero(
        "reserved header bytes",
        ArtifactFormat.firstNonZero(from, reservedAt, HEADER_CRC_AT - reservedAt));
  }

  private static BlockShape readShape(MemorySegment from, Faults faults)
      throws ArtifactCorruptException {
    int blocks = from.get(INT, BLOCKS_AT);
    faults.expectRange("blocks", 1, Long.SIZE, blocks);
    int blockDim = from.get(INT, BLOCK_DIM_AT);
    faults.expectRange("blockDim", 1, ArtifactFormat.MAX_DIM / blocks, blockDim);
    return new BlockShape(blocks, blockDim);
  }

  private static long readSize(
      MemorySegment from, int at, String field, long fileBytes, Faults faults)
      throws ArtifactCorruptException {
    long bytes = from.get(LONG, at);
    faults.expectRange(field, 0, fileBytes, bytes);
    return bytes;
  }

  private static Provenance readProvenance(MemorySegment from, Faults faults)
      throws ArtifactCorruptException {
    byte[] bytes =
        from.asSlice(ENGINE_VERSION_AT, Provenance.ENGINE_VERSION_BYTES)
            .toArray(ValueLayout.JAVA_BYTE);
    String padded = new String(bytes, StandardCharsets.ISO_8859_1);
    int end = padded.indexOf(0);
    String version = end < 0 ? padded : padded.substring(0, end);
    if (!Provenance.isEngineVersion(version)
        || padded.chars().skip(version.length()).anyMatch(c -> c != 0)) {
      throw faults.corrupt("engine version", "printable ASCII, zero padded", "other bytes");
    }
    return new Provenance(
        from.get(LONG, DATA_HASH_AT),
        from.get(LONG, MODEL_HASH_AT),
        from.get(LONG, SEED_AT),
        version);
  }

  /**
   * Offsets follow from sizes, so equality rules out gaps, overlaps and sections outside the file.
   */
  private void checkSections(MemorySegment from, Faults faults) throws ArtifactCorruptException {
    boolean flagged = (from.get(INT, FLAGS_AT) & ArtifactFormat.FLAG_IDS) != 0;
    if (flagged != idBytes > 0) {
      throw faults.corrupt("ids bytes", flagged ? "above 0 (flag bit 0 is set)" : "0", idBytes);
    }
    faults.expectEqual("directory offset", BYTES, from.get(LONG, DIRECTORY_OFFSET_AT));
    faults.expectEqual("directory bytes", directoryBytes(), from.get(LONG, DIRECTORY_BYTES_AT));
    faults.expectEqual("rows offset", rowsOffset(), from.get(LONG, ROWS_OFFSET_AT));
    faults.expectEqual("ids offset", idsOffset(), from.get(LONG, IDS_OFFSET_AT));
    if (users.isPresent()) {
      faults.expectEqual("users offset", usersOffset(), UserSection.offset(from));
    }
    long userBytes = users.map(UserSection::bytes).orElse(0L);
    faults.expectEqual(
        "sum of the sections", fileBytes, usersOffset() + ArtifactLayout.align(userBytes));
  }
}
