package org.concertina.interaction;

import java.io.IOException;
import java.nio.file.Path;

/**
 * Interactions that cannot be read as they are: the message names the file, the line, what stands
 * there, and what to do about it.
 */
public final class InteractionFormatException extends IOException {
  private static final long serialVersionUID = 1L;

  private final String file;
  private final long line;

  /**
   * Names the place.
   *
   * @param line from 1, or 0 if the fault is not in one line
   * @param problem what is there
   * @param remedy what to do about it
   */
  public InteractionFormatException(Path file, long line, String problem, String remedy) {
    this(file, line, problem, remedy, null);
  }

  /** Names the place and what led to it. */
  public InteractionFormatException(
      Path file, long line, String problem, String remedy, Throwable cause) {
    super(file + (line > 0 ? ", line " + line : "") + ": " + problem + "; " + remedy, cause);
    this.file = file.toString();
    this.line = line;
  }

  /** The file or directory at fault. */
  public String file() {
    return file;
  }

  /** The line at fault, counted from 1; 0 if the fault is not in one line. */
  public long line() {
    return line;
  }
}
