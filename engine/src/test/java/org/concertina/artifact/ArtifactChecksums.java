package org.concertina.artifact;

import java.lang.foreign.MemorySegment;
import org.concertina.memory.Checksums;

/** Makes the checksums of altered bytes right, so that only what they say can refuse them. */
public final class ArtifactChecksums {
  private static final int DIRECTORY_AT = ArtifactHeader.BYTES;

  private ArtifactChecksums() {}

  /**
   * Stores the checksums of all sections.
   *
   * @param bytes a whole file
   * @param original the file before it was altered, which says where sections are
   */
  public static void fix(byte[] bytes, byte[] original) {
    MemorySegment to = MemorySegment.ofArray(bytes);
    MemorySegment layout = MemorySegment.ofArray(original);
    long rows = layout.get(ArtifactFormat.LONG, 56);
    long ids = layout.get(ArtifactFormat.LONG, 72);
    to.set(ArtifactFormat.INT, 128, Checksums.crc32c(to, DIRECTORY_AT, rows - DIRECTORY_AT));
    to.set(ArtifactFormat.INT, 132, Checksums.crc32c(to, rows, ids - rows));
    boolean hasUsers = (layout.get(ArtifactFormat.INT, 8) & ArtifactFormat.FLAG_USERS) != 0;
    long users = hasUsers ? layout.get(ArtifactFormat.LONG, 144) : bytes.length;
    to.set(ArtifactFormat.INT, 136, Checksums.crc32c(to, ids, users - ids));
    if (hasUsers) {
      to.set(ArtifactFormat.INT, 140, Checksums.crc32c(to, users, bytes.length - users));
    }
    to.set(ArtifactFormat.INT, 252, Checksums.crc32c(to, 0, 252));
  }
}
