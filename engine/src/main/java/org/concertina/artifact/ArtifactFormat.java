package org.concertina.artifact;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;

/**
 * Constants of format version 1 and the few helpers that reader and writer share; see the package's
 * description.
 */
final class ArtifactFormat {
  static final int VERSION = 1;

  /** The bytes {@code CNCT} read as a little-endian int. */
  static final int MAGIC = 'C' | 'N' << 8 | 'C' << 16 | 'T' << 24;

  static final int FLAG_IDS = 1;
  static final int KNOWN_FLAGS = FLAG_IDS;

  /** Keeps every product of sizes within a long. */
  static final int MAX_DIM = 1 << 20;

  static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  static final ValueLayout.OfFloat FLOAT =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private static final long CHECKSUM_CHUNK_BYTES = 1L << 30;

  private ArtifactFormat() {}

  static int crc32c(MemorySegment segment, long offsetBytes, long bytes) {
    CRC32C crc = new CRC32C();
    for (long at = 0; at < bytes; at += CHECKSUM_CHUNK_BYTES) {
      long chunk = Math.min(CHECKSUM_CHUNK_BYTES, bytes - at);
      crc.update(segment.asSlice(offsetBytes + at, chunk).asByteBuffer());
    }
    return (int) crc.getValue();
  }

  /** Offset of the first byte that is not zero, or -1. */
  static long firstNonZero(MemorySegment segment, long offsetBytes, long bytes) {
    for (long at = offsetBytes; at < offsetBytes + bytes; at++) {
      if (segment.get(ValueLayout.JAVA_BYTE, at) != 0) {
        return at;
      }
    }
    return -1;
  }
}
