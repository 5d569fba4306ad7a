package org.concertina.artifact;

import java.nio.file.Path;

/**
 * Says what is wrong with a file.
 *
 * @param file named in every message
 * @param part put before the name of every field; empty for the items' part of the file
 */
record Faults(Path file, String part) {
  Faults(Path file) {
    this(file, "");
  }

  /** Says what is wrong with a part of the file whose fields are named like others. */
  Faults within(String other) {
    return new Faults(file, other);
  }

  ArtifactCorruptException corrupt(String field, Object expected, Object actual) {
    return new ArtifactCorruptException(file, part + field, expected, actual);
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
