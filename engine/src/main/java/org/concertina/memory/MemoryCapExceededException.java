package org.concertina.memory;

/** Thrown when a reservation would take more bytes than a {@link MemoryCap} allows. */
public final class MemoryCapExceededException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /**
   * @param purpose what the bytes were wanted for
   * @param requestedBytes bytes asked for
   * @param usedBytes bytes already taken
   * @param limitBytes the cap
   */
  public MemoryCapExceededException(
      String purpose, long requestedBytes, long usedBytes, long limitBytes) {
    super(
        "memory cap: %s needs %,d bytes, but %,d of %,d are in use; raise the cap to at least %,d bytes"
            .formatted(
                purpose,
                requestedBytes,
                usedBytes,
                limitBytes,
                atLeast(usedBytes, requestedBytes)));
  }

  private static long atLeast(long usedBytes, long requestedBytes) {
    return requestedBytes > Long.MAX_VALUE - usedBytes
        ? Long.MAX_VALUE
        : usedBytes + requestedBytes;
  }
}
