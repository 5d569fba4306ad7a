package org.concertina.artifact;

import java.nio.file.Path;

/** Thrown when bytes of an artifact are wrong or missing. */
public final class ArtifactCorruptException extends ArtifactFormatException {
  private static final long serialVersionUID = 1L;

  ArtifactCorruptException(Path file, String field, Object expected, Object actual) {
    super(file, field, expected, actual, "the file is damaged: copy or export it again");
  }
}
