package org.concertina.train;

import java.io.IOException;

/**
 * Thrown for a model or checkpoint file that cannot be used; the message names file, fault and
 * remedy.
 */
public final class ModelFormatException extends IOException {
  private static final long serialVersionUID = 1L;

  /** An error with this message. */
  public ModelFormatException(String message) {
    super(message);
  }

  /** An error with this message and cause. */
  public ModelFormatException(String message, Throwable cause) {
    super(message, cause);
  }
}
