package org.concertina.artifact;

import java.nio.file.Path;

/** Thrown when an artifact has a version that this engine no longer reads. */
public final class ArtifactTooOldException extends ArtifactFormatException {
  private static final long serialVersionUID = 1L;

  ArtifactTooOldException(Path file, String field, Object expected, Object actual) {
    super(file, field, expected, actual, "export the artifact again with this engine");
  }
}
