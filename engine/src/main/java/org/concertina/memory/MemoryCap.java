package org.concertina.memory;

import java.util.concurrent.atomic.AtomicLong;

/**
 * A budget of off-heap bytes that counts what is taken and refuses what does not fit.
 *
 * <p>Thread-safe. A "simulated device" is a runtime whose every segment comes from one cap.
 */
public final class MemoryCap {
  private final long limitBytes;
  private final AtomicLong usedBytes = new AtomicLong();
  private final AtomicLong peakBytes = new AtomicLong();

  private MemoryCap(long limitBytes) {
    this.limitBytes = limitBytes;
  }

  /**
   * A cap of so many bytes.
   *
   * @param limitBytes at least 0
   */
  public static MemoryCap ofBytes(long limitBytes) {
    if (limitBytes < 0) {
      throw new IllegalArgumentException("limitBytes: expected >= 0, got " + limitBytes);
    }
    return new MemoryCap(limitBytes);
  }

  /** A cap that counts and never refuses. */
  public static MemoryCap unlimited() {
    return new MemoryCap(Long.MAX_VALUE);
  }

  /**
   * Takes bytes from the cap.
   *
   * @param bytes at least 0
   * @param purpose named in the error when they do not fit
   * @throws MemoryCapExceededException if fewer bytes are left; nothing is taken then
   */
  public void reserve(long bytes, String purpose) {
    if (bytes < 0) {
      throw new IllegalArgumentException("bytes: expected >= 0, got " + bytes);
    }
    long used;
    do {
      used = usedBytes.get();
      if (bytes > limitBytes - used) {
        throw new MemoryCapExceededException(purpose, bytes, used, limitBytes);
      }
    } while (!usedBytes.compareAndSet(used, used + bytes));
    peakBytes.accumulateAndGet(used + bytes, Math::max);
  }

  /**
   * Gives bytes back that {@link #reserve} took.
   *
   * @param bytes at least 0
   * @throws IllegalStateException if fewer bytes are taken; nothing is given back then
   */
  public void release(long bytes) {
    if (bytes < 0) {
      throw new IllegalArgumentException("bytes: expected >= 0, got " + bytes);
    }
    long used;
    do {
      used = usedBytes.get();
      if (bytes > used) {
        throw new IllegalStateException(
            "released " + (bytes - used) + " bytes more than were reserved");
      }
    } while (!usedBytes.compareAndSet(used, used - bytes));
  }

  /** Bytes taken now. */
  public long usedBytes() {
    return usedBytes.get();
  }

  /** The most bytes that were ever taken at once. */
  public long peakBytes() {
    return peakBytes.get();
  }

  /** The cap; {@link Long#MAX_VALUE} when unlimited. */
  public long limitBytes() {
    return limitBytes;
  }
}
