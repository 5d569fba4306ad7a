package org.concertina.interaction;

import static org.concertina.interaction.DataFileFormat.INT;
import static org.concertina.interaction.DataFileFormat.LONG;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.concertina.interaction.DataFileFormat.Section;
import org.concertina.memory.CappedArena;
import org.concertina.memory.Checksums;
import org.concertina.memory.MemoryCap;

/**
 * Writes a data set as one file, which appears whole or not at all.
 *
 * <p>Needs, beside the data given, off-heap memory for the pairs in the order of popularity and for
 * the training pairs by item: 8 bytes a training pair.
 */
public final class DataFileWriter {
  private static final long WRITE_CHUNK_BYTES = 1L << 26;

  private final FileChannel channel;
  private final List<Entry> written = new ArrayList<>();
  private long position;

  /** A line of the directory. */
  private record Entry(Section section, long offsetBytes, long bytes, int crc) {}

  private DataFileWriter(FileChannel channel, int sections) {
    this.channel = channel;
    this.position =
        DataFileFormat.padded(
            DataFileFormat.HEADER_BYTES + (long) sections * DataFileFormat.ENTRY_BYTES);
  }

  /**
   * Writes the file.
   *
   * @param provenance what was read and done, as JSON; kept as it is
   * @return the file's size in bytes
   */
  public static long write(Path file, CanonicalData data, String provenance, MemoryCap cap)
      throws IOException {
    Path temporary = file.resolveSibling(file.getFileName() + ".tmp");
    try {
      long bytes;
      try (FileChannel channel =
          FileChannel.open(
              temporary,
              StandardOpenOption.CREATE,
              StandardOpenOption.TRUNCATE_EXISTING,
              StandardOpenOption.WRITE)) {
        bytes = new DataFileWriter(channel, sectionCount(data)).write(data, provenance, cap);
        channel.force(true);
      }
      Files.move(
          temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      return bytes;
    } finally {
      Files.deleteIfExists(temporary);
    }
  }

  private static int sectionCount(CanonicalData data) {
    int optional = 0;
    optional += data.validation().isPresent() ? 2 : 0;
    optional += data.test().isPresent() ? 2 : 0;
    optional += data.userNames().isPresent() ? 2 : 0;
    optional += data.itemNames().isPresent() ? 2 : 0;
    return 7 + optional;
  }

  private long write(CanonicalData data, String provenance, MemoryCap cap) throws IOException {
    PopularityOrder order = PopularityOrder.of(data.train(), data.itemIds());
    appendInts(Section.USER_IDS, data.userIds(), cap);
    appendInts(Section.ITEM_IDS, order.itemIds(), cap);
    writeTrain(data.train(), order, cap);
    writeSplit(data.validation(), order, cap, Section.VALIDATION_ROWS, Section.VALIDATION_ITEMS);
    writeSplit(data.test(), order, cap, Section.TEST_ROWS, Section.TEST_ITEMS);
    writeNames(data.userNames(), Section.USER_NAME_OFFSETS, Section.USER_NAMES);
    writeNames(data.itemNames(), Section.ITEM_NAME_OFFSETS, Section.ITEM_NAMES);
    append(Section.PROVENANCE, MemorySegment.ofArray(provenance.getBytes(StandardCharsets.UTF_8)));
    writeHead(data);
    return position;
  }

  private void writeTrain(InteractionMatrix canonical, PopularityOrder order, MemoryCap cap)
      throws IOException {
    try (CappedArena arena = new CappedArena(cap)) {
      InteractionMatrix train = Reordered.of(canonical, order.indexOfSorted(), arena);
      append(Section.TRAIN_ROWS, train.rowPointers());
      append(Section.TRAIN_ITEMS, train.itemIndices());
      InteractionMatrix byItem = Reordered.transpose(train, arena);
      append(Section.TRAIN_COLUMNS, byItem.rowPointers());
      append(Section.TRAIN_USERS, byItem.itemIndices());
    }
  }

  private void writeSplit(
      Optional<InteractionMatrix> canonical,
      PopularityOrder order,
      MemoryCap cap,
      Section rows,
      Section items)
      throws IOException {
    if (canonical.isPresent()) {
      try (CappedArena arena = new CappedArena(cap)) {
        InteractionMatrix split = Reordered.of(canonical.get(), order.indexOfSorted(), arena);
        append(rows, split.rowPointers());
        append(items, split.itemIndices());
      }
    }
  }

  private void writeNames(Optional<IdNames> names, Section offsets, Section bytes)
      throws IOException {
    if (names.isPresent()) {
      append(offsets, names.get().offsets());
      append(bytes, names.get().bytes());
    }
  }

  private void writeHead(CanonicalData data) throws IOException {
    long directoryBytes = (long) written.size() * DataFileFormat.ENTRY_BYTES;
    MemorySegment head =
        MemorySegment.ofArray(
            new byte
                [Math.toIntExact(
                    DataFileFormat.padded(DataFileFormat.HEADER_BYTES + directoryBytes))]);
    long at = DataFileFormat.HEADER_BYTES;
    for (Entry entry : written) {
      head.set(INT, at, entry.section().number);
      head.set(INT, at + 4, entry.crc());
      head.set(LONG, at + 8, entry.offsetBytes());
      head.set(LONG, at + 16, entry.bytes());
      at += DataFileFormat.ENTRY_BYTES;
    }
    head.set(INT, DataFileFormat.MAGIC_AT, DataFileFormat.MAGIC);
    head.set(INT, DataFileFormat.VERSION_AT, DataFileFormat.VERSION);
    head.set(INT, DataFileFormat.HEADER_BYTES_AT, DataFileFormat.HEADER_BYTES);
    head.set(INT, DataFileFormat.SECTIONS_AT, written.size());
    head.set(LONG, DataFileFormat.FILE_BYTES_AT, position);
    head.set(INT, DataFileFormat.USERS_AT, data.userIds().length);
    head.set(INT, DataFileFormat.ITEMS_AT, data.itemIds().length);
    head.set(LONG, DataFileFormat.TRAIN_AT, data.train().size());
    head.set(LONG, DataFileFormat.VALIDATION_AT, size(data.validation()));
    head.set(LONG, DataFileFormat.TEST_AT, size(data.test()));
    head.set(LONG, DataFileFormat.DATA_HASH_AT, data.dataHash());
    head.set(LONG, DataFileFormat.DUPLICATES_AT, data.duplicatesDropped());
    head.set(LONG, DataFileFormat.OVERLAPS_AT, data.overlapsDropped());
    head.set(
        INT,
        DataFileFormat.DIRECTORY_CRC_AT,
        Checksums.crc32c(
            head.asSlice(
                DataFileFormat.HEADER_BYTES, head.byteSize() - DataFileFormat.HEADER_BYTES)));
    head.set(
        INT,
        DataFileFormat.HEADER_CRC_AT,
        Checksums.crc32c(head.asSlice(0, DataFileFormat.HEADER_CRC_AT)));
    put(head.asByteBuffer(), 0);
  }

  private static long size(Optional<InteractionMatrix> split) {
    return split.map(InteractionMatrix::size).orElse(0L);
  }

  /** Appends a section and zeros up to the next multiple of the alignment. */
  private void append(Section section, MemorySegment bytes) throws IOException {
    for (long at = 0; at < bytes.byteSize(); at += WRITE_CHUNK_BYTES) {
      long chunk = Math.min(WRITE_CHUNK_BYTES, bytes.byteSize() - at);
      put(bytes.asSlice(at, chunk).asByteBuffer(), position + at);
    }
    long end = position + bytes.byteSize();
    put(ByteBuffer.allocate((int) (DataFileFormat.padded(end) - end)), end);
    written.add(new Entry(section, position, bytes.byteSize(), Checksums.crc32c(bytes)));
    position = DataFileFormat.padded(end);
  }

  private void appendInts(Section section, int[] values, MemoryCap cap) throws IOException {
    try (CappedArena arena = new CappedArena(cap)) {
      MemorySegment copy = arena.allocateInts(values.length, section.title);
      MemorySegment.copy(values, 0, copy, ValueLayout.JAVA_INT, 0, values.length);
      append(section, copy);
    }
  }

  private void put(ByteBuffer bytes, long at) throws IOException {
    long next = at;
    while (bytes.hasRemaining()) {
      next += channel.write(bytes, next);
    }
  }
}
