package org.concertina.artifact;

/**
 * Where an artifact comes from.
 *
 * @param dataHash hash of the interactions that the model was trained on
 * @param modelHash hash of the trained table and its settings
 * @param seed seed of the run
 * @param engineVersion version of the engine that wrote it, 1 to 16 characters of printable ASCII
 */
public record Provenance(long dataHash, long modelHash, long seed, String engineVersion) {
  /** Longest {@code engineVersion}. */
  public static final int ENGINE_VERSION_BYTES = 16;

  /** Validates. */
  public Provenance {
    if (!isEngineVersion(engineVersion)) {
      throw new IllegalArgumentException(
          "engineVersion: expected 1 to 16 characters of printable ASCII, got '"
              + engineVersion
              + "'");
    }
  }

  static boolean isEngineVersion(String text) {
    return !text.isEmpty()
        && text.length() <= ENGINE_VERSION_BYTES
        && text.chars().allMatch(c -> c > ' ' && c < 0x7f);
  }
}
