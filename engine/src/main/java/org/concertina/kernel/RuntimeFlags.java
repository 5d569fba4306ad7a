package org.concertina.kernel;

/**
 * System properties of the kernels, read once.
 *
 * @param provider {@code concertina.provider}: {@code auto}, {@code panama} or {@code scalar}
 * @param vectorBits {@code concertina.vectorBits}: 128, 256, 512, or 0 for the widest that the CPU
 *     prefers
 */
public record RuntimeFlags(String provider, int vectorBits) {
  private static final RuntimeFlags CURRENT =
      new RuntimeFlags(
          System.getProperty("concertina.provider", "auto"),
          Integer.getInteger("concertina.vectorBits", 0));

  /** Validates. */
  public RuntimeFlags {
    if (vectorBits != 0 && vectorBits != 128 && vectorBits != 256 && vectorBits != 512) {
      throw new IllegalArgumentException(
          "-Dconcertina.vectorBits: expected 128, 256 or 512, got " + vectorBits);
    }
    if (!provider.equals("auto") && !provider.equals("panama") && !provider.equals("scalar")) {
      throw new IllegalArgumentException(
          "-Dconcertina.provider: expected auto, panama or scalar, got " + provider);
    }
  }

  /** The flags of this JVM. */
  public static RuntimeFlags current() {
    return CURRENT;
  }
}
