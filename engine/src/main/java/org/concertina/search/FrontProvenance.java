package org.concertina.search;

import java.util.Objects;

/**
 * Where a front comes from.
 *
 * @param dataHash hash of the interactions that the model was trained on, in hexadecimal
 * @param modelHash hash of the model, in hexadecimal
 * @param seed seed of the search
 * @param engineVersion version of the engine that wrote it
 */
public record FrontProvenance(String dataHash, String modelHash, long seed, String engineVersion) {
  /** Validates. */
  public FrontProvenance {
    Objects.requireNonNull(dataHash, "dataHash");
    Objects.requireNonNull(modelHash, "modelHash");
    Objects.requireNonNull(engineVersion, "engineVersion");
  }
}
