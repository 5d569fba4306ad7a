package org.concertina.artifact;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import org.concertina.block.BlockChoice;
import org.concertina.block.CodedPriors;
import org.concertina.block.ElasticConfig;
import org.concertina.block.Precision;

/**
 * Constants of format versions 1 to 5 and the few helpers that reader and writer share; see the
 * package's description.
 */
final class ArtifactFormat {
  static final int OLDEST_VERSION = 1;
  static final int NEWEST_VERSION = 5;

  /** The first version in which a group may keep one prior for all rows. */
  static final int UNCODED_PRIORS_VERSION = 3;

  /** The first version in which a group may be dropped. */
  static final int DROPPED_VERSION = 3;

  /** The first version in which a file may hold users. */
  static final int USERS_VERSION = 4;

  /** The first version in which a group may be kept in two bits. */
  static final int INT2_VERSION = 5;

  /** Stands for the precision of a dropped group. */
  static final int DROPPED_CODE = 0;

  /** The bytes {@code CNCT} read as a little-endian int. */
  static final int MAGIC = 'C' | 'N' << 8 | 'C' << 16 | 'T' << 24;

  static final int FLAG_IDS = 1;
  static final int FLAG_PRIOR = 2;
  static final int FLAG_USERS = 4;

  /** Keeps every product of sizes within a long. */
  static final int MAX_DIM = 1 << 20;

  static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  static final ValueLayout.OfFloat FLOAT =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private ArtifactFormat() {}

  /** The first version that knows a precision. */
  static int versionOf(Precision precision) {
    return switch (precision) {
      case FP32, INT8 -> 1;
      case INT4 -> 2;
      case INT2 -> INT2_VERSION;
    };
  }

  /** The first version that knows a choice. */
  private static int versionOf(BlockChoice choice) {
    return choice.isDropped() ? DROPPED_VERSION : versionOf(choice.precision());
  }

  /** The version that a file is written in: the oldest, so that most readers have it. */
  static int versionOf(ElasticConfig config, CodedPriors priors, boolean hasUsers) {
    int version = hasUsers ? USERS_VERSION : OLDEST_VERSION;
    if (priors.present()) {
      version = Math.max(version, priors.areAllCoded(config.groups()) ? 2 : UNCODED_PRIORS_VERSION);
    }
    return config.choices().stream().mapToInt(ArtifactFormat::versionOf).reduce(version, Math::max);
  }

  /** The flags that a version may set. */
  static int knownFlags(int version) {
    if (version < 2) {
      return FLAG_IDS;
    }
    return FLAG_IDS | FLAG_PRIOR | (version < USERS_VERSION ? 0 : FLAG_USERS);
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
