package org.concertina.artifact;

import java.io.IOException;
import java.nio.file.Path;

/**
 * Thrown when a file cannot be used as a device artifact; the message says which field, why, and
 * what to do.
 */
public class ArtifactFormatException extends IOException {
  private static final long serialVersionUID = 1L;

  private final String file;
  private final String field;

  ArtifactFormatException(Path file, String field, Object expected, Object actual, String remedy) {
    super("%s: %s: expected %s, got %s; %s".formatted(file, field, expected, actual, remedy));
    this.file = file.toString();
    this.field = field;
  }

  /** Path of the file. */
  public String file() {
    return file;
  }

  /** Name of the field that is wrong, as in the format's description. */
  public String field() {
    return field;
  }
}
