package org.concertina.search;

import java.io.IOException;
import java.nio.file.Path;

/** Thrown for a front file that cannot be used; the message names file, fault and remedy. */
public final class FrontFormatException extends IOException {
  private static final long serialVersionUID = 1L;

  /** An error about one field of a file. */
  public FrontFormatException(Path file, String fault, Throwable cause) {
    super("front file " + file + ": " + fault + "; write it again with the search", cause);
  }
}
