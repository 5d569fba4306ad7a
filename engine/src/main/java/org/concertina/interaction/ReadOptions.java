package org.concertina.interaction;

import java.util.Objects;
import org.concertina.memory.MemoryCap;

/**
 * How interactions are read.
 *
 * @param validationShare share of each user's training items that is held out for validation, in
 *     [0, 1); only used when the directory has no validation file
 * @param seed of the hold-out
 * @param cap that the off-heap bytes are taken from: those of the data, and while reading also
 *     those of the parsed pairs
 */
public record ReadOptions(double validationShare, long seed, MemoryCap cap) {
  /** Checks the share's range. */
  public ReadOptions {
    if (!(validationShare >= 0 && validationShare < 1)) {
      throw new IllegalArgumentException(
          "validationShare: expected 0 <= share < 1, got " + validationShare);
    }
    Objects.requireNonNull(cap, "cap");
  }

  /** A tenth for validation, seed 1, no memory cap. */
  public static ReadOptions defaults() {
    return new ReadOptions(0.1, 1, MemoryCap.unlimited());
  }

  /** A copy with another validation share. */
  public ReadOptions withValidationShare(double newShare) {
    return new ReadOptions(newShare, seed, cap);
  }

  /** A copy with another seed. */
  public ReadOptions withSeed(long newSeed) {
    return new ReadOptions(validationShare, newSeed, cap);
  }

  /** A copy with another cap. */
  public ReadOptions withCap(MemoryCap newCap) {
    return new ReadOptions(validationShare, seed, newCap);
  }
}
