package org.concertina.artifact;

import java.io.EOFException;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import org.concertina.block.ArtifactLayout;
import org.concertina.block.BlockChoice;
import org.concertina.block.CodedPriors;
import org.concertina.block.ElasticConfig;
import org.concertina.block.Groups;
import org.concertina.memory.CappedArena;
import org.concertina.memory.Checksums;
import org.concertina.memory.MemoryCap;

/** Opens artifacts: reads the file and verifies all of it. Stateless. */
public final class ArtifactReader {
  private ArtifactReader() {}

  /**
   * Reads and verifies a file. The caller closes the result; what happens to the file after this
   * call does not matter to it.
   *
   * @param file a regular file, or a link that leads to one
   * @param cap the file's bytes are taken from it
   * @throws ArtifactFormatException if the file is not a sound artifact of this version
   * @throws java.nio.file.NoSuchFileException if there is no such file
   * @throws FileSystemException if it is not a regular file
   * @throws org.concertina.memory.MemoryCapExceededException if the cap has fewer bytes left than
   *     the file has
   */
  public static Artifact open(Path file, MemoryCap cap) throws IOException {
    if (!Files.exists(file)) {
      throw new NoSuchFileException(file.toString(), null, "there is no such artifact");
    }
    if (!Files.isRegularFile(file)) {
      throw new FileSystemException(
          file.toString(), null, "is not a regular file; give the path of an artifact");
    }
    Faults faults = new Faults(file);
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      ArtifactHeader header = readHeader(channel, faults);
      CappedArena arena = new CappedArena(cap);
      try {
        MemorySegment bytes = arena.readFile(channel, "artifact " + file.getFileName());
        faults.expectEqual("file bytes", header.fileBytes(), bytes.byteSize());
        return verify(arena, bytes, header, faults);
      } catch (IOException | RuntimeException | Error failure) {
        arena.close();
        throw failure;
      }
    }
  }

  private static ArtifactHeader readHeader(FileChannel channel, Faults faults) throws IOException {
    long fileBytes = channel.size();
    if (fileBytes < ArtifactHeader.BYTES) {
      throw faults.corrupt("file bytes", "at least " + ArtifactHeader.BYTES, fileBytes);
    }
    ByteBuffer buffer = ByteBuffer.allocate(ArtifactHeader.BYTES);
    while (buffer.hasRemaining()) {
      if (channel.read(buffer, buffer.position()) < 0) {
        throw new EOFException(faults.file() + ": the file became shorter while it was read");
      }
    }
    return ArtifactHeader.read(MemorySegment.ofArray(buffer.array()), fileBytes, faults);
  }

  private static Artifact verify(
      CappedArena arena, MemorySegment bytes, ArtifactHeader header, Faults faults)
      throws ArtifactFormatException {
    faults.expectChecksum(
        "directory CRC32C",
        header.directoryCrc(),
        Checksums.crc32c(bytes, ArtifactHeader.BYTES, header.directoryBytes()));
    DirectoryEntry[] directory = readDirectory(bytes, header, faults);
    ArtifactInfo info = describe(directory, header);
    faults.expectEqual("file bytes", info.layout().fileBytes(info.config()), header.fileBytes());
    faults.expectChecksum(
        "rows CRC32C",
        header.rowsCrc(),
        Checksums.crc32c(bytes, header.rowsOffset(), header.rowsBytes()));
    for (int g = 0; g < directory.length; g++) {
      RowSectionCheck.check(bytes, directory[g], header, g, faults);
    }
    IdView ids = readIds(bytes, header, info, faults);
    StoredUsers users = readUsers(bytes, header, faults);
    return new Artifact(faults.file(), arena, bytes, info, directory, ids, users);
  }

  private static DirectoryEntry[] readDirectory(
      MemorySegment bytes, ArtifactHeader header, Faults faults) throws ArtifactCorruptException {
    DirectoryEntry[] directory = new DirectoryEntry[header.groups()];
    int row = 0;
    long offset = header.rowsOffset();
    for (int g = 0; g < directory.length; g++) {
      String name = "group " + g;
      long at = ArtifactHeader.BYTES + (long) g * DirectoryEntry.BYTES;
      DirectoryEntry entry = DirectoryEntry.read(bytes, at, header, name, faults);
      faults.expectEqual(name + " first row", row, entry.firstRow());
      faults.expectRange(name + " rows", 1, (long) header.items() - row, entry.rows());
      faults.expectEqual(name + " rows offset", offset, entry.rowsOffset());
      long expected =
          ArtifactLayout.align(
              entry.tileCount()
                  * entry.choice().precision().tileBytes(header.shape().keptDims(entry.choice())));
      faults.expectEqual(name + " rows bytes", expected, entry.rowsBytes());
      row += entry.rows();
      offset += entry.rowsBytes();
      if (header.hasPrior()) {
        faults.expectEqual(name + " prior offset", offset, entry.priorOffset());
        offset += entry.priorBytes();
      }
      directory[g] = entry;
    }
    faults.expectEqual("rows of all groups", header.items(), row);
    if (Arrays.stream(directory).allMatch(entry -> entry.choice().isDropped())) {
      throw faults.corrupt("block masks", "a group that is not dropped", "none");
    }
    faults.expectEqual("rows bytes", offset - header.rowsOffset(), header.rowsBytes());
    return directory;
  }

  private static ArtifactInfo describe(DirectoryEntry[] directory, ArtifactHeader header) {
    int[] starts = new int[directory.length + 1];
    BlockChoice[] choices = new BlockChoice[directory.length];
    for (int g = 0; g < directory.length; g++) {
      starts[g + 1] = directory[g].firstRow() + directory[g].rows();
      choices[g] = directory[g].choice();
    }
    return new ArtifactInfo(
        header.version(),
        header.fileBytes(),
        Groups.ofStarts(starts),
        new ElasticConfig(header.shape(), List.of(choices)),
        priors(directory, header),
        header.idBytes(),
        header.users(),
        header.provenance());
  }

  private static CodedPriors priors(DirectoryEntry[] directory, ArtifactHeader header) {
    if (!header.hasPrior()) {
      return CodedPriors.NONE;
    }
    BitSet coded = new BitSet();
    for (int g = 0; g < directory.length; g++) {
      coded.set(g, directory[g].priorBytes() > 0);
    }
    return CodedPriors.ofGroups(coded);
  }

  private static IdView readIds(
      MemorySegment bytes, ArtifactHeader header, ArtifactInfo info, Faults faults)
      throws ArtifactCorruptException {
    long idBytes = header.idBytes();
    long padded = ArtifactLayout.align(idBytes);
    faults.expectChecksum(
        "ids CRC32C", header.idsCrc(), Checksums.crc32c(bytes, header.idsOffset(), padded));
    if (idBytes == 0) {
      return null;
    }
    faults.expectRange(
        "ids bytes",
        (long) header.groups() * IdCodec.GROUP_HEADER_BYTES,
        header.fileBytes(),
        idBytes);
    faults.expectZero(
        "padding of the ids",
        ArtifactFormat.firstNonZero(bytes, header.idsOffset() + idBytes, padded - idBytes));
    IdView ids =
        new IdView(
            bytes.asSlice(header.idsOffset(), idBytes), info.groups(), info.config().dropped());
    ids.verify(idBytes, faults);
    return ids;
  }

  private static StoredUsers readUsers(MemorySegment bytes, ArtifactHeader header, Faults faults)
      throws ArtifactCorruptException {
    if (header.users().isEmpty()) {
      return null;
    }
    UserSection layout = header.users().get();
    long padded = ArtifactLayout.align(layout.bytes());
    faults.expectChecksum(
        "users CRC32C", header.usersCrc(), Checksums.crc32c(bytes, header.usersOffset(), padded));
    return StoredUsers.open(bytes.asSlice(header.usersOffset(), padded), layout, faults);
  }
}
