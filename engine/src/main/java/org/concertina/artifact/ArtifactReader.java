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
import java.util.List;
import org.concertina.block.ArtifactLayout;
import org.concertina.block.BlockChoice;
import org.concertina.block.ElasticConfig;
import org.concertina.block.Groups;
import org.concertina.kernel.VectorOps;
import org.concertina.memory.CappedArena;
import org.concertina.memory.MemoryCap;

/** Opens artifacts: maps the file and verifies all of it. Stateless. */
public final class ArtifactReader {
  private ArtifactReader() {}

  /**
   * Maps and verifies a file. The caller closes the result; the file must not change until then.
   *
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
        MemorySegment bytes = arena.mapReadOnly(channel, "artifact " + file.getFileName());
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
        ArtifactFormat.crc32c(bytes, ArtifactHeader.BYTES, header.directoryBytes()));
    DirectoryEntry[] directory = readDirectory(bytes, header, faults);
    ArtifactInfo info = describe(directory, header);
    faults.expectEqual("file bytes", info.layout().fileBytes(info.config()), header.fileBytes());
    faults.expectChecksum(
        "rows CRC32C",
        header.rowsCrc(),
        ArtifactFormat.crc32c(bytes, header.rowsOffset(), header.rowsBytes()));
    for (int g = 0; g < directory.length; g++) {
      checkPadding(bytes, directory[g], header, "padding of group " + g, faults);
    }
    ItemIdView ids = readIds(bytes, header, info, faults);
    return new Artifact(faults.file(), arena, bytes, info, directory, ids);
  }

  private static DirectoryEntry[] readDirectory(
      MemorySegment bytes, ArtifactHeader header, Faults faults) throws ArtifactCorruptException {
    DirectoryEntry[] directory = new DirectoryEntry[header.groups()];
    int row = 0;
    long offset = header.rowsOffset();
    for (int g = 0; g < directory.length; g++) {
      String name = "group " + g;
      long at = ArtifactHeader.BYTES + (long) g * DirectoryEntry.BYTES;
      DirectoryEntry entry = DirectoryEntry.read(bytes, at, header.shape(), name, faults);
      faults.expectEqual(name + " first row", row, entry.firstRow());
      faults.expectRange(name + " rows", 1, (long) header.items() - row, entry.rows());
      faults.expectEqual(name + " rows offset", offset, entry.rowsOffset());
      long expected =
          ArtifactLayout.align(
              paddedRows(entry)
                  * header.shape().keptDims(entry.choice())
                  * entry.choice().precision().elementBytes());
      faults.expectEqual(name + " rows bytes", expected, entry.rowsBytes());
      row += entry.rows();
      offset += entry.rowsBytes();
      directory[g] = entry;
    }
    faults.expectEqual("rows of all groups", header.items(), row);
    faults.expectEqual("rows bytes", offset - header.rowsOffset(), header.rowsBytes());
    return directory;
  }

  private static long paddedRows(DirectoryEntry entry) {
    return ((long) entry.rows() + VectorOps.TILE_ROWS - 1)
        / VectorOps.TILE_ROWS
        * VectorOps.TILE_ROWS;
  }

  private static ArtifactInfo describe(DirectoryEntry[] directory, ArtifactHeader header) {
    int[] starts = new int[directory.length + 1];
    BlockChoice[] choices = new BlockChoice[directory.length];
    for (int g = 0; g < directory.length; g++) {
      starts[g + 1] = directory[g].firstRow() + directory[g].rows();
      choices[g] = directory[g].choice();
    }
    return new ArtifactInfo(
        ArtifactFormat.VERSION,
        header.fileBytes(),
        Groups.ofStarts(starts),
        new ElasticConfig(header.shape(), List.of(choices)),
        header.idBytes(),
        header.provenance());
  }

  private static void checkPadding(
      MemorySegment bytes, DirectoryEntry entry, ArtifactHeader header, String name, Faults faults)
      throws ArtifactCorruptException {
    int elementBytes = entry.choice().precision().elementBytes();
    int dims = header.shape().keptDims(entry.choice());
    long paddedRows = paddedRows(entry);
    int used = entry.rows() % VectorOps.TILE_ROWS;
    if (used != 0) {
      long column = entry.rowsOffset() + (paddedRows - VectorOps.TILE_ROWS) * dims * elementBytes;
      for (int k = 0; k < dims; k++) {
        long from = column + (long) used * elementBytes;
        column += (long) VectorOps.TILE_ROWS * elementBytes;
        faults.expectZero(name, ArtifactFormat.firstNonZero(bytes, from, column - from));
      }
    }
    long end = paddedRows * dims * elementBytes;
    faults.expectZero(
        name,
        ArtifactFormat.firstNonZero(bytes, entry.rowsOffset() + end, entry.rowsBytes() - end));
  }

  private static ItemIdView readIds(
      MemorySegment bytes, ArtifactHeader header, ArtifactInfo info, Faults faults)
      throws ArtifactCorruptException {
    long idBytes = header.idBytes();
    long padded = ArtifactLayout.align(idBytes);
    faults.expectChecksum(
        "ids CRC32C", header.idsCrc(), ArtifactFormat.crc32c(bytes, header.idsOffset(), padded));
    if (idBytes == 0) {
      return null;
    }
    faults.expectRange(
        "ids bytes",
        (long) header.groups() * ItemIdCodec.GROUP_HEADER_BYTES,
        header.fileBytes(),
        idBytes);
    faults.expectZero(
        "padding of the ids",
        ArtifactFormat.firstNonZero(bytes, header.idsOffset() + idBytes, padded - idBytes));
    ItemIdView ids = new ItemIdView(bytes.asSlice(header.idsOffset(), idBytes), info.groups());
    ids.verify(idBytes, faults);
    return ids;
  }
}
