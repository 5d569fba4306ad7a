package org.concertina.kernel;

import java.util.Set;

/**
 * System properties of the kernels, read once.
 *
 * @param provider {@code concertina.provider}: {@code auto}, {@code native}, {@code panama} or
 *     {@code scalar}
 * @param vectorBits {@code concertina.vectorBits}: 128, 256, 512, or 0 for the widest that the CPU
 *     prefers
 * @param nativeTier {@code concertina.native.tier}: the highest tier of the native kernels that may
 *     run, {@code v2}, {@code v3}, {@code v4} or {@code vnni} on x86-64 and {@code neon} on
 *     aarch64, or {@code best}
 */
public record RuntimeFlags(String provider, int vectorBits, String nativeTier) {
  private static final Set<String> PROVIDERS = Set.of("auto", "native", "panama", "scalar");
  private static final Set<String> TIERS = Set.of("best", "neon", "v2", "v3", "v4", "vnni");

  private static final RuntimeFlags CURRENT =
      new RuntimeFlags(
          System.getProperty("concertina.provider", "auto"),
          Integer.getInteger("concertina.vectorBits", 0),
          System.getProperty("concertina.native.tier", "best"));

  /** Validates. */
  public RuntimeFlags {
    if (vectorBits != 0 && vectorBits != 128 && vectorBits != 256 && vectorBits != 512) {
      throw new IllegalArgumentException(
          "-Dconcertina.vectorBits: expected 128, 256 or 512, got " + vectorBits);
    }
    if (!PROVIDERS.contains(provider)) {
      throw new IllegalArgumentException(
          "-Dconcertina.provider: expected auto, native, panama or scalar, got " + provider);
    }
    if (!TIERS.contains(nativeTier)) {
      throw new IllegalArgumentException(
          "-Dconcertina.native.tier: expected best, v2, v3, v4, vnni or neon, got " + nativeTier);
    }
  }

  /** The flags of this JVM. */
  public static RuntimeFlags current() {
    return CURRENT;
  }
}
