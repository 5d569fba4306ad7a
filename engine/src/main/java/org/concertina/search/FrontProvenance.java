package org.concertina.search;

import java.util.Objects;

/**
 * Where a front comes from.
 *
 * @param dataHash hash of the interactions that the model was trained on, in hexadecimal
 * @param modelHash hash of the model, in hexadecimal
 * @param settings hash of everything that decides what the search finds in that model, in
 *     hexadecimal; empty in fronts of engines that kept none
 * @param seed seed of the search
 * @param engineVersion version of the engine that wrote it
 */
public record FrontProvenance(
    String dataHash, String modelHash, String settings, long seed, String engineVersion) {
  /** Validates. */
  public FrontProvenance {
    Objects.requireNonNull(dataHash, "dataHash");
    Objects.requireNonNull(modelHash, "modelHash");
    Objects.requireNonNull(settings, "settings");
    Objects.requireNonNull(engineVersion, "engineVersion");
  }
}
