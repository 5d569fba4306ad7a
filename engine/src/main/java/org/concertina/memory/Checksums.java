package org.concertina.memory;

import java.lang.foreign.MemorySegment;
import java.util.zip.CRC32C;

/** Checksums of memory of any size. Thread-safe. */
public final class Checksums {
  /** A buffer holds at most 2 GB. */
  private static final long CHUNK_BYTES = 1L << 30;

  private Checksums() {}

  /** CRC32C of a whole segment. */
  public static int crc32c(MemorySegment segment) {
    return crc32c(segment, 0, segment.byteSize());
  }

  /** CRC32C of so many bytes from an offset on. */
  public static int crc32c(MemorySegment segment, long offsetBytes, long bytes) {
    CRC32C crc = new CRC32C();
    for (long at = 0; at < bytes; at += CHUNK_BYTES) {
      long chunk = Math.min(CHUNK_BYTES, bytes - at);
      crc.update(segment.asSlice(offsetBytes + at, chunk).asByteBuffer());
    }
    return (int) crc.getValue();
  }
}
