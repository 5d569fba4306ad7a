package org.concertina.artifact;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.zip.CRC32C;
import org.concertina.memory.CappedArena;

/**
 * Appends one section to a file through a buffer, and makes its checksum. For one thread; the
 * buffer belongs to the arena.
 */
final class SectionStream {
  private static final long LEAST_BUFFER_BYTES = 1 << 20;

  private final FileChannel channel;
  private final MemorySegment buffer;
  private final CRC32C crc = new CRC32C();
  private long usedBytes;

  /**
   * A stream that writes at the channel's position.
   *
   * @param largestPieceBytes the most that {@link #takeZeroed} is asked for
   */
  SectionStream(FileChannel channel, CappedArena arena, long largestPieceBytes) {
    this.channel = channel;
    this.buffer =
        arena.allocate(Math.max(largestPieceBytes, LEAST_BUFFER_BYTES), "a section on its way out");
  }

  /** What {@link #takeZeroed} gives offsets in. */
  MemorySegment buffer() {
    return buffer;
  }

  /** Appends so many zeros, which the caller may overwrite until the next call. */
  long takeZeroed(long bytes) throws IOException {
    if (usedBytes + bytes > buffer.byteSize()) {
      flush();
    }
    long at = usedBytes;
    buffer.asSlice(at, bytes).fill((byte) 0);
    usedBytes += bytes;
    return at;
  }

  /** Appends bytes of any number. */
  void append(MemorySegment from, long offsetBytes, long bytes) throws IOException {
    for (long at = 0; at < bytes; at += LEAST_BUFFER_BYTES) {
      long piece = Math.min(LEAST_BUFFER_BYTES, bytes - at);
      MemorySegment.copy(from, offsetBytes + at, buffer, takeZeroed(piece), piece);
    }
  }

  private void flush() throws IOException {
    ByteBuffer bytes = buffer.asSlice(0, usedBytes).asByteBuffer();
    crc.update(bytes.duplicate());
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
    usedBytes = 0;
  }

  /** Writes what is buffered; returns the checksum of everything. */
  int finish() throws IOException {
    flush();
    return (int) crc.getValue();
  }
}
