package org.concertina.artifact;

import java.nio.file.Path;

/** Thrown when an artifact has a version or a feature that this engine does not know. */
public final class ArtifactTooNewException extends ArtifactFormatException {
  private static final long serialVersionUID = 1L;

  ArtifactTooNewException(Path file, String field, Object expected, Object actual) {
    super(
        file, field, expected, actual, "use a newer engine, or export the artifact with this one");
  }
}
