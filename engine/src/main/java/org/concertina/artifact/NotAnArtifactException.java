package org.concertina.artifact;

import java.nio.file.Path;

/** Thrown when a file is something else than a device artifact. */
public final class NotAnArtifactException extends ArtifactFormatException {
  private static final long serialVersionUID = 1L;

  NotAnArtifactException(Path file, String field, Object expected, Object actual) {
    super(file, field, expected, actual, "give the path of a file that 'pack' has written");
  }
}
