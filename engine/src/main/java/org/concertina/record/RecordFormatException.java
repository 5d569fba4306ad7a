package org.concertina.record;

import java.io.IOException;
import java.nio.file.Path;

/** A line that is no record; the message names the file and the line. */
public final class RecordFormatException extends IOException {
  private static final long serialVersionUID = 1L;

  RecordFormatException(Path file, int line, String what) {
    super("%s:%d: %s".formatted(file, line, what));
  }
}
