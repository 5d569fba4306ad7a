package org.concertina.artifact;

import java.nio.file.Path;

/**
 * Says what is wrong with a file.
 *
 * @param file named in every message
 */
record Faults(Path file) {
  ArtifactCorruptException corrupt(String field, Object expected, Object actual) {
    return new ArtifactCorruptException(file, field, expected, actual);
  }

  void expectEqual(String field, long expected, long actual) throws ArtifactCorruptException {
    if (expected != actual) {
      throw corrupt(field, expected, actual);
    }
  }

  void expectRange(String field, long least, long most, long actual)
      throws ArtifactCorruptException {
    if (actual < least || actual > most) {
      throw corrupt(field, least + " to " + most, actual);
    }
  }

  void expectChecksum(String field, int stored, int computed) throws ArtifactCorruptException {
    if (stored != computed) {
      throw corrupt(
          field, "%08x (stored)".formatted(stored), "%08x (computed)".formatted(computed));
    }
  }

  void expectZero(String field, long firstNonZero) throws ArtifactCorruptException {
    if (firstNonZero >= 0) {
      throw corrupt(field, "zero bytes", "another value at byte " + firstNonZero);
    }
  }
}
