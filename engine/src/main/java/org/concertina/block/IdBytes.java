package org.concertina.block;

import java.util.Arrays;

/**
 * Bytes of the encoded item ids of an artifact: some that are always there, and some for every
 * group unless it is dropped. Immutable.
 */
public final class IdBytes {
  /** No ids. */
  public static final IdBytes NONE = fixed(0);

  private final long fixedBytes;
  private final long[] groupBytes;

  private IdBytes(long fixedBytes, long... groupBytes) {
    if (fixedBytes < 0 || Arrays.stream(groupBytes).anyMatch(bytes -> bytes < 0)) {
      throw new IllegalArgumentException(
          "id bytes: expected none below 0, got %d and %s"
              .formatted(fixedBytes, Arrays.toString(groupBytes)));
    }
    this.fixedBytes = fixedBytes;
    this.groupBytes = groupBytes;
  }

  /** A section of so many bytes, whatever is dropped. */
  public static IdBytes fixed(long bytes) {
    return new IdBytes(bytes);
  }

  /**
   * A section that lacks the ids of dropped groups.
   *
   * @param fixedBytes what is always there
   * @param groupBytes what each group adds
   */
  public static IdBytes ofGroups(long fixedBytes, long... groupBytes) {
    return new IdBytes(fixedBytes, groupBytes.clone());
  }

  /** Bytes of the section if no group is dropped, padding left out. */
  public long allBytes() {
    return fixedBytes + Arrays.stream(groupBytes).sum();
  }

  /** Bytes that a group adds under a choice. */
  public long groupBytes(int group, BlockChoice choice) {
    return choice.isDropped() || groupBytes.length == 0 ? 0 : groupBytes[group];
  }

  /** Bytes of the section under a configuration, padding left out. */
  public long bytes(ElasticConfig config) {
    long bytes = fixedBytes;
    for (int g = 0; g < config.groups(); g++) {
      bytes += groupBytes(g, config.choice(g));
    }
    return bytes;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof IdBytes bytes
        && fixedBytes == bytes.fixedBytes
        && Arrays.equals(groupBytes, bytes.groupBytes);
  }

  @Override
  public int hashCode() {
    return Long.hashCode(fixedBytes) + Arrays.hashCode(groupBytes);
  }

  @Override
  public String toString() {
    return "%d bytes of ids".formatted(allBytes());
  }
}
