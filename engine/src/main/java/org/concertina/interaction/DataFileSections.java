package org.concertina.interaction;

import static org.concertina.interaction.DataFileFormat.INT;
import static org.concertina.interaction.DataFileFormat.LONG;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.EnumMap;
import java.util.Map;
import org.concertina.interaction.DataFileFormat.Section;
import org.concertina.memory.CappedArena;
import org.concertina.memory.Checksums;

/** A data file in memory, whose header, directory and sections have been checked, byte for byte. */
final class DataFileSections {
  private static final String REMEDY = "copy the file again, or ingest again";

  private final Path path;
  private final MemorySegment file;
  private final Map<Section, MemorySegment> sections = new EnumMap<>(Section.class);

  private DataFileSections(Path path, MemorySegment file) {
    this.path = path;
    this.file = file;
  }

  /** Reads the file into memory that the arena owns, and checks every byte. */
  static DataFileSections open(Path path, CappedArena arena) throws IOException {
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      long bytes = channel.size();
      if (bytes < DataFileFormat.HEADER_BYTES) {
        throw notADataFile(path);
      }
      DataFileSections opened = new DataFileSections(path, arena.readFile(channel, "data file"));
      opened.checkHeader();
      opened.checkSections();
      return opened;
    }
  }

  private static InteractionFormatException notADataFile(Path path) {
    return new InteractionFormatException(
        path,
        0,
        "is not a data file",
        "name a folder with a train.txt, or make a data file of it by \"ingest --in "
            + path
            + " --out DATA.cnix\"");
  }

  InteractionFormatException damaged(String problem) {
    return new InteractionFormatException(path, 0, "damaged data file: " + problem, REMEDY);
  }

  private void checkHeader() throws IOException {
    if (intAt(DataFileFormat.MAGIC_AT) != DataFileFormat.MAGIC) {
      throw notADataFile(path);
    }
    int crc = Checksums.crc32c(file.asSlice(0, DataFileFormat.HEADER_CRC_AT));
    if (intAt(DataFileFormat.HEADER_CRC_AT) != crc) {
      throw damaged("CRC32C of the header");
    }
    int version = intAt(DataFileFormat.VERSION_AT);
    if (version != DataFileFormat.VERSION) {
      throw new InteractionFormatException(
          path,
          0,
          "data file of format version " + version,
          "this engine reads version " + DataFileFormat.VERSION + "; ingest again with it");
    }
    if (intAt(DataFileFormat.HEADER_BYTES_AT) != DataFileFormat.HEADER_BYTES
        || users() < 1
        || items() < 1) {
      throw damaged("header");
    }
    if (longAt(DataFileFormat.FILE_BYTES_AT) != file.byteSize()) {
      throw damaged(
          "%d bytes long, the header says %d"
              .formatted(file.byteSize(), longAt(DataFileFormat.FILE_BYTES_AT)));
    }
    requireZeros("header", DataFileFormat.RESERVED_AT, DataFileFormat.HEADER_CRC_AT);
  }

  private void checkSections() throws IOException {
    int count = intAt(DataFileFormat.SECTIONS_AT);
    if (count < 1 || count > Section.values().length) {
      throw damaged(count + " sections");
    }
    long directoryEnd = DataFileFormat.HEADER_BYTES + (long) count * DataFileFormat.ENTRY_BYTES;
    long next = DataFileFormat.padded(directoryEnd);
    if (next > file.byteSize()) {
      throw damaged("the directory ends behind the file");
    }
    int crc =
        Checksums.crc32c(
            file.asSlice(DataFileFormat.HEADER_BYTES, next - DataFileFormat.HEADER_BYTES));
    if (intAt(DataFileFormat.DIRECTORY_CRC_AT) != crc) {
      throw damaged("CRC32C of the directory");
    }
    int before = 0;
    for (int i = 0; i < count; i++) {
      long at = DataFileFormat.HEADER_BYTES + (long) i * DataFileFormat.ENTRY_BYTES;
      int number = intAt(at);
      long bytes = longAt(at + 16);
      if (number <= before || number > Section.values().length || longAt(at + 8) != next) {
        throw damaged("directory entry " + i);
      }
      if (bytes < 0 || bytes > file.byteSize() - next) {
        throw damaged("section " + number + " ends behind the file");
      }
      Section section = Section.of(number);
      sections.put(section, file.asSlice(next, bytes));
      if (Checksums.crc32c(sections.get(section)) != intAt(at + 4)) {
        throw damaged("CRC32C of section " + section.title);
      }
      long end = Math.min(file.byteSize(), DataFileFormat.padded(next + bytes));
      requireZeros("padding of section " + section.title, next + bytes, end);
      next = end;
      before = number;
    }
    if (next != file.byteSize()) {
      throw damaged("%d bytes behind the last section".formatted(file.byteSize() - next));
    }
  }

  private void requireZeros(String what, long begin, long end) throws IOException {
    for (long at = begin; at < end; at++) {
      if (file.get(ValueLayout.JAVA_BYTE, at) != 0) {
        throw damaged(what + ": byte " + at + " is not zero");
      }
    }
  }

  boolean has(Section section) {
    return sections.containsKey(section);
  }

  MemorySegment section(Section section) throws IOException {
    MemorySegment bytes = sections.get(section);
    if (bytes == null) {
      throw damaged("there is no section " + section.title);
    }
    return bytes;
  }

  /** A checked matrix: row pointers ascend, indices ascend within a row and are in range. */
  InteractionMatrix matrix(Section rows, Section columns, int rowCount, int columnCount)
      throws IOException {
    MemorySegment pointers = section(rows);
    MemorySegment indices = section(columns);
    if (pointers.byteSize() != (rowCount + 1L) * Long.BYTES) {
      throw damaged("section " + rows.title + " has the wrong size");
    }
    long pairs = indices.byteSize() / Integer.BYTES;
    long end = pointers.get(ValueLayout.JAVA_LONG, 0);
    if (end != 0 || pairs * Integer.BYTES != indices.byteSize()) {
      throw damaged("section " + columns.title);
    }
    for (int row = 0; row < rowCount; row++) {
      long at = end;
      end = pointers.getAtIndex(ValueLayout.JAVA_LONG, row + 1L);
      if (end < at || end > pairs) {
        throw damaged("section " + rows.title + ", row " + row);
      }
      for (int before = -1; at < end; at++) {
        int index = indices.getAtIndex(ValueLayout.JAVA_INT, at);
        if (index <= before || index >= columnCount) {
          throw damaged("section " + columns.title + ", row " + row);
        }
        before = index;
      }
    }
    if (end != pairs) {
      throw damaged("section " + columns.title + " has the wrong size");
    }
    return InteractionMatrix.view(columnCount, pointers, indices);
  }

  String provenance() throws IOException {
    byte[] text = section(Section.PROVENANCE).toArray(ValueLayout.JAVA_BYTE);
    return new String(text, StandardCharsets.UTF_8);
  }

  int users() {
    return intAt(DataFileFormat.USERS_AT);
  }

  int items() {
    return intAt(DataFileFormat.ITEMS_AT);
  }

  /** Pairs of a split, named by its row pointers. */
  long pairs(Section rows) {
    return longAt(
        switch (rows) {
          case VALIDATION_ROWS -> DataFileFormat.VALIDATION_AT;
          case TEST_ROWS -> DataFileFormat.TEST_AT;
          default -> DataFileFormat.TRAIN_AT;
        });
  }

  long dataHash() {
    return longAt(DataFileFormat.DATA_HASH_AT);
  }

  long duplicatesDropped() {
    return longAt(DataFileFormat.DUPLICATES_AT);
  }

  long overlapsDropped() {
    return longAt(DataFileFormat.OVERLAPS_AT);
  }

  private int intAt(long offset) {
    return file.get(INT, offset);
  }

  private long longAt(long offset) {
    return file.get(LONG, offset);
  }
}
