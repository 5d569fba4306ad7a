package org.concertina.kernel.ffm;

import java.util.List;
import java.util.Locale;
import org.concertina.kernel.RuntimeFlags;

/** What a native kernel was compiled for; in ascending order on x86-64. */
enum NativeTier {
  /** aarch64, which always has NEON. */
  NEON("aarch64 NEON"),
  /** x86-64-v2, the baseline: SSE4.2. */
  V2("x86-64-v2"),
  /** x86-64-v3: AVX2 and FMA. */
  V3("x86-64-v3"),
  /** x86-64-v4: AVX-512. */
  V4("x86-64-v4"),
  /** x86-64-v4 with dot products and permutes of bytes: Ice Lake, Zen 4 and later. */
  VNNI("x86-64-v4 with VNNI and VBMI");

  private final String description;

  NativeTier(String description) {
    this.description = description;
  }

  /**
   * The tier that may run.
   *
   * @param best what {@code cnct_best_tier} returned
   * @param cap {@link RuntimeFlags#nativeTier}
   * @return null if none may: the processor is older than the baseline, or the cap is another
   *     architecture's
   */
  static NativeTier of(int best, String cap) {
    int highest = best - 1;
    if (highest < 0 || highest >= values().length) {
      return null;
    }
    NativeTier tier = values()[highest];
    if (cap.equals("best")) {
      return tier;
    }
    NativeTier limit = valueOf(cap.toUpperCase(Locale.ROOT));
    if ((limit == NEON) != (tier == NEON)) {
      return null;
    }
    return limit.compareTo(tier) < 0 ? limit : tier;
  }

  /** This tier and those below, whose kernels the processor runs too; highest first. */
  List<NativeTier> andBelow() {
    return switch (this) {
      case NEON -> List.of(NEON);
      case V2 -> List.of(V2);
      case V3 -> List.of(V3, V2);
      case V4 -> List.of(V4, V3, V2);
      case VNNI -> List.of(VNNI, V4, V3, V2);
    };
  }

  /** What follows the name of a kernel of this tier. */
  String suffix() {
    return "_" + shortName();
  }

  /** Such as {@code v3}. */
  String shortName() {
    return name().toLowerCase(Locale.ROOT);
  }

  @Override
  public String toString() {
    return description;
  }
}
