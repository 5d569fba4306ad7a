package org.concertina.datasets.catalogue;

import java.io.IOException;

/** A file cannot be fetched, or is not what it should be; the message says what to do. */
public final class FetchException extends IOException {
  private static final long serialVersionUID = 1L;

  FetchException(String message) {
    super(message);
  }

  FetchException(String message, Throwable cause) {
    super(message, cause);
  }
}
