package org.concertina.train;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;
import org.concertina.memory.CappedArena;

/**
 * Model files and checkpoints.
 *
 * <p>Little-endian: 8 bytes of magic, format version and length of the header (ints), the header as
 * JSON, zeros to a multiple of 64; user ids and item ids (ints), each padded to 64; user table,
 * item table, both with padded rows; the items' priors in a model that has some, and in a
 * checkpoint what the optimiser remembers; CRC32C of everything before as a long. Written to a
 * temporary file, flushed to the disk, then moved.
 */
final class ModelFile {
  private static final long MAGIC = 0x4C444F4D_54434E43L;
  private static final int VERSION = 1;
  private static final int PREFIX_BYTES = 16;
  private static final int ALIGNMENT_BYTES = 64;
  private static final long CHUNK_BYTES = 1L << 28;
  private static final ObjectMapper JSON = new ObjectMapper();

  private ModelFile() {}

  private static long align(long bytes) {
    return (bytes + ALIGNMENT_BYTES - 1) / ALIGNMENT_BYTES * ALIGNMENT_BYTES;
  }

  /**
   * Writes a model or a checkpoint.
   *
   * @param prior priors of the items, or null
   * @param optimizer whose state a checkpoint has, or null
   */
  static void write(
      Path path,
      ModelHeader header,
      int[] userIds,
      int[] itemIds,
      EmbeddingModel model,
      MemorySegment prior,
      RowOptimizer optimizer)
      throws IOException {
    byte[] json = JSON.writeValueAsBytes(header);
    ByteBuffer head = littleEndian(align(PREFIX_BYTES + json.length));
    head.putLong(MAGIC).putInt(VERSION).putInt(json.length).put(json).rewind();
    Path temporary = path.resolveSibling(path.getFileName() + ".tmp");
    try {
      try (FileChannel channel =
          FileChannel.open(
              temporary,
              StandardOpenOption.CREATE,
              StandardOpenOption.TRUNCATE_EXISTING,
              StandardOpenOption.WRITE)) {
        CRC32C crc = new CRC32C();
        append(channel, crc, head);
        append(channel, crc, ints(userIds));
        append(channel, crc, ints(itemIds));
        for (MemorySegment table : tables(model, prior, optimizer)) {
          for (long at = 0; at < table.byteSize(); at += CHUNK_BYTES) {
            long bytes = Math.min(CHUNK_BYTES, table.byteSize() - at);
            append(channel, crc, table.asSlice(at, bytes).asByteBuffer());
          }
        }
        ByteBuffer sum = littleEndian(Long.BYTES);
        sum.putLong(crc.getValue()).rewind();
        append(channel, crc, sum);
        channel.force(true);
      }
      Files.move(
          temporary, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(temporary);
    }
  }

  private static List<MemorySegment> tables(
      EmbeddingModel model, MemorySegment prior, RowOptimizer optimizer) {
    List<MemorySegment> tables = new ArrayList<>();
    tables.add(model.users().segment());
    tables.add(model.items().segment());
    if (prior != null) {
      tables.add(prior);
    }
    if (optimizer != null) {
      tables.addAll(optimizer.state());
    }
    return tables;
  }

  private static ByteBuffer littleEndian(long bytes) {
    return ByteBuffer.allocate(Math.toIntExact(bytes)).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static ByteBuffer ints(int[] values) {
    ByteBuffer buffer = littleEndian(align((long) values.length * Integer.BYTES));
    buffer.asIntBuffer().put(values);
    return buffer;
  }

  private static void append(FileChannel channel, CRC32C crc, ByteBuffer bytes) throws IOException {
    crc.update(bytes.duplicate());
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }

  /** A verified, mapped file. */
  static final class Contents {
    private final Path path;
    private final MemorySegment file;
    private final ModelHeader header;
    private final long idsOffsetBytes;

    private Contents(Path path, MemorySegment file, ModelHeader header, long idsOffsetBytes) {
      this.path = path;
      this.file = file;
      this.header = header;
      this.idsOffsetBytes = idsOffsetBytes;
    }

    ModelHeader header() {
      return header;
    }

    int[] userIds() {
      return ints(idsOffsetBytes, header.users());
    }

    int[] itemIds() {
      return ints(idsOffsetBytes + align((long) header.users() * Integer.BYTES), header.items());
    }

    private int[] ints(long offset, int count) {
      int[] values = new int[count];
      MemorySegment.copy(file, ValueLayout.JAVA_INT, offset, values, 0, count);
      return values;
    }

    /**
     * Copies the tables into {@code model} and {@code prior} or, from a checkpoint, into {@code
     * model} and {@code optimizer}.
     */
    void copyInto(EmbeddingModel model, MemorySegment prior, RowOptimizer optimizer)
        throws ModelFormatException {
      long at =
          idsOffsetBytes
              + align((long) header.users() * Integer.BYTES)
              + align((long) header.items() * Integer.BYTES);
      for (MemorySegment table : tables(model, prior, optimizer)) {
        if (table.byteSize() > file.byteSize() - Long.BYTES - at) {
          throw new ModelFormatException(
              path + ": shorter than its header says; train again or restore the file");
        }
        MemorySegment.copy(file, at, table, 0, table.byteSize());
        at += table.byteSize();
      }
      if (at != file.byteSize() - Long.BYTES) {
        throw new ModelFormatException(
            path
                + ": holds more than a model, perhaps a checkpoint; name the file that train"
                + " wrote");
      }
    }
  }

  /**
   * Maps and verifies a file.
   *
   * @param arena owns the mapping
   * @throws ModelFormatException if it is no model, truncated, corrupt or too new
   */
  static Contents open(Path path, Arena arena) throws IOException {
    MemorySegment file;
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      if (Files.isDirectory(path)) {
        throw new ModelFormatException(path + ": is a folder; name the file that train wrote");
      }
      if (channel.size() < PREFIX_BYTES + Long.BYTES) {
        throw new ModelFormatException(path + ": too short for a model; train again");
      }
      file = channel.map(MapMode.READ_ONLY, 0, channel.size(), arena);
    } catch (NoSuchFileException missing) {
      throw new ModelFormatException(
          path + ": no such model; make one with: concertina train", missing);
    }
    if (file.get(ValueLayout.JAVA_LONG, 0) != MAGIC) {
      throw new ModelFormatException(path + ": not a model; name the file that train wrote");
    }
    int version = file.get(ValueLayout.JAVA_INT, Long.BYTES);
    if (version != VERSION) {
      throw new ModelFormatException(
          "%s: model format %d, this engine reads %d; use the engine that wrote it"
              .formatted(path, version, VERSION));
    }
    long body = file.byteSize() - Long.BYTES;
    if (crc(file, body) != file.get(ValueLayout.JAVA_LONG_UNALIGNED, body)) {
      throw new ModelFormatException(
          path + ": checksum differs, the file is truncated or corrupt; train again or restore it");
    }
    int jsonBytes = file.get(ValueLayout.JAVA_INT, Long.BYTES + Integer.BYTES);
    if (jsonBytes < 2 || jsonBytes > body - PREFIX_BYTES) {
      throw new ModelFormatException(path + ": header of " + jsonBytes + " bytes does not fit");
    }
    String json =
        new String(
            file.asSlice(PREFIX_BYTES, jsonBytes).toArray(ValueLayout.JAVA_BYTE),
            StandardCharsets.UTF_8);
    try {
      return new Contents(
          path, file, JSON.readValue(json, ModelHeader.class), align(PREFIX_BYTES + jsonBytes));
    } catch (JsonProcessingException malformed) {
      throw new ModelFormatException(path + ": header is not readable", malformed);
    }
  }

  private static long crc(MemorySegment file, long bytes) {
    CRC32C crc = new CRC32C();
    for (long at = 0; at < bytes; at += CHUNK_BYTES) {
      crc.update(file.asSlice(at, Math.min(CHUNK_BYTES, bytes - at)).asByteBuffer());
    }
    return crc.getValue();
  }

  /** Allocates the items' priors if the header says that there are some, else null. */
  static MemorySegment allocatePrior(CappedArena arena, ModelHeader header) {
    return header.config().softmax().popularityPrior() == 0
        ? null
        : arena.allocateFloats(header.items(), "item priors");
  }

  /** Allocates tables of the header's size. */
  static EmbeddingModel allocate(CappedArena arena, ModelHeader header) {
    return EmbeddingModel.allocate(
        arena, header.users(), header.items(), header.config().shape().dim());
  }
}
